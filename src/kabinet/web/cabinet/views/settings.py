"""«Настройки»: the list of accounts, letters, sign-in, language and looks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kabinet.notices import queries as notices
from kabinet.notices.usecases.choose_letters import choose_letters
from kabinet.web.cabinet.access import signed_in


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "cabinet/settings.html", {"declines_letters": notices.declines_letters(request.user.pk)})


@signed_in
@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """Switch letters of suppliers on or off."""
    wanted = request.POST.get("wanted") == "yes"
    choose_letters(wanted=wanted, actor=request.user, now=request.now)
    messages.success(
        request,
        _("Сообщения поставщиков будут приходить письмом.")
        if wanted
        else _("Писем с сообщениями поставщиков не будет, кроме тех, которых требует закон."),
    )
    return redirect("cabinet:settings")
