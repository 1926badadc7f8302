"""A benefit is for the days and the step of its line: what moves between yearly steps takes it along."""

from dataclasses import replace
from decimal import Decimal

from kabinet.charges import rules
from kabinet.charges.rules import AccountBenefit, AccountMonth, Scale, Terms
from kabinet.charges.tests.months import (
    GAS,
    as_charged,
    brief,
    day,
    in_month,
    make_account,
    make_meter,
    make_norm,
    make_policy,
    make_readings,
    make_terms,
    make_year,
    price,
)
from kabinet.common.month import Month

APRIL, MAY, JUNE = (Month(2026, number) for number in (4, 5, 6))
HALF = AccountBenefit(day("2020-01-01"), None, 1, "v", "", GAS, Decimal(50), None, False, None, "", "", "")
WITHIN_100 = replace(HALF, limit_m3=Decimal(100))


def ladder(below_385: str, above: str) -> Terms:
    return make_terms(prices={("", "", Decimal(0)): (price(below_385),), ("", "", Decimal(385)): (price(above),)})


SEVEN_AND_NINE, EIGHT_AND_TWELVE = ladder("7", "9"), ladder("8", "12")


def read(meter_id: int, *values: tuple[str, str]) -> rules.Meter:
    return make_meter(id=meter_id, scales=(Scale(meter_id, "T1", make_readings(*values, first_id=50 * meter_id)),))


def silent(meter_id: int, *later: tuple[str, str]) -> rules.Meter:
    """Make a meter that counted 145 m³ a month until 25 March, when it showed 1200."""
    readings = make_year("2026-03-25", "1200") + make_readings(("2026-03-25", "1200"), *later, first_id=20)[1:]
    return make_meter(id=meter_id, scales=(Scale(meter_id, "T1", readings),))


def two_meters(benefit: AccountBenefit) -> AccountMonth:
    """A mean of 145 m³ in April takes up the step: 105 of the other meter's 345 m³ are above it. Only 40 were used."""
    account = make_account(
        silent(1),
        read(2, ("2026-03-31", "0"), ("2026-04-30", "345")),
        period="2026-04",
        charged_reading_ids=frozenset(range(1, 14)),
        benefits=(benefit,),
    )
    account = as_charged(account, rules.accrue(account, SEVEN_AND_NINE))
    known = (
        silent(1, ("2026-05-25", "1240")),
        read(2, ("2026-03-31", "0"), ("2026-04-30", "345"), ("2026-05-25", "345")),
    )
    account = replace(account, meters=known, period=MAY)
    return as_charged(account, rules.accrue(account, SEVEN_AND_NINE))


def given_rub(account: AccountMonth) -> Decimal:
    return -sum((line.amount_rub for line in account.charged if line.kind == "benefit"), Decimal(0))


def charged_rub(account: AccountMonth) -> Decimal:
    return sum((line.amount_rub for line in account.charged if line.kind != "benefit"), Decimal(0))


def test_what_moves_below_a_step_has_its_benefit_at_the_lower_price():
    account = two_meters(HALF)

    assert (charged_rub(account), given_rub(account)) == (385 * 7, Decimal("1347.50"))


def test_when_prices_are_corrected_so_is_the_benefit_of_what_has_moved():
    account = two_meters(HALF)

    for month in (APRIL, MAY):
        corrected = rules.recompute(in_month(account, month), EIGHT_AND_TWELVE, reason="Приказ")
        account = as_charged(account, corrected, period=JUNE)

    assert (charged_rub(account), given_rub(account)) == (385 * 8, 385 * 4)
    assert rules.recompute(in_month(account, APRIL), EIGHT_AND_TWELVE, reason="Приказ").lines == ()


def test_what_moves_keeps_the_volume_that_its_benefit_was_given_for():
    account = two_meters(WITHIN_100)

    moved = [line for line in account.charged if line.kind == "benefit" and "moved" in line.inputs]
    assert [(str(line.volume_m3), str(line.amount_rub)) for line in moved] == [
        ("-21.429", "96.43"),
        ("21.429", "-75.00"),
    ]


def test_a_line_that_moves_in_the_month_that_charges_it_has_its_benefit_once():
    """The first meter's 240 m³ of May are charged before the second one's estimate goes back, 105 of them too dear."""
    account = make_account(
        read(1, ("2026-03-31", "0"), ("2026-04-30", "100")),
        silent(2),
        period="2026-04",
        charged_reading_ids=frozenset(range(1, 14)),
        benefits=(HALF,),
    )
    account = as_charged(account, rules.accrue(account, SEVEN_AND_NINE))
    known = (
        read(1, ("2026-03-31", "0"), ("2026-04-30", "100"), ("2026-05-31", "345")),
        silent(2, ("2026-05-25", "1240")),
    )

    accrued = rules.accrue(replace(account, meters=known, period=MAY), SEVEN_AND_NINE)

    account = as_charged(account, accrued, period=MAY)
    assert [kind for kind, *_ in brief([line for line in accrued.lines if "moved" in line.inputs])] == [
        "correction",
        "correction",
        "benefit",
        "benefit",
    ]
    assert (charged_rub(account), given_rub(account)) == (385 * 7, Decimal("1347.50"))


def test_the_benefit_of_a_norm_is_for_its_own_month_not_for_the_days_before_it_that_it_settles():
    """April's norm settles March from the 2nd; a reading of 1 May takes it back, and the price changes on 1 April."""
    norms = {("", ""): (make_norm("20"),)}
    policy = make_policy(recalculate_norm_months="auto", average_at_most_months=0)
    terms = make_terms(price("10", until="2026-04-01"), price("20", "2026-04-01"), norms=norms, policy=policy)
    account = make_account(
        read(1, ("2026-02-01", "0"), ("2026-03-01", "30")), period="2026-03", benefits=(HALF,), area=None
    )
    account = as_charged(account, rules.accrue(account, terms))
    account = replace(account, period=APRIL)
    account = as_charged(account, rules.accrue(account, terms))
    assert given_rub(account) == charged_rub(account) / 2

    known = read(1, ("2026-02-01", "0"), ("2026-03-01", "30"), ("2026-05-01", "30"))
    account = replace(account, meters=(known,), period=MAY)
    account = as_charged(account, rules.accrue(account, terms))

    assert (charged_rub(account), given_rub(account)) == (300, 150)
