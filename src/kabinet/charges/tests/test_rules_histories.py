"""Whatever came late, and whatever staff had computed anew: in the end an account is charged what is due."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings

from kabinet.charges import rules
from kabinet.charges.rules import AccountMonth, ChargedLine, Line, ReadLater, Scale
from kabinet.charges.tests.histories import (
    NORMS,
    History,
    Told,
    correct,
    due,
    flat,
    histories,
    live_through,
    recomputed,
)
from kabinet.charges.tests.months import (
    as_charged,
    brief,
    day,
    days,
    in_month,
    make_account,
    make_meter,
    make_policy,
    make_readings,
    make_terms,
    make_year,
    price,
)
from kabinet.common.month import Month

KOPECK_RUB = Decimal("0.01")


def volume_m3(lines: Iterable[Line | ChargedLine]) -> Decimal:
    return sum((line.volume_m3 or Decimal(0) for line in lines), Decimal(0))


def amount_rub(lines: Iterable[Line | ChargedLine]) -> Decimal:
    return sum((line.amount_rub for line in lines), Decimal("0.00"))


def corrected(history: History) -> AccountMonth:
    """Live through a history, and have all its months computed anew when all is known, in any order."""
    return correct(live_through(history), history.in_the_end, history)


def left(account: AccountMonth, history: History) -> list[Line]:
    """Give what computing all months anew once more, and accrual of the next month, would still charge."""
    again = [line for month in history.in_the_end for line in recomputed(account, month, history).lines]
    return [*again, *rules.accrue(in_month(account, history.until.next()), history.terms).lines]


def cost(lines: Iterable[Line | ChargedLine]) -> list[Line | ChargedLine]:
    return [line for line in lines if line.kind != "benefit"]


def given_rub(lines: Iterable[Line | ChargedLine]) -> Decimal:
    return -amount_rub(line for line in lines if line.kind == "benefit")


def vat_by_percent(lines: Iterable[Line | ChargedLine]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if "vat_rub" in line.inputs:
            found[line.inputs["vat_percent"]] += Decimal(line.inputs["vat_rub"].replace(",", ".").replace("−", "-"))
    return {percent: vat_rub for percent, vat_rub in found.items() if vat_rub}


def assert_charged_is_due(account: AccountMonth, history: History) -> None:
    charged, lines = cost(account.charged), cost(due(history))
    assert volume_m3(charged) == volume_m3(lines)
    assert amount_rub(charged) == amount_rub(lines)
    assert given_rub(account.charged) == (amount_rub(lines) / 2 if history.has_half else 0)
    assert vat_by_percent(charged) == vat_by_percent(lines)
    assert left(account, history) == []


@settings(max_examples=100, deadline=None)
@given(histories())
def test_after_all_months_are_corrected_an_account_is_charged_what_is_due_and_nothing_is_left(history):
    assert_charged_is_due(corrected(history), history)


@settings(max_examples=60, deadline=None)
@given(histories(has_more=True))
def test_so_it_is_with_several_scales_or_a_second_meter(history):
    assert_charged_is_due(corrected(history), history)


@settings(max_examples=100, deadline=None)
@given(histories(has_steps=True))
def test_so_it_is_with_yearly_steps_but_for_a_kopeck_of_vat_in_a_part_of_a_line(history):
    account = corrected(history)

    charged, lines = cost(account.charged), cost(due(history))
    kopecks_rub = KOPECK_RUB * len(account.charged)
    assert volume_m3(charged) == volume_m3(lines)
    assert amount_rub(charged) == amount_rub(lines)
    assert abs(sum(vat_by_percent(charged).values()) - sum(vat_by_percent(lines).values())) <= kopecks_rub
    assert left(account, history) == []


def test_what_was_charged_above_a_step_moves_below_it_when_an_estimate_goes_back():
    """385 m³ of a year cost 7 ₽, all above 9 ₽. A mean of 145 m³ took up 145 of them; 40 m³ were used."""
    ladder = {("", "", Decimal(0)): (price("7"),), ("", "", Decimal(385)): (price("9"),)}
    cooker = make_meter(*make_year("2026-03-25", "1200"))
    boiler = make_meter(*make_readings(("2026-03-31", "0"), ("2026-04-30", "345"), first_id=50), id=2)
    boiler = make_meter(id=2, scales=(type(cooker.scales[0])(2, "T1", boiler.scales[0].readings),))
    account = make_account(cooker, boiler, period="2026-04", charged_reading_ids=frozenset(range(1, 14)))
    account = as_charged(account, rules.accrue(in_month(account, Month(2026, 4)), make_terms(prices=ladder)))
    assert brief(account.charged) == [
        ("average", "145", "1015.00"),
        ("metered", "240", "1680.00"),
        ("metered", "105", "945.00"),
    ]
    read = make_readings(("2026-03-25", "1200"), ("2026-05-25", "1240"), first_id=70)[1:]
    boiler_read = make_readings(("2026-04-30", "345"), ("2026-05-25", "345"), first_id=80)[1:]
    account = make_account(
        *(
            make_meter(id=meter.id, scales=(type(scale)(scale.id, "T1", scale.readings + more),))
            for meter, more in ((cooker, read), (boiler, boiler_read))
            for scale in meter.scales
        ),
        period="2026-05",
        charged=account.charged,
        charged_reading_ids=account.charged_reading_ids,
    )

    lines = rules.accrue(account, make_terms(prices=ladder)).lines

    moved = [line for line in lines if "moved" in line.inputs]
    assert brief(moved) == [("correction", "-105", "-945.00"), ("correction", "105", "735.00")]
    assert {(line.used_since, line.used_until, str(line.for_period)) for line in moved} == {
        (day("2026-04-01"), day("2026-05-01"), "2026-04")
    }
    assert amount_rub([*account.charged, *lines]) == 385 * 7
    assert (
        rules.accrue(
            as_charged(account, rules.accrue(account, make_terms(prices=ladder))), make_terms(prices=ladder)
        ).lines
        == ()
    )


def test_a_norm_of_two_meters_settles_of_each_the_days_that_it_had_left():
    """One meter was read in January, the other was silent: only of the first does February's norm settle January."""
    policy = make_policy(recalculate_norm_months="by_operator", average_at_most_months=0)
    terms = make_terms(prices=flat(), policy=policy, norms=NORMS)
    history = History(
        told=(
            Told(day("2026-01-10"), (0,), Month(2026, 1)),
            Told(day("2026-03-01"), (0,), Month(2026, 3)),
        ),
        told_beside=(Told(day("2026-03-01"), (0,), Month(2026, 3)),),
        has_half=False,
        away=0,
        replaced_at=None,
        first_terms=terms,
        terms=terms,
        prices_in=Month(2026, 1),
        corrections=(),
        in_the_end=(Month(2026, 1), Month(2026, 2), Month(2026, 3)),
    )

    assert_charged_is_due(corrected(history), history)


