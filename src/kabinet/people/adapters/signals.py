"""Where allauth's signals are heard, and nowhere else: for the audit trail, and for a session to know its beginning."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from kabinet.audit import operations as audit
from kabinet.people.models import User


def _note(action: str, request: HttpRequest, user: User | None, **details: Any) -> None:
    with transaction.atomic():
        audit.note(action=action, actor=user, now=request.now, details=details)


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session["started_at"] = request.session["seen_at"] = request.now.isoformat()
    methods = [record["method"] for record in request.session.get("account_authentication_methods", [])]
    _note("sign-in.done", request, user, methods=methods)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _note("sign-out.done", request, user)


@receiver(authentication_failed)
def second_factor_refused(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _note("second-factor.refused", request, user)


@receiver(authenticator_added)
def second_factor_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _note("second-factor.added", request, user, type=authenticator.type)


@receiver(authenticator_removed)
def second_factor_removed(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _note("second-factor.removed", request, user, type=authenticator.type)


@receiver(authenticator_reset)
def second_factor_reset(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _note("second-factor.reset", request, user, type=authenticator.type)
