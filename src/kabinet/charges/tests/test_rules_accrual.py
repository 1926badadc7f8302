"""A month of an account is accrued: what is charged, by which way, and how much."""

from decimal import Decimal

import pytest

from kabinet.charges import rules
from kabinet.charges.tests.months import (
    accrue_months,
    brief,
    day,
    make_account,
    make_meter,
    make_norm,
    make_policy,
    make_readings,
    make_terms,
    make_year,
    outage,
    price,
)

SMOLENSK = {("", ""): (make_norm("23.3"), make_norm("8.1", "m2"))}


def accrue(*meters, period, terms=None, **others):
    return rules.accrue(make_account(*meters, period=period, **others), terms or make_terms())


def test_a_reading_is_charged_with_the_difference_to_the_one_before():
    meter = make_meter(*make_readings(("2026-09-25", "1234"), ("2026-10-25", "1262")))

    accrued = accrue(meter, period="2026-10", terms=make_terms("4.37507"))

    [line] = accrued.lines
    assert (line.kind, line.volume_m3, line.amount_rub) == ("metered", Decimal(28), Decimal("122.50"))
    assert line.formula == "28 м³ × 4,37507 ₽/м³ = 122,50 ₽"
    assert line.inputs == {
        "meter": "555",
        "zone": "T1",
        "digits": 5,
        "previous_on": "2026-09-25",
        "previous_m3": "1234",
        "taken_on": "2026-10-25",
        "current_m3": "1262",
        "is_rollover": False,
        "volume_m3": "28",
        "since": "2026-09-26",
        "until": "2026-10-26",
        "line_since": "2026-09-26",
        "line_until": "2026-10-26",
        "line_m3": "28",
        "price": "4,37507",
        "price_source": "Приказ № 1",
    }
    assert (line.reading_id, line.scale_id, line.meter_id) == (2, 1, 1)
    assert (line.used_since, line.used_until) == (day("2026-09-26"), day("2026-10-26"))
    assert accrued.oddities == ()


def test_silence_is_charged_by_the_mean_for_three_months_and_then_by_the_norm():
    meter = make_meter(*make_year("2026-03-25", "1200"))
    account = make_account(meter, period="2026-03", charged_reading_ids=frozenset(range(1, 14)))

    months = accrue_months(account, make_terms("10", norms=SMOLENSK), "2026-04", "2026-09")

    assert [brief(lines) for lines in months.values()] == [
        [("average", "145", "1450.00")],
        [("average", "145", "1450.00")],
        [("average", "145", "1450.00")],
        [("norm", "532.6", "5326.00")],
        [("norm", "532.6", "5326.00")],
    ]
