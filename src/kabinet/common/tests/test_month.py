"""Billing periods and days."""

import datetime as dt

import pytest

from kabinet.common.days import day_start, local_day
from kabinet.common.month import Month, months_between


def test_months_follow_each_other_over_the_year() -> None:
    assert Month(2026, 12).next() == Month(2027, 1)
    assert Month(2026, 1).previous() == Month(2025, 12)
    assert Month(2026, 11).plus(-35) == Month(2023, 12)


def test_a_month_knows_its_days() -> None:
    assert Month(2028, 2).last_day == dt.date(2028, 2, 29)
    assert Month.of(dt.date(2026, 11, 22)).first_day == dt.date(2026, 11, 1)


def test_a_range_of_months_leaves_its_end_out() -> None:
    assert [str(month) for month in months_between(Month(2026, 11), Month(2027, 2))] == [
        "2026-11",
        "2026-12",
        "2027-01",
    ]


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-01", "2026-00", "", "2026-01-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_the_day_depends_on_where_one_lives() -> None:
    moment = dt.datetime(2026, 11, 22, 21, 30, tzinfo=dt.UTC)

    assert local_day(moment, "Europe/Moscow") == dt.date(2026, 11, 23)
    assert local_day(moment, "Europe/Kaliningrad") == dt.date(2026, 11, 22)
    assert local_day(moment, "Asia/Vladivostok") == dt.date(2026, 11, 23)


def test_a_day_begins_at_its_own_midnight() -> None:
    assert day_start(dt.date(2026, 11, 23), "Europe/Moscow") == dt.datetime(2026, 11, 22, 21, tzinfo=dt.UTC)
