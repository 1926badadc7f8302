"""Which second factors somebody has."""

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from kabinet.people.models import User


@dataclass(frozen=True)
class Passkey:
    id: int
    name: str
    added_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True)
class SecondFactors:
    has_app: bool
    passkeys: list[Passkey]
    recovery_codes_left: int | None


def has_second_factor(user: User) -> bool:
    """Tell whether a sign-in with the password alone is not enough for this person."""
    return Authenticator.objects.filter(
        user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists()


def is_offered_second_factor(user: User) -> bool:
    """Tell whether a safer way to sign in may be offered: not to who has one, and not again to who said no."""
    return user.second_factor_declined_at is None and not has_second_factor(user)


def second_factors(user: User) -> SecondFactors:
    found = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = [factor for factor in found if factor.type == Authenticator.Type.RECOVERY_CODES]
    return SecondFactors(
        has_app=any(factor.type == Authenticator.Type.TOTP for factor in found),
        passkeys=[
            Passkey(factor.pk, factor.wrap().name, factor.created_at, factor.last_used_at)
            for factor in found
            if factor.type == Authenticator.Type.WEBAUTHN
        ],
        recovery_codes_left=len(codes[0].wrap().get_unused_codes()) if codes else None,
    )
