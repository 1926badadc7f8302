"""What everybody passes who enters the office: staff have a second factor before anything else there."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.people.queries.second_factor import has_second_factor


def second_factor_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lead staff without a second factor to where it is set up (security.md 2); who has one gave it at the door."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _is_staff_in_office(request) and not has_second_factor(request.user):
            messages.warning(
                request,
                _(
                    "Сотрудникам нужен второй шаг входа. Добавьте ключ доступа или подключите приложение с кодами, "
                    "и служебный раздел откроется."
                ),
            )
            return redirect("cabinet:security")
        return get_response(request)

    return middleware


def _is_staff_in_office(request: HttpRequest) -> bool:
    is_in_office = request.path_info.startswith(reverse("office:home"))
    return is_in_office and request.user.is_authenticated and (request.user.is_staff or request.user.is_superuser)
