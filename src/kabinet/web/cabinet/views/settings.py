"""«Настройки»: the list of accounts, sign-in, language and looks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.web.cabinet.access import signed_in


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "cabinet/settings.html")
