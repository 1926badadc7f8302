"""What pages behind mailed links share, and where a form leads on."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

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


def next_url(request: HttpRequest) -> str:
    """Give the page that was asked for before, if it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if is_ours else ""
