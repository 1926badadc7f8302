"""What people accept when they register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.people.queries.documents import current_document


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    return render(request, "cabinet/document.html", {"document": current_document("agreement")})


@require_safe
def consent(request: HttpRequest) -> HttpResponse:
    return render(request, "cabinet/document.html", {"document": current_document("consent")})