def test_a_norm_stays_for_none_of_the_days_of_a_replaced_meter_that_came_to_be_known_with_its_readings():
    """February was charged by the norm for the old meter and the one beside it; then both are read, and a new one."""
    terms = make_terms(prices=flat(), policy=make_policy(average_at_most_months=0), norms=NORMS)
    march = Month(2026, 3)
    history = History(
        told=(Told(day("2026-01-05"), (0,), march), Told(day("2026-03-01"), (0,), march)),
        told_beside=(Told(day("2026-03-01"), (60,), march),),
        has_half=False,
        away=0,
        replaced_at=0,
        first_terms=terms,
        terms=terms,
        prices_in=Month(2026, 1),
        corrections=(),
        in_the_end=(Month(2026, 1), Month(2026, 2), march),
    )

    account = corrected(history)

    assert volume_m3(account.charged) == 60
    assert_charged_is_due(account, history)


def test_where_the_meter_beside_it_is_silent_still_the_norm_is_its_own():
    """The new meter counted February, so its norm is for the other one alone: from the old one it goes over to it."""
    terms = make_terms(policy=make_policy(average_at_most_months=0), norms=NORMS)
    old = make_meter(*make_readings(("2025-12-31", "0")))
    beside = make_meter(id=3, scales=(Scale(30, "T1", make_readings(("2025-12-31", "0"), first_id=30)),))
    account = make_account(old, beside, period="2026-01")
    for month in (Month(2026, 1), Month(2026, 2)):
        account = as_charged(account, rules.accrue(replace(account, period=month), terms), period=month)
    assert volume_m3(account.charged) == Decimal("532.6") * 2
    old = make_meter(*make_readings(("2025-12-31", "0"), ("2026-01-31", "40")), removed_on=day("2026-01-31"))
    new = Scale(20, "T1", make_readings(("2026-01-31", "0"), ("2026-03-31", "59"), first_id=20))
    new_meter = make_meter(id=2, installed_on=day("2026-01-31"), scales=(new,))
    account = replace(account, meters=(old, new_meter, beside), period=Month(2026, 3))
    account = as_charged(account, rules.accrue(account, terms))

    [anew, back] = rules.recompute(in_month(account, Month(2026, 2)), terms, reason="Приказ").lines

    assert (anew.meter_id, *brief([anew])) == (3, ("correction", "532.6", "5326.00"))
    assert (back.meter_id, *brief([back])) == (1, ("correction", "-532.6", "-5326.00"))


def test_a_reading_that_comes_after_a_norm_is_spread_over_the_day_of_the_installation_too():
    """30 m³ went through in the 60 days since the installation: the norm of February gives way to 14 m³ of them."""
    terms = make_terms(policy=make_policy(average_at_most_months=0), norms=NORMS)
    opening = make_readings(("2026-01-31", "0"), ("2026-03-31", "30"))
    scale = Scale(1, "T1", opening[:1], begins_on=day("2026-01-31"))
    meter = make_meter(installed_on=day("2026-01-31"), scales=(scale,))
    account = make_account(meter, period="2026-01", opened_on=day("2026-01-31"))
    for month in (Month(2026, 1), Month(2026, 2)):
        account = as_charged(account, rules.accrue(replace(account, period=month), terms), period=month)
    meter = replace(meter, scales=(replace(scale, readings=opening),))
    account = replace(account, meters=(meter,), period=Month(2026, 3))
    account = as_charged(account, rules.accrue(account, terms))
    kept = days("2026-02-01", "2026-03-01")
    later = replace(account, read_later=(ReadLater(1, opening[1], (kept,)),))

    corrected = rules.recompute(in_month(later, Month(2026, 2)), terms, reason="Приказ").lines

    assert volume_m3([*account.charged, *corrected]) == 30
