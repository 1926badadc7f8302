"""Forgotten and changed passwords."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.common.errors import Refusal
from kabinet.people.adapters import account
from kabinet.people.queries import passwords
from kabinet.people.queries.resets import reset_by_link
from kabinet.people.usecases.ask_password_reset import ask_password_reset
from kabinet.people.usecases.change_password import change_password
from kabinet.people.usecases.reset_password import reset_password
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.people import NewPasswordForm, PasswordChangeForm, PasswordResetForm
from kabinet.web.cabinet.views.links import private_address, refused_link
from kabinet.web.cabinet.views.security import check_own_password


@never_cache
@require_http_methods(["GET", "POST"])
def ask_reset(request: HttpRequest) -> HttpResponse:
    form = PasswordResetForm(request.POST or None, now=request.now)
    if form.is_valid():
        try:
            ask_password_reset(
                email=form.cleaned_data["email"],
                robot_answer=form.given_answer,
                ip=request.visitor_address,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            request.session["reset_asked_for"] = form.cleaned_data["email"]
            return redirect("cabinet:password_reset_sent")
    return render(request, "cabinet/password_reset.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@never_cache
def reset_sent(request: HttpRequest) -> HttpResponse:
    email = request.session.get("reset_asked_for")
    if not email:
        return redirect("cabinet:password_reset")
    return render(request, "cabinet/password_reset_sent.html", {"email": email})


@sensitive_post_parameters()
@never_cache
@private_address
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a new password; nobody is signed in by that."""
    try:
        owner = reset_by_link(token, now=request.now).user
        form = NewPasswordForm(request.POST or None)
        if form.is_valid():
            reset_password(token=token, password=form.cleaned_data["password"], now=request.now)
            messages.success(request, _("Новый пароль сохранён. Войдите с ним."))
            _warn_of_common(request, form.cleaned_data["password"])
            return redirect("cabinet:sign_in")
    except Refusal as refusal:
        if refusal.code.startswith("link-"):
            return refused_link(request, refusal, "reset")
        form.refuse(refusal)
    hint = passwords.password_hint(passwords.password_policy(is_staff=owner.is_staff))
    return render(
        request,
        "cabinet/password_new.html",
        {"form": form, "password_hint": hint, "email": owner.email},
        status=422 if form.errors else 200,
    )


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    form = PasswordChangeForm(request.POST or None)
    if form.is_valid():
        try:
            check_own_password(request, form.cleaned_data["current_password"])
            user = change_password(password=form.cleaned_data["password"], actor=request.user, now=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            update_session_auth_hash(request, user)
            account.note_reauthentication(request)
            messages.success(request, _("Пароль изменён. Все остальные сеансы завершены."))
            _warn_of_common(request, form.cleaned_data["password"])
            return redirect("cabinet:security")
    hint = passwords.password_hint(passwords.password_policy(is_staff=request.user.is_staff))
    return render(
        request,
        "cabinet/password_change.html",
        {"form": form, "password_hint": hint},
        status=422 if form.errors else 200,
    )


def _warn_of_common(request: HttpRequest, password: str) -> None:
    if passwords.is_common_password(password):
        messages.warning(
            request, _("Такой пароль есть в списках самых частых, его подбирают первым. Лучше придумайте другой.")
        )
