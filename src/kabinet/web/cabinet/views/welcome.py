"""The first screen of a new cabinet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.web.cabinet.access import signed_in


@signed_in
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "cabinet/welcome.html")
