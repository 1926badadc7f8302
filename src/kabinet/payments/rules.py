"""Calculations of payments: ranks of states, sums, the schedule of the poll. No Django here."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.money import ZERO, round_to_kopeck

INTENDED, OPEN, HELD, FAILED, PAID = "intended", "open", "held", "failed", "paid"
RANK = {INTENDED: 0, OPEN: 1, HELD: 2, FAILED: 3, PAID: 4}
UNSETTLED = (INTENDED, OPEN, HELD)

REFUND_ASKED, REFUND_INTENDED, REFUND_PENDING, REFUND_DONE, REFUND_FAILED = (
    "asked",
    "intended",
    "pending",
    "done",
    "failed",
)
REFUND_STATES = (REFUND_ASKED, REFUND_INTENDED, REFUND_PENDING, REFUND_DONE, REFUND_FAILED)
RECEIPT_INTENDED, RECEIPT_PENDING, RECEIPT_DONE, RECEIPT_FAILED = "intended", "pending", "done", "failed"
RECEIPT_STATES = (RECEIPT_INTENDED, RECEIPT_PENDING, RECEIPT_DONE, RECEIPT_FAILED)

#: A gateway forgets a key after 24 h; the hour between is for its clock and for a request on its way.
KEY_LIFE = dt.timedelta(hours=23)
#: An unpaid payment is canceled by the gateway after about an hour.
PAYMENT_LIFE = dt.timedelta(hours=1)
GIVE_UP_AFTER = dt.timedelta(days=30)
#: A second payment of one account within this time of the first is asked about.
RECENT = dt.timedelta(minutes=15)
#: However often somebody rings about a payment, the gateway is asked no more than once in this time.
RING_PAUSE = dt.timedelta(seconds=5)

FIRST_CHECK = _OFTEN = dt.timedelta(seconds=20)
_OFTEN_UNTIL = dt.timedelta(minutes=15)
_THEN = tuple(dt.timedelta(minutes=minutes) for minutes in (21, 34, 55))
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True)
class Quote:
    """amount_rub, what the payer gives = shared_rub, what the account gets + commission_rub."""

    shared_rub: Decimal
    commission_rub: Decimal

    @property
    def amount_rub(self) -> Decimal:
        return self.shared_rub + self.commission_rub


def quote(shared_rub: Decimal, commission_percent: Decimal) -> Quote:
    """Put the payer's commission on top of what the account gets: 3.5 % of 1000.00 is 35.00."""
    return Quote(shared_rub=shared_rub, commission_rub=round_to_kopeck(shared_rub * commission_percent / 100))


def may_become(present: str, told: str) -> bool:
    """Tell whether what a gateway says moves a payment on: a state of a lower rank is a late answer."""
    return RANK[told] > RANK[present]


def next_check_at(*, created_at: dt.datetime, expires_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Say when to ask the gateway next about a payment that is not settled; None: it is a person's turn.

    Every 20 s to the age of 15 min, then at 21, 34, 55 min, then hourly to an hour past its expiry, then daily for
    30 days.
    """
    age, hourly_until = now - created_at, expires_at + _HOUR - created_at
    if age < _OFTEN_UNTIL:
        following = (age // _OFTEN + 1) * _OFTEN
    elif later := [step for step in _THEN if step > age]:
        following = later[0]
    elif age < hourly_until:
        following = _THEN[-1] + ((age - _THEN[-1]) // _HOUR + 1) * _HOUR
    else:
        following = age + _DAY
    return created_at + following if following <= GIVE_UP_AFTER else None


def ring_due_at(*, last_due_at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """Say when a ring is answered; None: an answer is due later already and will cover this ring as well."""
    if last_due_at is None:
        return now
    if last_due_at > now:
        return None
    return max(now, last_due_at + RING_PAUSE)


def greatest_own_sum_rub(debt_rub: Decimal, *, limit_rub: Decimal, shop_limit_rub: Decimal) -> Decimal:
    """Say how much a payer may give of their own accord: what is owed and the supplier's limit, within the shop's."""
    return min(max(debt_rub, ZERO) + limit_rub, shop_limit_rub)


def advance_rub(shared_rub: Decimal, debt_rub: Decimal) -> Decimal:
    """Say how much of a payment is more than what is owed."""
    return max(shared_rub - max(debt_rub, ZERO), ZERO)
