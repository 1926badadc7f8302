"""Registrations that wait for their link."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from kabinet.common.errors import NotFound
from kabinet.people.models import Registration
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkUsed, claim_of, is_ours, why_not
from kabinet.people.queries.sign_in import device_hash
from kabinet.people.rules.links import LinkKind, same, token_hash


@dataclass(frozen=True)
class WaitingCabinet:
    """What the screens of an unconfirmed cabinet show."""

    registration_id: int
    email: str
    valid_until: dt.date


def waiting_cabinet(registration_id: int, *, now: dt.datetime) -> WaitingCabinet:
    """Give a registration that may still be confirmed. Raises NotFound."""
    registration = _waiting(now).filter(pk=registration_id).first()
    if registration is None:
        raise NotFound
    return WaitingCabinet(registration.pk, registration.email, registration.valid_until)


def latest_waiting(email_canonical: str, device_token: str, *, now: dt.datetime) -> Registration | None:
    """Give the registration against which a password is compared at sign-in: this browser's own, else the newest.

    One and no more, so that a sign-in costs one hash whatever is behind the address.
    """
    waiting = list(_waiting(now).filter(email_canonical=email_canonical).order_by("-id")[:20])
    own = [registration for registration in waiting if is_own_browser(registration, device_token)]
    return next(iter(own or waiting), None)


def registration_by_link(token: str, *, now: dt.datetime) -> Registration:
    """Give the registration that a confirmation link belongs to.

    Raises LinkForeign, LinkOld (also when the cabinet was deleted), LinkReplaced, LinkUsed.
    """
    parts = claim_of(token, LinkKind.CONFIRMATION)
    registration = Registration.objects.filter(pk=parts.row_id).first()
    if registration is None:
        raise LinkOld if is_ours(token, parts) else LinkForeign
    if not same(token_hash(token), registration.token_hash):
        raise why_not(token, parts)
    if registration.confirmed_at or registration.disowned_at:
        raise LinkUsed
    if now >= registration.expires_at:
        raise LinkOld
    return registration


def is_own_browser(registration: Registration, device_token: str) -> bool:
    """Tell whether this is the browser in which the registration was made."""
    return bool(device_token) and same(registration.browser_hash, device_hash(device_token))


def _waiting(now: dt.datetime) -> QuerySet[Registration]:
    return Registration.objects.filter(confirmed_at=None, disowned_at=None, expires_at__gt=now)
