"""The limit for a page: what Django itself costs for a private page of as many queries and as many bytes.

A fair bare view, not an empty one. It passes the same middleware; it is signed in, and like any private page it reads
``request.user``, which takes the session and the user from the database; its other queries are look-ups of one row by
key with the ORM; and it renders through the project's own template engine, context processors included, a template
of the page's size with one variable on each line of some 70 bytes. It decides nothing and has no components, forms,
formatting or words to translate: that is what a real page adds, and what the ratio to it shows.
"""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines

from kabinet.accounts.models import Account

QUERIES_OF_SIGNING_IN = 2
"""The session and the user."""
BYTES_OF_A_LINE = 70
"""As it is answered, with the number of an account in the place of the variable."""


@login_required
def bare(request: HttpRequest, queries: int, size: int) -> HttpResponse:
    """Make ``queries`` queries in all and answer with some ``size`` bytes."""
    rows = [Account.objects.get(id=number) for number in range(1, queries - QUERIES_OF_SIGNING_IN + 1)]
    return HttpResponse(_template(size).render({"row": rows[-1]}, request))


@cache
def _template(size: int) -> Any:
    line = "<p>A line of a page, about as long as they usually are: {{ row.number }}</p>\n"
    return engines["django"].from_string(line * round(size / BYTES_OF_A_LINE))
