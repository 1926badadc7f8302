"""What letters about people say: read when a letter is written, so that a late letter says what is true then."""

import datetime as dt
from dataclasses import dataclass

from kabinet.people.models import DeviceCode, EmailChange, KnownDevice, PasswordReset, Registration, User
from kabinet.people.queries.links import link_token, mailed_code
from kabinet.people.queries.sessions import browser_name
from kabinet.people.rules.links import LinkKind


@dataclass(frozen=True)
class Addressee:
    email: str
    language: str


@dataclass(frozen=True)
class ConfirmationLetter:
    to: Addressee
    token: str
    not_me_token: str
    valid_until: dt.date


@dataclass(frozen=True)
class LinkLetter:
    """A letter with one link."""

    to: Addressee
    token: str
    expires_at: dt.datetime
    other_email: str = ""


@dataclass(frozen=True)
class CodeLetter:
    to: Addressee
    code: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class DeviceLetter:
    to: Addressee
    token: str
    device: str
    at: dt.datetime


def addressee(user_id: int) -> Addressee | None:
    """Give whom to write to; None when the person is gone."""
    user = User.objects.filter(pk=user_id).first()
    return Addressee(user.email, user.language) if user else None


def confirmation_letter(registration_id: int, version: int) -> ConfirmationLetter | None:
    """Give the letter with the link of one version; None when nothing waits for it any more."""
    registration = Registration.objects.filter(
        pk=registration_id, version=version, confirmed_at=None, disowned_at=None
    ).first()
    if registration is None:
        return None
    return ConfirmationLetter(
        to=Addressee(registration.email, registration.language),
        token=link_token(LinkKind.CONFIRMATION, registration.pk, version),
        not_me_token=link_token(LinkKind.NOT_MY_REGISTRATION, registration.pk, version),
        valid_until=registration.valid_until,
    )


def password_reset_letter(password_reset_id: int) -> LinkLetter | None:
    """Give the letter of a reset; None when the link is used or void already."""
    reset = (
        PasswordReset.objects.select_related("user").filter(pk=password_reset_id, used_at=None, voided_at=None).first()
    )
    if reset is None:
        return None
    return LinkLetter(
        to=Addressee(reset.user.email, reset.user.language),
        token=link_token(LinkKind.PASSWORD_RESET, reset.pk),
        expires_at=reset.expires_at,
    )


def device_code_letter(device_code_id: int) -> CodeLetter | None:
    """Give the letter with a code; None when it was used already."""
    code = DeviceCode.objects.select_related("user").filter(pk=device_code_id, used_at=None).first()
    if code is None:
        return None
    return CodeLetter(Addressee(code.user.email, code.user.language), mailed_code(code.pk), code.expires_at)


def new_device_letter(device_id: int) -> DeviceLetter | None:
    device = KnownDevice.objects.select_related("user").filter(pk=device_id, forgotten_at=None).first()
    if device is None:
        return None
    return DeviceLetter(
        to=Addressee(device.user.email, device.user.language),
        token=link_token(LinkKind.NOT_MY_SIGN_IN, device.pk),
        device=browser_name(device.user_agent),
        at=device.first_seen_at,
    )


def email_change_letter(email_change_id: int) -> LinkLetter | None:
    """Give the letter to the new address; None when the link is used or void already."""
    change = (
        EmailChange.objects.select_related("user").filter(pk=email_change_id, confirmed_at=None, voided_at=None).first()
    )
    if change is None:
        return None
    return LinkLetter(
        to=Addressee(change.new_email, change.user.language),
        token=link_token(LinkKind.EMAIL_CHANGE, change.pk),
        expires_at=change.expires_at,
        other_email=change.old_email,
    )


def email_changed_letter(email_change_id: int) -> LinkLetter | None:
    """Give the letter to the old address; None when the change was undone already."""
    change = EmailChange.objects.select_related("user").filter(pk=email_change_id, undone_at=None).first()
    if change is None or change.undo_until is None:
        return None
    return LinkLetter(
        to=Addressee(change.old_email, change.user.language),
        token=link_token(LinkKind.EMAIL_UNDO, change.pk),
        expires_at=change.undo_until,
        other_email=change.new_email,
    )
