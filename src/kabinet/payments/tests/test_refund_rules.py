"""Where money that goes back is taken from, how a refund moves on, and when it needs two people."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.payments import rules

INTENDED_AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def rub(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("amount", "left", "commission_left", "parts", "commission", "unshared"),
    [
        ("400", ["600", "400"], "35", ["240.00", "160.00"], "0", "0"),
        ("100", ["1", "1", "1"], "98", ["1.00", "1.00", "1.00"], "97", "0"),
        ("0.01", ["10", "10"], "0", ["0.01"], "0", "0"),
        ("1000", ["600", "400"], "35", ["600.00", "400.00"], "0", "0"),
        ("1035", ["600", "400"], "35", ["600.00", "400.00"], "35", "0"),
        ("1035.01", ["600", "400"], "35", ["600.00", "400.00"], "35", "0.01"),
        ("10", ["0", "400"], "0", ["10.00"], "0", "0"),
        ("20", ["0", "0"], "15", [], "15", "5"),
    ],
)
def test_shares_give_in_proportion_to_what_is_left_then_the_commission(
    amount, left, commission_left, parts, commission, unshared
):
    taken = rules.take_back(Decimal(amount), list(enumerate(rub(*left))), Decimal(commission_left))

    assert [part for _, part in taken.shares] == rub(*parts)
    assert (taken.commission_rub, taken.unshared_rub) == (Decimal(commission), Decimal(unshared))


kopecks = st.integers(0, 10**7).map(lambda kopecks: Decimal(kopecks) / 100)


@given(kopecks, st.lists(kopecks, min_size=1, max_size=5), kopecks)
def test_what_is_taken_sums_to_the_whole_and_no_share_gives_more_than_it_has(amount, left, commission_left):
    taken = rules.take_back(amount, list(enumerate(left)), commission_left)

    assert sum((part for _, part in taken.shares), taken.commission_rub + taken.unshared_rub) == amount
    assert all(0 < part <= left[share_id] for share_id, part in taken.shares)
    assert 0 <= taken.commission_rub <= commission_left


@pytest.mark.parametrize(
    ("present", "told", "moves"),
    [
        ("asked", "intended", True),
        ("intended", "pending", True),
        ("intended", "done", True),
        ("pending", "failed", True),
        ("pending", "done", True),
        ("failed", "done", True),
        ("failed", "pending", False),
        ("done", "failed", False),
        ("done", "pending", False),
        ("done", "done", False),
    ],
)
def test_a_late_word_takes_nothing_back(present, told, moves):
    assert rules.refund_may_become(present, told) is moves


@pytest.mark.parametrize(
    ("age", "following"),
    [
        (dt.timedelta(0), dt.timedelta(seconds=20)),
        (dt.timedelta(minutes=55), dt.timedelta(minutes=115)),
        (dt.timedelta(hours=26), dt.timedelta(hours=50)),
    ],
)
def test_a_refund_is_asked_about_often_then_hourly_for_a_day_then_daily(age, following):
    asked = rules.next_refund_check_at(intended_at=INTENDED_AT, now=INTENDED_AT + age)

    assert asked == INTENDED_AT + following


def test_after_thirty_days_it_is_a_persons_turn():
    assert rules.next_refund_check_at(intended_at=INTENDED_AT, now=INTENDED_AT + dt.timedelta(days=30)) is None


@pytest.mark.parametrize(
    ("amount", "alone_before", "for_two"),
    [("3000", "0", False), ("3000.01", "0", True), ("1000", "2000", False), ("1000.01", "2000", True)],
)
def test_one_person_gives_back_no_more_than_the_limit_of_one_payment(amount, alone_before, for_two):
    assert (
        rules.needs_two_people(Decimal(amount), alone_before_rub=Decimal(alone_before), limit_rub=Decimal("3000"))
        is for_two
    )
