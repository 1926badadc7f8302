"""Money that goes back: which accounts give how much of it, how a refund moves on, when it needs two people."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.money import ZERO, split_in_proportion
from kabinet.payments.rules.schedule import next_check_at
from kabinet.payments.rules.states import (
    REFUND_ASKED,
    REFUND_DONE,
    REFUND_FAILED,
    REFUND_INTENDED,
    REFUND_PENDING,
)

#: Why a refund that was made by hand counts as not made: nothing is left for it.
DOES_NOT_FIT = "does_not_fit"
_RANK = {REFUND_ASKED: 0, REFUND_INTENDED: 1, REFUND_PENDING: 2, REFUND_FAILED: 3, REFUND_DONE: 4}
#: For so long a pending refund is asked about hourly; after that daily.
_PENDING_LIFE = dt.timedelta(days=1)


@dataclass(frozen=True)
class Parts:
    """What a sum that goes back is taken from: shares (id, part), the payer's commission, nothing of ours."""

    shares: tuple[tuple[int, Decimal], ...]
    commission_rub: Decimal
    unshared_rub: Decimal


def take_back(amount_rub: Decimal, shares_left: Sequence[tuple[int, Decimal]], commission_left_rub: Decimal) -> Parts:
    """Say what a sum is taken from: the shares in proportion to what is left of them, then the payer's commission.

    shares_left  (share's id, what is left of it); the order decides which gets a last kopeck

    The commission was the price of a payment that did take place: it goes back when nothing else is left.
    Source: docs/adr/0085.
    """
    from_shares_rub = min(amount_rub, sum((left_rub for _, left_rub in shares_left), ZERO))
    from_commission_rub = min(amount_rub - from_shares_rub, commission_left_rub)
    parts: list[Decimal] = []
    if from_shares_rub:
        parts = split_in_proportion(from_shares_rub, [left_rub for _, left_rub in shares_left])
    return Parts(
        shares=tuple(
            (share_id, part_rub) for (share_id, _), part_rub in zip(shares_left, parts, strict=False) if part_rub
        ),
        commission_rub=from_commission_rub,
        unshared_rub=amount_rub - from_shares_rub - from_commission_rub,
    )


def refund_may_become(present: str, told: str) -> bool:
    """Tell whether what a gateway says moves a refund on. One that we gave up and that was made after all is done."""
    return _RANK[told] > _RANK[present]


def next_refund_check_at(*, intended_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Say when to ask about a refund next; None: it is a person's turn. The schedule is that of payments."""
    return next_check_at(created_at=intended_at, expires_at=intended_at + _PENDING_LIFE, now=now)


def needs_two_people(amount_rub: Decimal, *, alone_before_rub: Decimal, limit_rub: Decimal) -> bool:
    """Tell whether a refund waits for a second person: what one alone gives back of a payment stays in the limit.

    alone_before_rub  what has been given back of the same payment without a second person
    """
    return alone_before_rub + amount_rub > limit_rub
