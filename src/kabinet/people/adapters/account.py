"""allauth's account part, told how people sign in here."""

import functools
import secrets
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, perform_login, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.models import Login
from allauth.account.stages import LoginStage, LoginStageController
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.facts import SecondFactorChanged
from kabinet.people.models import User
from kabinet.people.queries.robot_check import RobotAnswer
from kabinet.people.queries.sign_in import is_known_device
from kabinet.people.rules.passwords import ORIGIN
from kabinet.people.usecases.ask_device_code import ask_device_code
from kabinet.people.usecases.check_credentials import check_credentials
from kabinet.people.usecases.remember_device import remember_device

DEVICE_COOKIE = "__Host-device" if settings.IS_SECURE else "device"
DEVICE_COOKIE_AGE_S = 400 * 24 * 3600
_DEVICE_SALT = "kabinet.people.device"


def device_token(request: HttpRequest) -> str:
    """Give what the browser's device cookie says; for a browser without one, what its cookie is about to say.

    A cookie that we did not sign says nothing. Views that need a device stand behind ``with_device``.
    """
    said = request.get_signed_cookie(DEVICE_COOKIE, default="", salt=_DEVICE_SALT)
    return str(said or getattr(request, "new_device_token", ""))


def with_device(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a browser its device cookie when it has none."""

    @functools.wraps(view)
    def knowing_device(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not device_token(request):
            request.new_device_token = secrets.token_urlsafe(32)
        response = view(request, *args, **kwargs)
        if token := getattr(request, "new_device_token", ""):
            response.set_signed_cookie(
                DEVICE_COOKIE,
                token,
                salt=_DEVICE_SALT,
                max_age=DEVICE_COOKIE_AGE_S,
                secure=settings.IS_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return knowing_device


def sign_in(request: HttpRequest, user: User, *, method: str, next_url: str | None = None) -> HttpResponse:
    """Take somebody through what is left of a sign-in: second factor, code from the mailbox, session.

    method    ``password``, or ``registration`` for whoever just pressed the link of a registration
    next_url  a local address to go to afterwards; the caller has checked that it is local
    """
    record_authentication(request, user, method=method)
    return perform_login(request, Login(user=user, redirect_url=next_url))


def sign_out(request: HttpRequest) -> None:
    """End the session, or a sign-in that was left half-way."""
    logout(request, show_message=False)


def note_reauthentication(request: HttpRequest) -> None:
    """Remember that the password was given again just now."""
    reauthenticate_by_password(request)


def device_code_stage(request: HttpRequest) -> LoginStage | None:
    """Give the sign-in that waits for its mailed code in this session, if there is one."""
    return NewDeviceStage.pending(request)


class NewDeviceStage(LoginStage):
    """Under the origin policy a password alone does not do from a new device: a mailed code is asked as well."""

    key = "new_device"
    urlname = "cabinet:device_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not self._is_code_needed():
            return None, True
        self.send_code()
        return redirect(self.urlname), True

    def send_code(self) -> None:
        self.state["device_code_id"] = ask_device_code(user=self.login.user, now=self.request.now)

    def _is_code_needed(self) -> bool:
        methods = {record["method"] for record in get_authentication_records(self.request, self.login.user)}
        return (
            ORIGIN.name == settings.PASSWORD_POLICY
            and methods == {"password"}
            and not is_known_device(self.login.user, device_token(self.request))
        )

    @classmethod
    def pending(cls, request: HttpRequest) -> LoginStage | None:
        return LoginStageController.enter(request, cls.key)


class AccountAdapter(DefaultAccountAdapter):
    """Registration, letters and the check of passwords are ours; sessions, stages and second factors are allauth's."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": _("Пароль не подходит. Проверьте раскладку и регистр букв."),
        "too_many_login_attempts": _("Слишком много неудачных попыток. Подождите пять минут и попробуйте снова."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage", f"{__name__}.NewDeviceStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        return request.visitor_address or "0.0.0.0"  # noqa: S104 - an unknown address, as the column wants one

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check the password again, with the counters of the door. Raises ValidationError while one has to wait."""
        request = self.request
        try:
            entrant = check_credentials(
                email=user.email,
                password=password,
                robot_answer=RobotAnswer(),
                device_token=device_token(request),
                ip=request.visitor_address,
                now=request.now,
            )
        except Refusal as refusal:
            if refusal.code == "credentials-wrong":
                return False
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        return entrant.user == user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        records = get_authentication_records(request, user)
        if token := device_token(request):
            remember_device(
                user=user,
                device_token=token,
                user_agent=request.META.get("HTTP_USER_AGENT", ""),
                is_told=not any(record["method"] == "registration" for record in records),
                now=request.now,
            )
        return response

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what allauth says, but no greeting at each sign-in and sign-out."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Record that a second factor changed; the letter follows from the fact, the audit entry from the signal."""
        with transaction.atomic():
            change = template_prefix.rsplit("/", 1)[-1]
            outbox.record(SecondFactorChanged(user_id=user.pk, change=change))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotImplementedError(f"{template_prefix}: letters leave from the worker, see kabinet.letters")
