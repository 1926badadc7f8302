"""How payments fare, for operators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.payments.queries.health import health
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office


@office("health", rights.SEE_HEALTH)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "office/health.html", {"health": health(request.now, visible_to=request.user)})
