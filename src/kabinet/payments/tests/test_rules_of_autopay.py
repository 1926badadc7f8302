"""When a standing order announces, charges and tries again."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.payments.rules import autopay


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("agreed", "charge_day", "first"),
    [
        ("2026-11-22", 25, "2026-11-25"),
        ("2026-11-22", 24, "2026-11-24"),  # two days on: the letter goes out tomorrow
        ("2026-11-22", 23, "2026-12-23"),  # tomorrow is too soon for a letter the day before
        ("2026-11-22", 22, "2026-12-22"),
        ("2026-12-31", 1, "2027-02-01"),
        ("2027-01-30", 28, "2027-02-28"),
    ],
)
def test_the_first_charge_leaves_time_for_a_letter(agreed, charge_day, first):
    assert autopay.first_charge_on(charge_day, agreed_on=day(agreed)) == day(first)


@pytest.mark.parametrize(
    ("charged", "today", "following"),
    [
        ("2026-11-05", "2026-11-04", "2026-12-05"),
        ("2026-12-05", "2026-12-04", "2027-01-05"),
        ("2026-08-05", "2026-11-12", "2026-11-05"),  # a week late is still tried
        ("2026-08-05", "2026-11-13", "2026-12-05"),  # later nobody expects it
    ],
)
def test_months_in_which_nothing_ran_are_not_charged_afterwards(charged, today, following):
    assert autopay.following_charge_on(day(charged), today=day(today)) == day(following)


def test_a_charge_is_announced_the_day_before():
    assert not autopay.is_time_to_announce(day("2026-11-05"), today=day("2026-11-03"))
    assert autopay.is_time_to_announce(day("2026-11-05"), today=day("2026-11-04"))
    assert autopay.is_time_to_announce(day("2026-12-01"), today=day("2026-11-30"))


def test_a_late_letter_moves_the_charge():
    assert autopay.due_on(day("2026-11-05"), today=day("2026-11-04")) == day("2026-11-05")
    assert autopay.due_on(day("2026-11-05"), today=day("2026-11-06")) == day("2026-11-07")


@pytest.mark.parametrize(("hour", "may"), [(8, False), (9, True), (20, True), (21, False)])
def test_nobody_is_charged_at_night(hour, may):
    assert autopay.is_hour(hour) is may


@pytest.mark.parametrize(
    ("debt", "cap", "announced", "taken"),
    [
        ("500.00", "1000.00", None, "500.00"),
        ("1500.00", "1000.00", None, "1000.00"),
        ("700.00", "1000.00", "500.00", "500.00"),  # the letter had said less
        ("300.00", "1000.00", "500.00", "300.00"),  # something was paid meanwhile
        ("0.00", "1000.00", "500.00", "0.00"),
        ("-20.00", "1000.00", None, "0.00"),
    ],
)
def test_no_more_is_taken_than_is_owed_announced_and_allowed(debt, cap, announced, taken):
    announced_rub = None if announced is None else Decimal(announced)

    assert autopay.charge_rub(Decimal(debt), cap_rub=Decimal(cap), announced_rub=announced_rub) == Decimal(taken)


@pytest.mark.parametrize(
    ("reason", "attempt", "again"),
    [
        ("insufficient_funds", 1, True),
        ("insufficient_funds", 2, True),
        ("insufficient_funds", 3, False),
        ("permission_revoked", 1, False),
        ("card_expired", 1, False),
        ("a word that nobody knows", 1, False),
    ],
)
def test_lack_of_money_is_tried_on_two_more_days(reason, attempt, again):
    assert autopay.may_try_again(reason, attempt=attempt) is again
