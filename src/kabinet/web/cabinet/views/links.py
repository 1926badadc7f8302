"""What pages behind mailed links share."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kabinet.common.errors import Refusal


def private_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Tell nobody the address of a page that has a token in it.

    Not ``no-referrer``: with it browsers say ``Origin: null`` even to us, and the form's token is refused.
    """

    @functools.wraps(view)
    def silent(*args: object, **kwargs: object) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return silent


def refused_link(request: HttpRequest, refusal: Refusal, purpose: str) -> HttpResponse:
    """Say why a link does not work and what to do instead.

    purpose  ``confirmation``, ``registration`` and ``sign_in`` («Это не я»), ``reset``, ``email``, ``undo``
    """
    return render(request, "cabinet/link_refused.html", {"refusal": refusal, "purpose": purpose}, status=410)
