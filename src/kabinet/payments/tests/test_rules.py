"""Calculations of payments."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.common.testing import NOW
from kabinet.payments import rules

HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("percent", "shared_rub", "commission_rub", "amount_rub"),
    [
        ("0", "1000.00", "0.00", "1000.00"),
        ("3.50", "1000.00", "35.00", "1035.00"),
        ("1.00", "0.50", "0.01", "0.51"),
        ("1.00", "0.49", "0.00", "0.49"),
        ("2.80", "122.50", "3.43", "125.93"),
    ],
)
def test_the_commission_of_the_payer_is_on_top(percent, shared_rub, commission_rub, amount_rub):
    quote = rules.quote(Decimal(shared_rub), Decimal(percent))

    assert (quote.commission_rub, quote.amount_rub) == (Decimal(commission_rub), Decimal(amount_rub))


STATES = [rules.INTENDED, rules.OPEN, rules.HELD, rules.FAILED, rules.PAID]


@pytest.mark.parametrize("place", range(5))
def test_a_state_is_only_left_for_a_higher_one(place):
    present = STATES[place]

    assert [told for told in STATES if rules.may_become(present, told)] == STATES[place + 1 :]


@pytest.mark.parametrize(
    ("age", "following"),
    [
        ("0:00:00", "0:00:20"),
        ("0:00:19", "0:00:20"),
        ("0:00:20", "0:00:40"),
        ("0:14:59", "0:15:00"),
        ("0:15:00", "0:21:00"),
        ("0:20:59", "0:21:00"),
        ("0:21:00", "0:34:00"),
        ("0:34:00", "0:55:00"),
        ("0:55:00", "1:55:00"),
        ("1:59:59", "2:55:00"),
        ("2:00:00", "26:00:00"),
    ],
)
def test_a_payment_is_asked_about_often_then_seldom(age, following):
    assert rules.next_check_at(created_at=NOW, expires_at=NOW + HOUR, now=NOW + _time(age)) == NOW + _time(following)


def test_a_payment_with_a_long_life_is_asked_about_hourly_until_an_hour_past_it():
    expires_at = NOW + 72 * HOUR

    assert rules.next_check_at(created_at=NOW, expires_at=expires_at, now=NOW + 50 * HOUR) == NOW + _time("50:55:00")
    assert rules.next_check_at(created_at=NOW, expires_at=expires_at, now=NOW + 73 * HOUR) == NOW + 97 * HOUR


def test_after_thirty_days_it_is_a_persons_turn():
    month = dt.timedelta(days=30)

    assert rules.next_check_at(created_at=NOW, expires_at=NOW + HOUR, now=NOW + month - 24 * HOUR) == NOW + month
    assert rules.next_check_at(created_at=NOW, expires_at=NOW + HOUR, now=NOW + month - 23 * HOUR) is None


@pytest.mark.parametrize(("last_due_s", "due_s"), [(None, 0), (-60, 0), (-5, 0), (-4, 1), (0, 5), (1, None), (5, None)])
def test_a_ring_is_answered_at_most_once_in_five_seconds(last_due_s, due_s):
    last_due_at = None if last_due_s is None else NOW + dt.timedelta(seconds=last_due_s)

    due_at = rules.ring_due_at(last_due_at=last_due_at, now=NOW)

    assert due_at == (None if due_s is None else NOW + dt.timedelta(seconds=due_s))


@pytest.mark.parametrize(
    ("debt_rub", "greatest_rub"), [("100.00", "15100.00"), ("0.00", "15000.00"), ("-500.00", "15000.00")]
)
def test_an_own_sum_may_pass_the_debt_by_the_suppliers_limit(debt_rub, greatest_rub):
    limits = {"limit_rub": Decimal("15000.00"), "shop_limit_rub": Decimal("350000.00")}

    assert rules.greatest_own_sum_rub(Decimal(debt_rub), **limits) == Decimal(greatest_rub)


def test_an_own_sum_stays_within_the_shops_limit():
    limits = {"limit_rub": Decimal("15000.00"), "shop_limit_rub": Decimal("350000.00")}

    assert rules.greatest_own_sum_rub(Decimal("400000.00"), **limits) == Decimal("350000.00")


@pytest.mark.parametrize(
    ("shared_rub", "debt_rub", "advance_rub"),
    [
        ("100.00", "100.00", "0.00"),
        ("150.00", "100.00", "50.00"),
        ("50.00", "100.00", "0.00"),
        ("50.00", "-1.00", "50.00"),
    ],
)
def test_what_is_more_than_the_debt_is_an_advance(shared_rub, debt_rub, advance_rub):
    assert rules.advance_rub(Decimal(shared_rub), Decimal(debt_rub)) == Decimal(advance_rub)


def _time(text: str) -> dt.timedelta:
    hours, minutes, seconds = map(int, text.split(":"))
    return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
