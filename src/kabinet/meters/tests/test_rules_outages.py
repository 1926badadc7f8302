"""On which days a meter does not count, and why."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.common.days import Days
from kabinet.meters import rules
from kabinet.meters.rules import KnownOutages, Outage


def day(text: str | None) -> dt.date | None:
    return text and dt.date.fromisoformat(text)


def outage(reason: str, since: str, until: str | None = None) -> Outage:
    return Outage(Days(day(since), day(until)), reason)


def known(*outages: Outage, due: str | None = None, removed: str | None = None) -> KnownOutages:
    return KnownOutages(day(removed), day(due), outages)


@pytest.mark.parametrize(
    ("meter", "expected"),
    [
        (known(), []),
        (known(due="2026-11-01"), [outage("unverified", "2026-11-02")]),
        (known(outage("faulty", "2026-11-05", "2026-11-09")), [outage("faulty", "2026-11-05", "2026-11-09")]),
        (
            known(outage("faulty", "2026-11-05", "2026-11-09"), due="2026-11-01"),
            [
                outage("unverified", "2026-11-02", "2026-11-05"),
                outage("faulty", "2026-11-05", "2026-11-09"),
                outage("unverified", "2026-11-09"),
            ],
        ),
        (known(outage("removed", "2026-10-25"), due="2026-11-01"), [outage("removed", "2026-10-25")]),
        (known(due="2026-11-01", removed="2026-11-10"), [outage("unverified", "2026-11-02", "2026-11-11")]),
        (known(due="2026-11-01", removed="2026-11-02"), [outage("unverified", "2026-11-02", "2026-11-03")]),
        (known(due="2026-11-01", removed="2026-11-01"), []),
    ],
)
def test_what_is_written_wins_over_a_verification_that_has_run_out(meter, expected):
    assert list(rules.outage_days(meter)) == expected


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        ("2026-11-01", None),
        ("2026-11-02", "unverified"),
        ("2026-11-05", "faulty"),
        ("2026-11-08", "faulty"),
        ("2026-11-09", "unverified"),
    ],
)
def test_a_day_has_one_reason_or_none(on, reason):
    meter = known(outage("faulty", "2026-11-05", "2026-11-09"), due="2026-11-01")

    found = rules.outage_on(meter, day(on))

    assert (found and found.reason) == reason


_DAYS = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(
    lambda pair: Days(dt.date(2026, 1, 1) + dt.timedelta(pair[0]), dt.date(2026, 1, 1) + dt.timedelta(sum(pair)))
)


@given(_DAYS, st.lists(_DAYS, max_size=5))
def test_days_without_others_are_exactly_those_in_none_of_them(days, taken):
    left = days.without(taken)

    for offset in range(100):
        on = dt.date(2026, 1, 1) + dt.timedelta(offset)
        assert sum(on in part for part in left) == (on in days and not any(on in other for other in taken))


@given(_DAYS, _DAYS)
def test_days_overlap_when_they_share_one(first, second):
    shared = [n for n in range(100) if (on := dt.date(2026, 1, 1) + dt.timedelta(n)) in first and on in second]

    assert first.overlaps(second) == bool(shared)
