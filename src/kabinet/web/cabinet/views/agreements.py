"""What people accept: the present version of each document, and every one that somebody accepted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.people.queries.documents import current_document, document

ROUTES = {"agreement": "cabinet:agreement", "consent": "cabinet:consent", "autopay": "cabinet:autopay_consent"}


@require_safe
def agreement(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return _show(request, "agreement", version)


@require_safe
def consent(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return _show(request, "consent", version)


@require_safe
def autopay_consent(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return _show(request, "autopay", version)


def _show(request: HttpRequest, kind: str, version: int | None) -> HttpResponse:
    current = current_document(kind)
    shown = current if version is None else document(kind, version)
    return render(
        request,
        "cabinet/document.html",
        {"document": shown, "current": current, "current_route": ROUTES[kind]},
    )
