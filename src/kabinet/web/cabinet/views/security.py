"""«Вход и безопасность»: address, second factors, sessions."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.common.errors import Refusal
from kabinet.people.adapters.account import device_token
from kabinet.people.queries.email_changes import change_by_link, change_by_undo_link, pending_change
from kabinet.people.queries.robot_check import RobotAnswer
from kabinet.people.queries.second_factor import second_factors
from kabinet.people.queries.sessions import sessions_of
from kabinet.people.usecases import end_sessions as sessions
from kabinet.people.usecases.ask_email_change import ask_email_change
from kabinet.people.usecases.check_credentials import CredentialsWrong, check_credentials
from kabinet.people.usecases.confirm_email_change import confirm_email_change
from kabinet.people.usecases.decline_second_factor import decline_second_factor
from kabinet.people.usecases.undo_email_change import undo_email_change
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.people import EmailChangeForm
from kabinet.web.cabinet.views.links import next_url, private_address, refused_link


class OwnPasswordWrong(Refusal):
    code = "password-wrong"
    field = "current_password"
    message = gettext_lazy("Пароль не подходит. Проверьте раскладку и регистр букв.")


def check_own_password(request: HttpRequest, password: str) -> None:
    """Ask for the password again before a sensitive step. Raises OwnPasswordWrong, TooManyTries and its kin."""
    try:
        check_credentials(
            email=request.user.email,
            password=password,
            robot_answer=RobotAnswer(),
            device_token=device_token(request),
            ip=request.visitor_address,
            now=request.now,
        )
    except CredentialsWrong as refusal:
        raise OwnPasswordWrong from refusal


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "cabinet/security.html",
        {
            "factors": second_factors(request.user),
            "sessions": sessions_of(request.user, current_key=request.session.session_key),
            "pending_email": pending_change(request.user, now=request.now),
        },
    )


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_email(request: HttpRequest) -> HttpResponse:
    form = EmailChangeForm(request.POST or None)
    if form.is_valid():
        try:
            check_own_password(request, form.cleaned_data["current_password"])
            ask_email_change(
                email=form.cleaned_data["email"], actor=request.user, ip=request.visitor_address, now=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                _("Мы отправили ссылку на %(email)s. Адрес сменится, когда Вы её откроете.")
                % {"email": form.cleaned_data["email"]},
            )
            return redirect("cabinet:security")
    return render(request, "cabinet/email_change.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@private_address
@require_http_methods(["GET", "POST"])
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the new mailbox: one button."""
    try:
        change = change_by_link(token, now=request.now)
        if request.method == "POST":
            confirm_email_change(token=token, now=request.now)
            messages.success(request, _("Адрес изменён. Войдите с новым адресом."))
            return redirect("cabinet:sign_in")
    except Refusal as refusal:
        return refused_link(request, refusal, "email")
    return render(request, "cabinet/email_confirm.html", {"change": change})


@never_cache
@private_address
@require_http_methods(["GET", "POST"])
def undo_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the old mailbox: one button."""
    try:
        change = change_by_undo_link(token, now=request.now)
        if request.method == "POST":
            undo_email_change(token=token, now=request.now)
            messages.success(
                request, _("Прежний адрес возвращён, все сеансы завершены. Ссылка для нового пароля — в письме.")
            )
            return redirect("cabinet:sign_in")
    except Refusal as refusal:
        return refused_link(request, refusal, "undo")
    return render(request, "cabinet/email_undo.html", {"change": change})


@signed_in
@require_POST
def decline_offer(request: HttpRequest) -> HttpResponse:
    """«Не сейчас»: back to the page that offered."""
    decline_second_factor(actor=request.user, now=request.now)
    return redirect(next_url(request) or settings.LOGIN_REDIRECT_URL)


@signed_in
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one session, or «Выйти везде»: all but this one."""
    one = request.POST.get("session_id", "")
    user = sessions.end_sessions(session_id=int(one) if one.isdecimal() else None, actor=request.user, now=request.now)
    if one:
        messages.success(request, _("Сеанс завершён."))
    else:
        update_session_auth_hash(request, user)
        messages.success(request, _("Все остальные сеансы завершены."))
    return redirect("cabinet:security")
