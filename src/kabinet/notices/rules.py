"""To whom a notice goes: plain values in and out."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Audience:
    """Which of a supplier's open accounts a notice is for; what is left out narrows nothing.

    locality, street       a part of the name, however «е» and «ё» and capitals are written
    owes_from_rub          accounts that owe so much, all services together
    verification_until     accounts with a meter whose verification ends by this day, or has ended
    unread_since           accounts with a meter that nobody has read since this day
    """

    locality: str = ""
    street: str = ""
    owes_from_rub: Decimal | None = None
    verification_until: dt.date | None = None
    unread_since: dt.date | None = None

    @property
    def is_everybody(self) -> bool:
        return self == Audience()

    def as_json(self) -> dict[str, Any]:
        """Give what is stored: only what narrows it."""
        return {name: str(value) for name, value in asdict(self).items() if value not in ("", None)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Audience":
        """Read what `as_json` has given."""
        owes, verification, unread = (
            stored.get(name) for name in ("owes_from_rub", "verification_until", "unread_since")
        )
        return cls(
            locality=stored.get("locality", ""),
            street=stored.get("street", ""),
            owes_from_rub=Decimal(owes) if owes else None,
            verification_until=dt.date.fromisoformat(verification) if verification else None,
            unread_since=dt.date.fromisoformat(unread) if unread else None,
        )


def as_part(text: str) -> str:
    """Give a pattern for LIKE that finds a text anywhere: capitals and «ё» aside, its own signs of LIKE as signs."""
    plain = text.strip().lower().replace("ё", "е")
    for sign in ("\\", "%", "_"):
        plain = plain.replace(sign, f"\\{sign}")
    return f"%{plain}%"
