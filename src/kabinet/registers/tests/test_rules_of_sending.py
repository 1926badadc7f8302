"""When a file is due, and when it is tried again."""

import datetime as dt

import pytest

from kabinet.registers.rules.patience import GIVEN_UP_AFTER, next_try_at
from kabinet.registers.rules.rhythm import last_due_on

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)  # a Monday


@pytest.mark.parametrize(
    ("rhythm", "given", "clock", "due_on"),
    [
        ("by_hand", {}, "2026-11-23 12:00", None),
        ("daily", {"hour": 12}, "2026-11-23 12:00", "2026-11-23"),
        ("daily", {"hour": 12}, "2026-11-23 11:59", "2026-11-22"),
        ("daily", {"hour": 0}, "2026-11-23 00:00", "2026-11-23"),
        ("weekly", {"weekday": 0, "hour": 12}, "2026-11-23 12:00", "2026-11-23"),
        ("weekly", {"weekday": 0, "hour": 12}, "2026-11-23 11:59", "2026-11-16"),
        ("weekly", {"weekday": 6}, "2026-11-23 12:00", "2026-11-22"),
        ("weekly", {"weekday": 1}, "2026-11-23 12:00", "2026-11-17"),
        ("monthly", {"month_day": 23, "hour": 12}, "2026-11-23 12:00", "2026-11-23"),
        ("monthly", {"month_day": 23, "hour": 12}, "2026-11-23 11:59", "2026-10-23"),
        ("monthly", {"month_day": 31}, "2026-11-30 12:00", "2026-11-30"),
        ("monthly", {"month_day": 31}, "2026-11-29 12:00", "2026-10-31"),
        ("monthly", {"month_day": 31}, "2026-03-01 00:59", "2026-02-28"),
        ("monthly", {"month_day": 29}, "2028-02-29 12:00", "2028-02-29"),
        ("monthly", {"month_day": 5}, "2027-01-04 12:00", "2026-12-05"),
    ],
)
def test_the_last_day_that_is_due(rhythm, given, clock, due_on):
    found = last_due_on(
        rhythm, **{"weekday": 0, "month_day": 1, "hour": 1, **given}, local_now=dt.datetime.fromisoformat(clock)
    )

    assert found == (due_on and dt.date.fromisoformat(due_on))


@pytest.mark.parametrize(
    ("tries_count", "minutes"), [(1, 5), (2, 10), (3, 20), (6, 160), (7, 240), (8, 240), (2000, 240)]
)
def test_tries_become_rarer(tries_count, minutes):
    assert next_try_at(tries_count, sent_at=NOON, now=NOON) == NOON + dt.timedelta(minutes=minutes)


def test_after_three_days_it_is_given_up():
    last = NOON + GIVEN_UP_AFTER

    assert next_try_at(30, sent_at=NOON, now=last - dt.timedelta(seconds=1)) is not None
    assert next_try_at(30, sent_at=NOON, now=last) is None
