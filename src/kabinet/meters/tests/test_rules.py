"""How a reading is judged and what it means."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.common.month import Month
from kabinet.meters import rules


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "opens_day", "closes_day", "opens_on", "last_day"),
    [
        ("2026-11-22", 15, 25, "2026-11-15", "2026-11-25"),
        ("2026-11-15", 15, 25, "2026-11-15", "2026-11-25"),
        ("2026-11-25", 15, 25, "2026-11-15", "2026-11-25"),
        ("2026-11-14", 15, 25, "2026-11-15", "2026-11-25"),
        ("2026-11-26", 15, 25, "2026-12-15", "2026-12-25"),
        ("2026-12-31", 15, 25, "2027-01-15", "2027-01-25"),
        ("2027-02-28", 1, 31, "2027-02-01", "2027-02-28"),
        ("2027-02-10", 30, 31, "2027-02-28", "2027-02-28"),
        ("2026-11-02", 25, 3, "2026-10-25", "2026-11-03"),
        ("2026-11-03", 25, 3, "2026-10-25", "2026-11-03"),
        ("2026-11-04", 25, 3, "2026-11-25", "2026-12-03"),
        ("2026-12-31", 25, 3, "2026-12-25", "2027-01-03"),
    ],
)
def test_the_window_is_the_open_one_or_the_next(on, opens_day, closes_day, opens_on, last_day):
    window = rules.window_for(day(on), opens_day=opens_day, closes_day=closes_day)

    assert (window.opens_on, window.last_day) == (day(opens_on), day(last_day))


def test_the_last_day_of_a_window_is_open_and_leaves_no_days():
    window = rules.window_for(day("2026-11-22"), opens_day=15, closes_day=25)

    assert window.is_open_on(day("2026-11-15"))
    assert not window.is_open_on(day("2026-11-14"))
    assert window.is_open_on(day("2026-11-25"))
    assert not window.is_open_on(day("2026-11-26"))
    assert window.days_left_on(day("2026-11-22")) == 3
    assert window.days_left_on(day("2026-11-25")) == 0


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 31), st.integers(1, 31))
def test_a_window_never_lies_in_the_past_and_opens_within_two_months(on, opens_day, closes_day):
    window = rules.window_for(on, opens_day=opens_day, closes_day=closes_day)

    assert window.opens_on < window.until
    assert on < window.until
    assert window.opens_on <= on + dt.timedelta(days=62)


@pytest.mark.parametrize(
    ("value_m3", "digits", "fits"),
    [
        ("0", 5, True),
        ("99999", 5, True),
        ("100000", 5, False),
        ("-1", 5, False),
        ("12.5", 5, False),
        ("12.000", 5, True),
    ],
)
def test_a_dial_shows_whole_cubic_metres_up_to_its_last_digit(value_m3, digits, fits):
    assert rules.fits_dial(Decimal(value_m3), digits=digits) is fits


@pytest.mark.parametrize(
    ("previous_m3", "current_m3", "rolled_over", "volume_m3"),
    [
        ("1234", "1262", False, "28"),
        ("1234", "1234", False, "0"),
        ("99987", "14", True, "27"),
        ("99999", "0", True, "1"),
    ],
)
def test_consumption_is_the_difference_also_past_the_last_number(previous_m3, current_m3, rolled_over, volume_m3):
    volume = rules.consumption_m3(
        previous_m3=Decimal(previous_m3), current_m3=Decimal(current_m3), digits=5, rolled_over=rolled_over
    )

    assert volume == Decimal(volume_m3)


@pytest.mark.parametrize(
    ("previous_m3", "current_m3", "plausible"),
    [
        ("99987", "14", True),
        ("99987", "1987", True),
        ("99987", "1988", False),
        ("1262", "1234", False),
        ("1234", "1262", False),
        ("1234", "1234", False),
    ],
)
def test_a_smaller_reading_is_a_rollover_only_when_little_has_gone_through(previous_m3, current_m3, plausible):
    answer = rules.rollover_is_plausible(
        previous_m3=Decimal(previous_m3), current_m3=Decimal(current_m3), digits=5, max_volume_m3=Decimal(2000)
    )

    assert answer is plausible


def interval(since: str, until: str, volume_m3: str) -> rules.Consumption:
    return rules.Consumption(since=day(since), until=day(until), volume_m3=Decimal(volume_m3))


def test_the_usual_volume_is_that_of_the_same_days_last_year():
    history = [interval("2025-10-26", "2025-11-26", "93"), interval("2025-11-26", "2026-10-26", "3340")]

    usual_m3 = rules.usual_volume_m3(history, since=day("2026-10-26"), until=day("2026-11-26"))

    assert usual_m3 == Decimal(93)


def test_without_last_year_the_usual_volume_is_the_average_of_what_is_known():
    history = [interval("2026-08-27", "2026-09-26", "30"), interval("2026-09-26", "2026-10-26", "90")]

    usual_m3 = rules.usual_volume_m3(history, since=day("2026-10-26"), until=day("2026-11-25"))

    assert usual_m3 == Decimal(60)


def test_a_few_days_are_compared_with_a_whole_month():
    history = [interval("2026-09-26", "2026-10-26", "90")]

    usual_m3 = rules.usual_volume_m3(history, since=day("2026-10-26"), until=day("2026-10-27"))

    assert usual_m3 == Decimal(90)


@pytest.mark.parametrize("history", [[], [interval("2026-10-26", "2026-10-26", "0")]])
def test_nothing_is_usual_without_a_history(history):
    assert rules.usual_volume_m3(history, since=day("2026-10-26"), until=day("2026-11-25")) is None


@pytest.mark.parametrize(
    ("volume_m3", "usual_m3", "plausible"),
    [("300", "100", True), ("300.001", "100", False), ("100000", None, True), ("0", "100", True)],
)
def test_more_than_the_ratio_times_the_usual_is_implausible(volume_m3, usual_m3, plausible):
    usual = None if usual_m3 is None else Decimal(usual_m3)

    assert rules.is_plausible(Decimal(volume_m3), usual_m3=usual, ratio=Decimal(3)) is plausible


def test_a_reading_each_month_counts_in_its_own_month():
    assert interval("2026-09-26", "2026-10-26", "28").by_month_m3() == {Month(2026, 10): Decimal(28)}


def test_a_second_reading_of_a_month_counts_there_too():
    assert interval("2026-10-06", "2026-10-26", "20").by_month_m3() == {Month(2026, 10): Decimal(20)}


def test_two_readings_of_one_day_count_in_its_month():
    assert interval("2026-10-26", "2026-10-26", "3").by_month_m3() == {Month(2026, 10): Decimal(3)}


def test_a_volume_after_months_without_readings_is_shared_between_them_by_days():
    # 36 days, with the last six of March, then 31 and 25 of 92 in all.
    assert interval("2026-03-26", "2026-06-26", "92").by_month_m3() == {
        Month(2026, 4): Decimal(36),
        Month(2026, 5): Decimal(31),
        Month(2026, 6): Decimal(25),
    }


def test_a_reading_a_day_late_leaves_next_to_nothing_to_its_own_month():
    assert interval("2026-11-01", "2026-12-02", "310").by_month_m3() == {
        Month(2026, 11): Decimal(300),
        Month(2026, 12): Decimal(10),
    }


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 900), st.decimals(0, 5000, places=3))
def test_the_shares_of_the_months_sum_to_the_volume(since, days, volume_m3):
    shares = rules.Consumption(since, since + dt.timedelta(days=days), volume_m3).by_month_m3()

    assert sum(shares.values()) == volume_m3
    assert min(shares.values()) >= 0
