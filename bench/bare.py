"""The limit for a page: the same server and middleware, as many queries and as many bytes, and no thought."""

from functools import cache

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, Template


def bare(request: HttpRequest, queries: int, size: int) -> HttpResponse:
    """Look one row up by its key ``queries`` times and render a template of ``size`` bytes."""
    with connection.cursor() as cursor:
        for _ in range(queries):
            cursor.execute("SELECT id, name FROM suppliers_supplier WHERE id = %s", [1])
            row = cursor.fetchone()
    return HttpResponse(_template(size).render(Context({"row": row})))


@cache
def _template(size: int) -> Template:
    line = "<p>A line of a page, about as long as lines of pages are: {{ row.0 }}</p>\n"
    return Template(line * (size // len(line) + 1), engine=Engine())
