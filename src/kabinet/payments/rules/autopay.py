"""When a standing order announces, charges and tries again, and how much it may take."""

import datetime as dt
from decimal import Decimal

from kabinet.common.money import ZERO
from kabinet.common.month import Month

ATTEMPTS = 3
#: Refusals after which the same card may well pay a day later. Every other one ends the month's charge.
WORTH_ANOTHER_TRY = frozenset({"insufficient_funds", "payment_method_limit_exceeded", "issuer_unavailable"})
#: After a pause of ours that is longer than this, nobody expects last month's charge any more.
LATEST = dt.timedelta(days=7)
#: Nobody's card is charged, and no letter about money is sent, in the night.
FROM_HOUR, UNTIL_HOUR = 9, 21

_DAY = dt.timedelta(days=1)


def first_charge_on(day: int, *, agreed_on: dt.date) -> dt.date:
    """Give the first day of charging after a consent: at least two days on, so that a letter can go out before."""
    month = Month.of(agreed_on)
    while month.first_day.replace(day=day) < agreed_on + 2 * _DAY:
        month = month.next()
    return month.first_day.replace(day=day)


def following_charge_on(charge_on: dt.date, *, today: dt.date) -> dt.date:
    """Give the next day of charging after one; months that passed long ago, while nothing ran, are left out."""
    following = Month.of(charge_on).next().first_day.replace(day=charge_on.day)
    while following < today - LATEST:
        following = Month.of(following).next().first_day.replace(day=charge_on.day)
    return following


def is_time_to_announce(charge_on: dt.date, *, today: dt.date) -> bool:
    """Tell whether the letter that precedes a charge is due."""
    return charge_on - _DAY <= today


def due_on(charge_on: dt.date, *, today: dt.date) -> dt.date:
    """Give the day on which a charge announced today is made: a whole day after the letter, if that came late."""
    return max(charge_on, today + _DAY)


def is_hour(hour: int) -> bool:
    """Tell whether letters and charges may go out at an hour of the supplier's day."""
    return FROM_HOUR <= hour < UNTIL_HOUR


def charge_rub(debt_rub: Decimal, *, cap_rub: Decimal, announced_rub: Decimal | None = None) -> Decimal:
    """Say how much is taken: what is owed, never more than the cap nor than what the letter had said."""
    greatest_rub = cap_rub if announced_rub is None else min(cap_rub, announced_rub)
    return max(min(debt_rub, greatest_rub), ZERO)


def may_try_again(reason: str, *, attempt: int) -> bool:
    """Tell whether a refused charge is tried on the next day, as a new payment."""
    return reason in WORTH_ANOTHER_TRY and attempt < ATTEMPTS
