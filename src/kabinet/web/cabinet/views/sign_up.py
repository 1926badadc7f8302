"""«Регистрация»."""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.common.errors import Refusal
from kabinet.people.adapters.account import device_token, with_device
from kabinet.people.queries import passwords
from kabinet.people.usecases.register_cabinet import register_cabinet
from kabinet.web.cabinet.forms.people import SignUpForm


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@with_device
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = SignUpForm(request.POST or None, now=request.now)
    if form.is_valid():
        given = form.cleaned_data
        try:
            valid_until = register_cabinet(
                email=given["email"],
                password=given["password"],
                consents=given["consents"],
                robot_answer=form.given_answer,
                device_token=device_token(request),
                ip=request.visitor_address,
                language=get_language() or settings.LANGUAGE_CODE,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            request.session["registered"] = {
                "email": given["email"],
                "valid_until": valid_until.isoformat(),
                "has_common_password": passwords.is_common_password(given["password"]),
            }
            return redirect("cabinet:sign_up_done")
    hint = passwords.password_hint(passwords.password_policy(is_staff=False))
    return render(
        request, "cabinet/sign_up.html", {"form": form, "password_hint": hint}, status=422 if form.errors else 200
    )


@require_safe
@never_cache
def done(request: HttpRequest) -> HttpResponse:
    """Say that the cabinet is made and waits for its link; the same whether the address was known or not."""
    registered = request.session.get("registered")
    if registered is None:
        return redirect("cabinet:sign_up")
    registered = registered | {"valid_until": dt.date.fromisoformat(registered["valid_until"])}
    return render(request, "cabinet/sign_up_done.html", {"registered": registered})
