"""Which price holds on which day, and what the law says of a day: tables without a database."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.tariffs.rules import (
    DelayStep,
    KeyRate,
    Moratorium,
    PenaltyLaw,
    Price,
    RateCap,
    TooPrecise,
    price_per_m3,
    priced_days,
)

ZERO = Decimal(0)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def price(rub: str, since: str, until: str | None = None) -> Price:
    return Price(day(since), until and day(until), Decimal(rub))


def priced(prices, *, code="cooking", zone="T1", since="2026-09-01", until="2026-11-01"):
    parts = priced_days(prices, usage_purpose_code=code, zone=zone, since=day(since), until=day(until))
    return [
        (str(part.since), str(part.until), [(above_m3, held.price_rub_per_m3) for above_m3, held in part.steps])
        for part in parts
    ]


def first_step(rub: str):
    return [(ZERO, Decimal(rub))]


@pytest.mark.parametrize(
    ("printed", "units_m3", "price_rub"),
    [("9.624", 1, "9.624"), ("8010", 1000, "8.01"), ("7690", 1000, "7.69"), ("0.00001", 1, "0.00001")],
)
def test_a_printed_price_is_converted_once(printed, units_m3, price_rub):
    assert price_per_m3(Decimal(printed), units_m3=units_m3) == Decimal(price_rub)


@pytest.mark.parametrize(("printed", "units_m3"), [("4375.075", 1000), ("0.000001", 1), ("0.009", 1000)])
def test_a_price_that_rounding_would_change_is_refused(printed, units_m3):
    with pytest.raises(TooPrecise):
        price_per_m3(Decimal(printed), units_m3=units_m3)


@pytest.mark.parametrize(
    ("keys", "held"),
    [
        ([("cooking", "T1"), ("cooking", ""), ("", "T1"), ("", "")], 0),
        ([("cooking", ""), ("", "T1"), ("", "")], 0),
        ([("", "T1"), ("", "")], 0),
        ([("", "")], 0),
        ([("heating", "T1"), ("cooking", "T2"), ("", "")], 2),
    ],
)
def test_the_closest_price_holds(keys, held):
    prices = {(*key, ZERO): [price(str(number), "2026-01-01")] for number, key in enumerate(keys, start=1)}

    assert priced(prices) == [("2026-09-01", "2026-11-01", first_step(str(held + 1)))]


def test_a_price_of_its_own_holds_from_its_day_and_that_for_all_before_and_after_it():
    prices = {
        ("", "", ZERO): [price("9.624", "2026-01-01")],
        ("cooking", "", ZERO): [price("13.52", "2026-09-15", "2026-10-15")],
    }

    assert priced(prices) == [
        ("2026-09-01", "2026-09-15", first_step("9.624")),
        ("2026-09-15", "2026-10-15", first_step("13.52")),
        ("2026-10-15", "2026-11-01", first_step("9.624")),
    ]


def test_days_without_a_price_are_left_out():
    prices = {("", "", ZERO): [price("9.624", "2026-01-01", "2026-09-11"), price("10.548", "2026-10-01")]}

    assert priced(prices) == [
        ("2026-09-01", "2026-09-11", first_step("9.624")),
        ("2026-10-01", "2026-11-01", first_step("10.548")),
    ]
    assert priced({}) == []


def test_steps_hold_together_and_change_each_on_its_day():
    prices = {
        ("", "", Decimal(500)): [price("12", "2026-01-01", "2026-10-01"), price("14", "2026-10-01")],
        ("", "", ZERO): [price("9.624", "2026-01-01")],
    }

    assert priced(prices) == [
        ("2026-09-01", "2026-10-01", [(ZERO, Decimal("9.624")), (Decimal(500), Decimal(12))]),
        ("2026-10-01", "2026-11-01", [(ZERO, Decimal("9.624")), (Decimal(500), Decimal(14))]),
    ]


def test_a_higher_step_alone_is_no_price():
    prices = {("cooking", "", Decimal(500)): [price("12", "2026-01-01")], ("", "", ZERO): [price("9", "2026-01-01")]}

    assert priced(prices) == [("2026-09-01", "2026-11-01", first_step("9"))]


LAW = PenaltyLaw(
    key_rates=(KeyRate(day("2026-01-01"), Decimal(16), ""), KeyRate(day("2026-06-01"), Decimal(14), "")),
    caps=(RateCap(day("2025-01-01"), day("2027-01-01"), Decimal("9.5"), ""),),
    steps=(
        DelayStep(day("2016-01-01"), 1, 300, ""),
        DelayStep(day("2020-01-01"), 91, 130, ""),
        DelayStep(day("2020-01-01"), 31, 300, ""),
    ),
    moratoria=(Moratorium(day("2020-04-06"), day("2021-01-01"), ""),),
)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("2025-12-31", None), ("2026-01-01", 16), ("2026-05-31", 16), ("2026-06-01", 14), ("2030-01-01", 14)],
)
def test_a_key_rate_holds_until_the_next_one(text, rate):
    found = LAW.key_rate_on(day(text))

    assert (found and found.rate_percent) == rate


@pytest.mark.parametrize(("text", "is_capped"), [("2024-12-31", False), ("2026-12-31", True), ("2027-01-01", False)])
def test_a_cap_ends_on_its_day(text, is_capped):
    assert (LAW.cap_on(day(text)) is not None) == is_capped


@pytest.mark.parametrize(
    ("text", "days"), [("2015-12-31", []), ("2016-01-01", [1]), ("2019-12-31", [1]), ("2020-01-01", [31, 91])]
)
def test_steps_of_delay_come_into_force_together(text, days):
    assert [step.from_day for step in LAW.steps_on(day(text))] == days


@pytest.mark.parametrize(("text", "held"), [("2020-04-05", False), ("2020-04-06", True), ("2020-12-31", True)])
def test_a_moratorium_has_its_days(text, held):
    assert (LAW.moratorium_on(day(text)) is not None) == held
    assert LAW.moratorium_on(day("2021-01-01")) is None
