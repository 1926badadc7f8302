"""«Мои данные»: what people tell about themselves."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.common.errors import Refusal
from kabinet.people.rules.phones import shown_phone
from kabinet.people.usecases.save_profile import save_profile
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.profile import ProfileForm


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
    return render(request, "cabinet/profile.html", {"form": form}, status=422 if form.errors else 200)


def _present(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    return {
        "surname": user.surname,
        "given_name": user.given_name,
        "patronymic": user.patronymic,
        "phone": shown_phone(user.phone),
        "language": user.language,
    }
