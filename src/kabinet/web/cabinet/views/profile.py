"""«Мои данные»: what people tell about themselves, and what they accepted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kabinet.common.errors import Refusal
from kabinet.people.queries.acceptances import acceptances_of, consent_of
from kabinet.people.rules.phones import shown_phone
from kabinet.people.usecases.save_profile import save_profile
from kabinet.support.usecases.withdraw_consent import withdraw_consent
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.people import OwnPasswordForm
from kabinet.web.cabinet.forms.profile import ProfileForm
from kabinet.web.cabinet.views.security import check_own_password


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, initial=_present(request))
    if form.is_valid():
        try:
            save_profile(actor=request.user, now=request.now, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Данные сохранены."))
            return redirect("cabinet:profile")
    return render(
        request,
        "cabinet/profile.html",
        {"form": form, "acceptances": acceptances_of(request.user), "consent": consent_of(request.user)},
        status=422 if form.errors else 200,
    )


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Say what follows from withdrawing the consent; then ask for the password."""
    consent = consent_of(request.user)
    if consent is None or consent.withdrawn_at:
        return redirect("cabinet:profile")
    form = OwnPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            check_own_password(request, form.cleaned_data["current_password"])
            withdraw_consent(actor=request.user, now=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Согласие отозвано. Служба поддержки получила просьбу удалить кабинет."))
            return redirect("cabinet:profile")
    return render(
        request,
        "cabinet/consent_withdraw.html",
        {"form": form, "consent": consent},
        status=422 if form.errors else 200,
    )


def _present(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    return {
        "surname": user.surname,
        "given_name": user.given_name,
        "patronymic": user.patronymic,
        "phone": shown_phone(user.phone),
        "language": user.language,
    }
