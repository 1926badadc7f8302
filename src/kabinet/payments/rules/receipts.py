"""Cheques: how a part of a payment becomes lines, and how often a refused one is tried again."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.money import ZERO, split_in_proportion

DEBT, ADVANCE, FEE = "debt", "advance", "fee"

_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (10, 60, 6 * 60, 24 * 60))
MOST_ATTEMPTS = len(_PAUSES) + 1
#: A cash register answers within minutes; one that has not for this long is a person's business.
GIVE_UP_AFTER = dt.timedelta(days=5)


@dataclass(frozen=True)
class Terms:
    """How a line is written: codes and words of the gateway's specification."""

    vat_code: int
    payment_subject: str
    payment_mode: str


def cases(amount_rub: Decimal, owed_rub: Decimal) -> list[tuple[str, Decimal]]:
    """Split what goes to a service into the part that pays charges and the advance; no part of zero."""
    debt_rub = min(amount_rub, max(owed_rub, ZERO))
    return [(case, part) for case, part in ((DEBT, debt_rub), (ADVANCE, amount_rub - debt_rub)) if part]


def taken_back(amount_rub: Decimal, lines_rub: list[Decimal]) -> list[Decimal]:
    """Say how much of each line of a cheque is undone when a part of their sum goes back: in proportion, exactly.

    lines_rub  what is left of each line: by its whole sum, several small refunds would undo more of a line than it had
    """
    return split_in_proportion(amount_rub, lines_rub)


def pause_after(attempt: int) -> dt.timedelta | None:
    """Say how long to wait after a refused attempt, counted from 1; None: no more of them."""
    return _PAUSES[attempt - 1] if attempt < MOST_ATTEMPTS else None


def next_look_at(*, since: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Say when to look at a cheque next that is being registered: after a minute, then ever more slowly; then never."""
    age = now - since
    if age >= GIVE_UP_AFTER:
        return None
    return now + min(max(age, dt.timedelta(minutes=1)), dt.timedelta(hours=6))
