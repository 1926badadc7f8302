"""What letters about people say: read when a letter is written, so that a late letter says what is true then."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kabinet.people.models import DeviceCode, EmailChange, Invitation, KnownDevice, PasswordReset, Registration, User
from kabinet.people.queries.invitations import place_name
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


@dataclass(frozen=True)
class InvitationLetter:
    to: Addressee
    token: str
    role: str
    place: str
    invited_by: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class RoleGivenLetter:
    """to: those who offered and confirmed the role."""

    to: Sequence[Addressee]
    name: str
    role: str
    place: str


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


def invitation_letter(invitation_id: int, version: int) -> InvitationLetter | None:
    """Give the letter with the link of one version; None when nothing waits for it any more."""
    waiting = Invitation.objects.filter(pk=invitation_id, version=version, accepted_at=None, withdrawn_at=None)
    invitation = waiting.select_related("supplier", "invited_by").first()
    if invitation is None or invitation.expires_at is None:
        return None
    return InvitationLetter(
        to=Addressee(invitation.email, invitation.language),
        token=link_token(LinkKind.INVITATION, invitation.pk, version),
        role=str(invitation.get_role_display()),
        place=place_name(invitation),
        invited_by=invitation.invited_by.get_full_name() or invitation.invited_by.email,
        expires_at=invitation.expires_at,
    )


def role_given_letter(invitation_id: int) -> RoleGivenLetter | None:
    """Give the letter to those who gave a role; None when its holder is gone."""
    invitation = (
        Invitation.objects.select_related("supplier", "invited_by", "confirmed_by", "user")
        .filter(pk=invitation_id, user__isnull=False)
        .first()
    )
    if invitation is None or invitation.user is None:
        return None
    givers = [user for user in (invitation.invited_by, invitation.confirmed_by) if user and user.is_active]
    return RoleGivenLetter(
        to=[Addressee(user.email, user.language) for user in givers],
        name=invitation.user.get_full_name() or invitation.user.email,
        role=str(invitation.get_role_display()),
        place=place_name(invitation),
    )
