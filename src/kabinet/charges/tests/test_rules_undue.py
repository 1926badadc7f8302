"""An act comes late: what was charged for days after a contract ended, or that another meter counts, goes back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kabinet.charges import rules
from kabinet.charges.rules import Scale
from kabinet.charges.tests.months import (
    GAS,
    ONE_DAY,
    UPKEEP,
    as_charged,
    brief,
    day,
    make_account,
    make_meter,
    make_norm,
    make_readings,
    make_terms,
    make_year,
    price,
)
from kabinet.common.month import Month
from kabinet.tariffs.rules import AccountBenefit, AccountFee

NORMS = {("", ""): (make_norm("23.3"), make_norm("8.1", "m2"))}
TERMS = make_terms("10", norms=NORMS)
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Month(2026, number) for number in (9, 10, 11, 12))


def silent_account(**others):
    """An account with a year of 145 m³ a month, charged up to the reading of 25 September 2026, which showed 1200."""
    meter = make_meter(*make_year("2026-09-25", "1200"))
    return make_account(meter, period="2026-09", charged_reading_ids=frozenset(range(1, 14)), **others)


def accrued_in(account, *months, terms=TERMS):
    """Charge months of an account one after another."""
    for month in months:
        account = replace(account, period=month)
        account = as_charged(account, rules.accrue(account, terms))
    return account


def old_meter(account, closing, *, removed):
    """Give the meter of an account with a closing reading (day, value), removed on that day or still in its place."""
    [meter] = account.meters
    [scale] = meter.scales
    last = scale.readings[-1]
    later = make_readings((str(last.taken_on), str(last.value_m3)), closing, first_id=99)[1:]
    return replace(
        meter,
        removed_on=day(closing[0]) if removed else None,
        scales=(replace(scale, readings=scale.readings + later),),
    )


def new_meter(*values, on="2026-10-10"):
    readings = make_readings(*values, first_id=201)
    return make_meter(id=2, serial_number="777", installed_on=day(on), scales=(Scale(2, "T1", readings),))


def charged_by(account, *kinds):
    return [line for line in account.charged if not kinds or line.kind in kinds]


def total_m3(account):
    return sum(line.volume_m3 for line in account.charged if line.kind != "benefit")


def test_a_meter_that_was_replaced_before_its_month_was_charged_by_the_mean_is_charged_to_its_last_day():
    account = accrued_in(silent_account(), OCTOBER)
    old, new = old_meter(account, ("2026-10-10", "1260"), removed=True), new_meter(("2026-10-10", "0"))
    new = new_meter(("2026-10-10", "0"), ("2026-11-25", "200"))

    account = accrued_in(replace(account, meters=(old, new)), NOVEMBER)

    assert total_m3(account) == 60 + 200
    [taken_back] = [line for line in account.charged if "undue" in line.inputs]
    assert (taken_back.used_since, taken_back.used_until) == (day("2026-10-11"), day("2026-11-01"))
    assert (taken_back.kind, taken_back.volume_m3, taken_back.amount_rub) == (
        "correction",
        Decimal("-84.583"),
        Decimal("-845.83"),
    )


def test_what_is_taken_back_lowers_the_month_that_it_is_about():
    account = accrued_in(silent_account(), OCTOBER)
    account = replace(account, period=NOVEMBER, closed_on=day("2026-10-11"))

    [line, *_] = rules.accrue(account, TERMS).lines

    assert line.for_period == OCTOBER
    assert line.formula == "0 м³ − 84,583 м³ = −84,583 м³; 0,00 ₽ − 845,83 ₽ = −845,83 ₽"
    assert [row["days"] for row in line.inputs["charged"]] == ["21"]


def test_who_moved_out_with_a_reading_before_the_mean_was_charged_pays_for_what_the_dial_showed():
    account = accrued_in(silent_account(), OCTOBER, NOVEMBER)
    left = replace(
        account, closed_on=day("2026-10-11"), meters=(old_meter(account, ("2026-10-10", "1260"), removed=False),)
    )

    account = accrued_in(left, DECEMBER)

    assert total_m3(account) == 60
    assert sum(line.amount_rub for line in account.charged) == 600


def test_what_was_taken_back_is_taken_back_once():
    account = replace(accrued_in(silent_account(), OCTOBER), closed_on=day("2026-10-11"))

    account = accrued_in(account, NOVEMBER)

    assert rules.accrue(replace(account, period=NOVEMBER), TERMS).lines == ()
    assert rules.accrue(replace(account, period=DECEMBER), TERMS).lines == ()


def test_a_closing_that_is_taken_back_charges_the_days_again():
    account = replace(accrued_in(silent_account(), OCTOBER), closed_on=day("2026-10-11"))
    account = replace(accrued_in(account, NOVEMBER), closed_on=None)

    account = accrued_in(account, DECEMBER)

    assert sum(line.volume_m3 for line in account.charged if line.used_until <= day("2026-11-01")) == 145


@pytest.mark.parametrize(
    ("closed_on", "charged_m3"), [("2026-10-01", "0"), ("2026-10-11", "171.806"), ("2026-11-01", "532.6")]
)
def test_the_norm_of_an_account_without_a_meter_ends_with_the_contract(closed_on, charged_m3):
    account = accrued_in(make_account(period="2026-10"), OCTOBER)

    account = accrued_in(replace(account, closed_on=day(closed_on)), NOVEMBER)

    assert total_m3(account) == Decimal(charged_m3)


def test_the_norm_of_an_account_without_a_meter_ends_when_one_is_installed():
    account = accrued_in(make_account(period="2026-10"), OCTOBER)
    meter = new_meter(("2026-10-11", "0"), ("2026-11-25", "200"), on="2026-10-11")

    account = accrued_in(replace(account, meters=(meter,)), NOVEMBER)

    assert total_m3(account) == Decimal("171.806") + 200


def test_days_after_a_meter_was_removed_with_no_other_in_its_place_keep_their_estimate():
    account = accrued_in(silent_account(), OCTOBER)
    old = old_meter(account, ("2026-10-10", "1260"), removed=True)

    account = accrued_in(replace(account, meters=(old,)), NOVEMBER)

    assert [line for line in account.charged if "undue" in line.inputs] == []


def test_a_norm_of_two_meters_stays_while_one_of_them_is_in_its_place():
    meters = [make_meter(id=number, verification_due_on=day("2026-01-01")) for number in (1, 2)]
    account = accrued_in(make_account(*meters, period="2026-10"), OCTOBER)

    account = accrued_in(
        replace(account, meters=(replace(meters[0], removed_on=day("2026-10-10")), meters[1])), NOVEMBER
    )

    assert total_m3(account) == Decimal("532.6") * 2


def test_of_a_month_that_staff_had_computed_anew_what_is_left_after_it_goes_back():
    """145 m³ of 36 days were made 65 m³; ten of the days are before the end of the contract, five before October."""
    account = accrued_in(silent_account(), OCTOBER)
    [line] = charged_by(account, "average")
    anew = replace(line, charge_id=90, kind="correction", volume_m3=Decimal(-80), amount_rub=Decimal(-800))
    anew = replace(anew, price_rub_per_m3=None, inputs={"month": "2026-10", "due": []})

    account = accrued_in(replace(account, charged=(*account.charged, anew), closed_on=day("2026-10-11")), NOVEMBER)

    [taken_back] = [line for line in account.charged if "undue" in line.inputs]
    assert (taken_back.volume_m3, taken_back.amount_rub) == (Decimal("-37.916"), Decimal("-379.16"))
    assert total_m3(account) == Decimal("27.084")  # 65 × 15 / 36, each of both lines rounded to litres
    assert accrued_in(account, DECEMBER).charged == account.charged


def test_a_reading_that_comes_with_the_end_of_a_mistaken_closing_corrects_the_estimate_once():
    account = replace(accrued_in(silent_account(), OCTOBER), closed_on=day("2026-10-11"))
    account = replace(accrued_in(account, NOVEMBER), closed_on=None)
    read = old_meter(account, ("2026-12-25", "1500"), removed=False)

    account = accrued_in(replace(account, meters=(read,)), DECEMBER)

    assert total_m3(account) == 300
    assert sum(line.amount_rub for line in account.charged) == 3000


def test_the_benefit_of_what_is_taken_back_goes_back_with_it():
    half = AccountBenefit(day("2020-01-01"), None, 1, "v", "", GAS, Decimal(50), None, False, None, "", "", "")
    account = accrued_in(silent_account(benefits=(half,)), OCTOBER)

    account = accrued_in(replace(account, closed_on=day("2026-10-11")), NOVEMBER)

    charged_rub = sum(line.amount_rub for line in account.charged if line.kind != "benefit")
    given_rub = -sum(line.amount_rub for line in charged_by(account, "benefit"))
    assert (charged_rub, given_rub) == (Decimal("604.17"), Decimal("302.08"))


def test_fees_and_their_benefits_of_months_after_the_contract_ended_go_back():
    fee = AccountFee(day("2026-01-01"), None, UPKEEP, "Обслуживание", Decimal("104.20"), "Договор")
    half = AccountBenefit(day("2020-01-01"), None, 1, "v", "", UPKEEP, Decimal(50), None, False, None, "", "", "")
    account = accrued_in(silent_account(fees=(fee,), benefits=(half,)), OCTOBER, NOVEMBER)

    account = accrued_in(replace(account, closed_on=day("2026-10-11")), DECEMBER)

    of_fee = [line for line in account.charged if line.service_id == UPKEEP]
    assert sum(line.amount_rub for line in of_fee if line.kind != "benefit") == Decimal("104.20")
    assert sum(line.amount_rub for line in of_fee if line.kind == "benefit") == Decimal("-52.10")
    assert rules.accrue(account, TERMS).lines == ()


@pytest.mark.parametrize("is_recomputed", [False, True])
def test_a_closing_that_is_taken_back_charges_fees_and_their_benefits_again(is_recomputed):
    fee = AccountFee(day("2026-01-01"), None, UPKEEP, "Обслуживание", Decimal("104.20"), "Договор")
    half = AccountBenefit(day("2020-01-01"), None, 1, "v", "", UPKEEP, Decimal(50), None, False, None, "", "", "")
    account = accrued_in(silent_account(fees=(fee,), benefits=(half,)), OCTOBER, NOVEMBER)
    account = replace(account, closed_on=day("2026-10-11"))
    if is_recomputed:
        for month in (OCTOBER, NOVEMBER):
            corrected = rules.recompute(replace(account, period=month), TERMS, reason="Переехали")
            account = as_charged(account, corrected, period=DECEMBER)
    else:
        account = accrued_in(account, DECEMBER)
    assert of_upkeep(account, NOVEMBER) == 0

    account = accrued_in(replace(account, closed_on=None), DECEMBER)

    assert of_upkeep(account, OCTOBER) == of_upkeep(account, NOVEMBER) == Decimal("52.10")
    assert rules.accrue(account, TERMS).lines == ()
    assert rules.recompute(replace(account, period=NOVEMBER), TERMS, reason="Вернулись").lines == ()


def of_upkeep(account, month):
    """Give what a month of the service comes to, with all that was charged for it later."""
    lines = [line for line in account.charged if line.service_id == UPKEEP]
    return sum(line.amount_rub for line in lines if line.inputs.get("month", str(line.period)) == str(month))


def test_fees_stay_when_prices_are_missing():
    fee = AccountFee(day("2026-01-01"), None, UPKEEP, "Обслуживание", Decimal("104.20"), "Договор")

    accrued = rules.accrue(replace(silent_account(fees=(fee,)), period=OCTOBER), make_terms(price("10", "2027-01-01")))

    assert brief(accrued.lines) == [("fixed", "", "104.20")]


@settings(max_examples=80)
@given(st.integers(1, 90), st.integers(0, 400), st.integers(0, 400), st.integers(0, 3), st.booleans())
def test_a_late_act_charges_what_one_in_time_would_have(days_later, used_m3, later_m3, months_late, is_replaced):
    """What the dials counted is charged, whenever the act of replacing or closing is entered."""
    last_day = day("2026-09-25") + days_later * ONE_DAY
    first = Month.of(last_day)
    account = silent_account()
    until = first.plus(months_late)
    while account.period < until:
        account = accrued_in(account, account.period.next())
    old = old_meter(account, (str(last_day), str(1200 + used_m3)), removed=is_replaced)
    if is_replaced:
        read_on = until.next().first_day
        new = new_meter((str(last_day), "0"), (str(read_on), str(later_m3)), on=str(last_day))
        account = replace(account, meters=(old, new))
    else:
        account = replace(account, meters=(old,), closed_on=last_day + ONE_DAY)

    account = accrued_in(account, until.next())

    kept = [line for line in account.charged if line.kind == "norm"]
    if not kept:
        assert total_m3(account) == used_m3 + later_m3 * is_replaced
        assert sum(line.amount_rub for line in account.charged) == 10 * (used_m3 + later_m3 * is_replaced)
