"""What can have happened to people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConfirmationLinkAsked:
    """Somebody registered, or pressed «Выслать ссылку»: the link of this version goes out."""

    registration_id: int
    version: int


@dataclass(frozen=True)
class StaffInvited:
    """Somebody is offered a role: the link of this version goes out."""

    invitation_id: int
    version: int


@dataclass(frozen=True)
class StaffRoleGiven:
    """Somebody has become staff, or has one more role: those who may take it away are told."""

    invitation_id: int


@dataclass(frozen=True)
class KnownAddressRegistered:
    """Somebody registered an address whose cabinet is there already: its owner is told."""

    user_id: int


@dataclass(frozen=True)
class CabinetConfirmed:
    user_id: int


@dataclass(frozen=True)
class RegistrationDisowned:
    registration_id: int


@dataclass(frozen=True)
class ConsentWithdrawn:
    user_id: int
    acceptance_id: int


@dataclass(frozen=True)
class DeviceCodeAsked:
    device_code_id: int


@dataclass(frozen=True)
class SignedInFromNewDevice:
    device_id: int


@dataclass(frozen=True)
class PasswordResetAsked:
    password_reset_id: int


@dataclass(frozen=True)
class PasswordChanged:
    user_id: int


@dataclass(frozen=True)
class EmailChangeAsked:
    email_change_id: int


@dataclass(frozen=True)
class EmailChanged:
    email_change_id: int


@dataclass(frozen=True)
class EmailChangeUndone:
    email_change_id: int


@dataclass(frozen=True)
class SecondFactorChanged:
    """change: as allauth calls it, such as ``totp_activated`` or ``webauthn_removed``; ``forgotten``: by support."""

    user_id: int
    change: str
