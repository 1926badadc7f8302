"""Penalties for paying late, day by day. The figures of the law are given here; the product reads them from tables."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.charges.rules.penalties import (
    KeyRateMissing,
    Overdue,
    PenaltyCase,
    PenaltyMonth,
    Settlement,
    due_day,
    penalty_lines,
    penalty_of_month,
)
from kabinet.common.money import round_to_kopeck
from kabinet.common.month import Month, months_between
from kabinet.tariffs.rules import DelayStep, KeyRate, Moratorium, PenaltyLaw, RateCap

PENALTY_SERVICE = 9


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def rub(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


STEPS = (DelayStep(day("2016-01-01"), 31, 300, ""), DelayStep(day("2016-01-01"), 91, 130, ""))
LAW = PenaltyLaw(
    key_rates=(KeyRate(day("2025-10-27"), Decimal("16.5"), ""),),
    caps=(RateCap(day("2025-01-01"), day("2027-01-01"), Decimal("9.5"), ""),),
    steps=STEPS,
)
FREE = PenaltyLaw(key_rates=(KeyRate(day("2020-01-01"), Decimal("9.5"), ""),), steps=STEPS)
MARCH = Month(2026, 3)


def march(*settlements: Settlement, amount: str = "2500") -> Overdue:
    """What was charged for March 2026, payable until Wednesday 15 April."""
    return Overdue(MARCH, day("2026-04-15"), rub(amount), settlements)


def paid(on: str, amount: str, *, released: str | None = None) -> Settlement:
    return Settlement(day(on), rub(amount), day(released) if released else None)


def penalties(overdue: Overdue, since: str, until: str, law: PenaltyLaw = LAW) -> list[PenaltyMonth]:
    months = months_between(Month.parse(since), Month.parse(until))
    return [penalty_of_month(month, [overdue], law) for month in months]


def table(month: PenaltyMonth) -> list[tuple[str, str, int, str, str, int]]:
    return [
        (str(row.since), str(row.until), row.days, f"{row.base_rub:f}", f"{row.rate_percent:f}", row.divisor)
        for row in month.rows
    ]


@pytest.mark.parametrize(
    ("charged_on", "due_on"),
    [
        ("2026-03-20", "2026-04-15"),  # by hand, while the month ran
        ("2026-04-01", "2026-04-15"),
        ("2026-04-15", "2026-04-15"),
        ("2026-04-16", "2026-05-15"),
        ("2026-05-02", "2026-05-15"),
        ("2026-05-16", "2026-06-15"),
        ("2026-12-31", "2027-01-15"),
    ],
)
def test_a_month_that_is_charged_late_is_due_on_the_first_day_to_pay_that_has_not_passed(charged_on, due_on):
    assert due_day(MARCH, day(charged_on), lambda month: month.next().first_day.replace(day=15)) == day(due_on)


def test_the_worked_example_of_the_domain_comes_to_its_sum():
    months = penalties(march(paid("2026-09-01", "2500")), "2026-04", "2026-12")

    exact = sum((row.exact_rub for month in months for row in month.rows), Fraction(0))
    by_divisor = {
        divisor: sum(row.days for month in months for row in month.rows if row.divisor == divisor)
        for divisor in (300, 130)
    }

    assert by_divisor == {300: 60, 130: 49}
    assert round_to_kopeck(Decimal(exact.numerator) / Decimal(exact.denominator)) == rub("137.02")


def test_each_month_has_its_table_and_is_rounded_once():
    months = penalties(march(paid("2026-09-01", "2500")), "2026-04", "2026-11")

    assert [(str(month.month), f"{month.amount_rub:f}", table(month)) for month in months] == [
        ("2026-04", "0.00", []),
        ("2026-05", "12.67", [("2026-05-16", "2026-06-01", 16, "2500.00", "9.5", 300)]),
        ("2026-06", "23.75", [("2026-06-01", "2026-07-01", 30, "2500.00", "9.5", 300)]),
        (
            "2026-07",
            "42.14",
            [
                ("2026-07-01", "2026-07-15", 14, "2500.00", "9.5", 300),
                ("2026-07-15", "2026-08-01", 17, "2500.00", "9.5", 130),
            ],
        ),
        ("2026-08", "56.63", [("2026-08-01", "2026-09-01", 31, "2500.00", "9.5", 130)]),
        ("2026-09", "1.83", [("2026-09-01", "2026-09-02", 1, "2500.00", "9.5", 130)]),
        ("2026-10", "0.00", []),
    ]


@pytest.mark.parametrize(
    ("paid_on", "days"),
    [("2026-05-15", 0), ("2026-05-16", 1), ("2026-05-17", 2), ("2026-05-31", 16), ("2026-06-01", 16)],
)
def test_thirty_days_are_free_and_the_day_of_payment_is_overdue(paid_on, days):
    [month] = penalties(march(paid(paid_on, "2500")), "2026-05", "2026-06")

    assert sum(row.days for row in month.rows) == days


def test_day_ninety_costs_the_lower_part_and_day_ninety_one_the_higher():
    [month] = penalties(march(), "2026-07", "2026-08")

    assert [(row.first_delay_day, row.days, row.divisor) for row in month.rows] == [(77, 14, 300), (91, 17, 130)]


def test_the_base_falls_from_the_day_after_each_payment():
    [month] = penalties(march(paid("2026-06-10", "1000"), paid("2026-06-20", "500")), "2026-06", "2026-07")

    assert table(month) == [
        ("2026-06-01", "2026-06-11", 10, "2500.00", "9.5", 300),
        ("2026-06-11", "2026-06-21", 10, "1500.00", "9.5", 300),
        ("2026-06-21", "2026-07-01", 10, "1000.00", "9.5", 300),
    ]
    assert month.amount_rub == rub("15.83")  # 7.9167 + 4.75 + 3.1667 = 15.8333


def test_what_was_paid_in_time_or_in_advance_costs_nothing():
    assert penalties(march(paid("2026-04-15", "2500")), "2026-05", "2026-06")[0].amount_rub == 0
    assert penalties(march(paid("2026-01-10", "2500")), "2026-05", "2026-06")[0].amount_rub == 0


def test_without_a_cap_the_rate_is_the_key_rate_of_the_day_of_payment():
    law = PenaltyLaw(
        key_rates=(KeyRate(day("2026-01-01"), Decimal("16"), ""), KeyRate(day("2026-06-15"), Decimal("12"), "")),
        steps=STEPS,
    )

    paid_early = penalties(march(paid("2026-06-14", "2500")), "2026-05", "2026-06", law)[0]
    paid_late = penalties(march(paid("2026-06-15", "2500")), "2026-05", "2026-06", law)[0]

    assert [row.rate_percent for row in paid_early.rows] == [Decimal("16")]
    assert [row.rate_percent for row in paid_late.rows] == [Decimal("12")]


def test_what_is_unpaid_has_the_key_rate_of_the_months_last_day_and_parts_have_their_own():
    law = PenaltyLaw(
        key_rates=(KeyRate(day("2026-01-01"), Decimal("16"), ""), KeyRate(day("2026-06-15"), Decimal("12"), "")),
        steps=STEPS,
    )

    [month] = penalties(march(paid("2026-06-10", "1000")), "2026-06", "2026-07", law)

    assert table(month) == [
        ("2026-06-01", "2026-07-01", 30, "1500.00", "12", 300),
        ("2026-06-01", "2026-06-11", 10, "1000.00", "16", 300),
    ]


def test_a_cap_holds_on_its_days_and_after_them_the_key_rate_does():
    law = PenaltyLaw(
        key_rates=LAW.key_rates, caps=(RateCap(day("2025-01-01"), day("2026-06-11"), Decimal("9.5"), ""),), steps=STEPS
    )

    [month] = penalties(march(), "2026-06", "2026-07", law)

    assert table(month) == [
        ("2026-06-01", "2026-06-11", 10, "2500.00", "9.5", 300),
        ("2026-06-11", "2026-07-01", 20, "2500.00", "16.5", 300),
    ]


def test_a_cap_above_the_key_rate_changes_nothing():
    law = PenaltyLaw(key_rates=(KeyRate(day("2020-01-01"), Decimal("4.25"), ""),), caps=LAW.caps, steps=STEPS)

    assert penalties(march(), "2026-06", "2026-07", law)[0].rows[0].rate_percent == Decimal("4.25")


def test_a_moratorium_leaves_its_days_out_and_the_delay_runs_on():
    moratorium = Moratorium(day("2026-07-01"), day("2026-07-20"), "")
    law = PenaltyLaw(key_rates=LAW.key_rates, caps=LAW.caps, steps=STEPS, moratoria=(moratorium,))

    [month] = penalties(march(), "2026-07", "2026-08", law)

    assert table(month) == [("2026-07-20", "2026-08-01", 12, "2500.00", "9.5", 130)]


def test_steps_of_a_new_act_replace_all_the_steps_before_them():
    later = DelayStep(day("2026-06-16"), 91, 300, "")
    law = PenaltyLaw(key_rates=LAW.key_rates, caps=LAW.caps, steps=(*STEPS, later))

    june, july = penalties(march(), "2026-06", "2026-08", law)

    assert table(june) == [("2026-06-01", "2026-06-16", 15, "2500.00", "9.5", 300)]
    assert table(july) == [("2026-07-15", "2026-08-01", 17, "2500.00", "9.5", 300)]


def test_while_money_was_here_before_it_went_back_nothing_is_due_for_it():
    [month] = penalties(march(paid("2026-06-10", "2500", released="2026-06-20")), "2026-06", "2026-07")

    assert table(month) == [
        ("2026-06-01", "2026-06-11", 10, "2500.00", "9.5", 300),
        ("2026-06-21", "2026-07-01", 10, "2500.00", "9.5", 300),
    ]


def test_several_months_stand_in_one_table_oldest_first():
    april = Overdue(Month(2026, 4), day("2026-05-15"), rub("1000"))

    month = penalty_of_month(Month(2026, 7), [april, march()], LAW)

    assert [(str(row.period), row.days, row.divisor) for row in month.rows] == [
        ("2026-03", 14, 300),
        ("2026-03", 17, 130),
        ("2026-04", 31, 300),
    ]
    assert month.amount_rub == rub("51.96")  # 11.0833 + 31.0577 + 9.8167 = 51.9577


def test_the_sum_is_rounded_once_and_not_row_by_row():
    rows = [Overdue(Month(2025, number), day("2026-04-15"), rub("15.25")) for number in range(1, 11)]

    month = penalty_of_month(Month(2026, 6), rows, LAW)

    assert month.amount_rub == rub("1.45")  # 10 × 0.144875, each of which alone would be 0.14


def test_a_day_without_a_key_rate_is_refused_and_not_taken_for_free():
    law = PenaltyLaw(key_rates=(KeyRate(day("2026-07-01"), Decimal("16"), ""),), steps=STEPS)

    with pytest.raises(KeyRateMissing) as missing:
        penalties(march(), "2026-06", "2026-07", law)

    assert missing.value.day == day("2026-06-30")


# --- Lines ------------------------------------------------------------------------------------------------------------


def lines(case: PenaltyCase, period: str, *, recheck_months: int = 3) -> list[tuple[str, str]]:
    month = Month.parse(period)
    earlier = list(months_between(month.plus(-recheck_months), month))
    found = penalty_lines(case, LAW, period=month, earlier=earlier, service_id=PENALTY_SERVICE)
    return [(str(line.for_period), f"{line.amount_rub:f}") for line in found]


def test_what_is_charged_already_is_not_charged_again():
    charged = {Month(2026, 5): rub("12.67")}

    assert lines(PenaltyCase((march(),), charged, MARCH), "2026-06") == [("2026-06", "23.75")]
    assert lines(PenaltyCase((march(),), charged | {Month(2026, 6): rub("23.75")}, MARCH), "2026-06") == []


def test_months_that_were_left_out_are_charged_as_far_back_as_the_supplier_looks():
    case = PenaltyCase((march(),), charged_since=MARCH)

    assert lines(case, "2026-07") == [("2026-05", "12.67"), ("2026-06", "23.75"), ("2026-07", "42.14")]
    assert lines(case, "2026-07", recheck_months=0) == [("2026-07", "42.14")]


@pytest.mark.parametrize(
    ("charged_since", "months"),
    [("2026-06", ["2026-06", "2026-07"]), ("2026-07", ["2026-07"]), (None, ["2026-07"])],
)
def test_months_before_our_rules_charged_anything_are_not_looked_back_at(charged_since, months):
    case = PenaltyCase((march(),), charged_since=charged_since and Month.parse(charged_since))

    assert [month for month, _ in lines(case, "2026-07")] == months


def test_a_payment_that_is_known_late_lowers_what_was_charged_for_the_days_after_it():
    charged = {Month(2026, 5): rub("12.67"), Month(2026, 6): rub("23.75")}

    case = PenaltyCase((march(paid("2026-05-20", "2500")),), charged, MARCH)

    assert lines(case, "2026-07") == [("2026-05", "-8.71"), ("2026-06", "-23.75")]


def test_a_charge_that_is_not_owed_any_more_takes_its_penalties_with_it():
    assert lines(PenaltyCase((), {Month(2026, 6): rub("23.75")}), "2026-06") == [("2026-06", "-23.75")]


def test_a_line_keeps_its_table_and_says_how_it_was_counted():
    case = PenaltyCase((march(paid("2026-05-20", "2500")),), {Month(2026, 5): rub("12.67")})

    [line] = penalty_lines(case, LAW, period=Month(2026, 5), earlier=[], service_id=PENALTY_SERVICE)

    assert (line.kind, line.service_id) == ("penalty", PENALTY_SERVICE)
    assert line.formula == "2500 ₽ × 9,5 % / 300 × 5 дн. = 3,96 ₽, начислено раньше 12,67 ₽: −8,71 ₽"
    assert line.inputs == {
        "days": [
            {
                "since": "2026-05-16",
                "until": "2026-05-21",
                "days": 5,
                "period": "2026-03",
                "first_delay_day": 31,
                "base": "2500",
                "rate_percent": "9,5",
                "divisor": 300,
                "exact": "3,9583",
            }
        ],
        "due": "3,96",
        "charged_before": "12,67",
    }
    assert (line.used_since, line.used_until) == (day("2026-05-01"), day("2026-06-01"))
    assert "155" in line.rule_source


def test_a_long_formula_points_at_the_table_and_fits_its_column():
    overdue = tuple(Overdue(Month(2025, number), day("2026-04-15"), rub("999999.99")) for number in range(1, 11))

    [line] = penalty_lines(PenaltyCase(overdue), LAW, period=Month(2026, 6), earlier=[], service_id=9)

    assert line.formula == "по таблице дней = 95000,00 ₽"
    assert len(line.inputs["days"]) == 10


# --- Generated values -------------------------------------------------------------------------------------------------

kopecks = st.integers(1, 500_000).map(lambda value: Decimal(value) / 100)
days_2026 = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
MONTHS_2026 = [Month(2026, number) for number in range(1, 13)]


@st.composite
def any_overdue(draw):
    number = draw(st.integers(1, 12))
    due_on = draw(st.dates(dt.date(2025, 11, 1), dt.date(2026, 9, 1)))
    parts = draw(st.lists(st.tuples(days_2026, kopecks, st.none() | days_2026), max_size=4))
    settlements = tuple(
        Settlement(min(on, released) if released else on, part, max(on, released) if released else None)
        for on, part, released in parts
    )
    kept = sum((part.amount_rub for part in settlements if part.released_on is None), Decimal(0))
    largest = max((part.amount_rub for part in settlements), default=Decimal(0))
    return Overdue(Month(2025, number), due_on, max(kept, largest) + draw(kopecks), settlements)


def by_days(overdue: Overdue, month: Month, law: PenaltyLaw) -> Fraction:
    """The same penalty, counted as slowly as the law reads: each day by itself."""
    total, today = Fraction(0), month.first_day
    while today < month.next().first_day:
        delay = (today - overdue.due_on).days
        away = sum(
            part.amount_rub
            for part in overdue.settlements
            if part.paid_on < today and (part.released_on is None or today <= part.released_on)
        )
        base = max(overdue.amount_rub - away, Decimal(0))
        divisor = 130 if delay >= 91 else 300
        if delay >= 31:
            total += Fraction(base) * Fraction("9.5") / 100 / divisor
        today += dt.timedelta(days=1)
    return total


@given(any_overdue(), st.sampled_from(MONTHS_2026))
def test_the_table_comes_to_what_each_day_by_itself_does(overdue, month):
    exact = sum((row.exact_rub for row in penalty_of_month(month, [overdue], FREE).rows), Fraction(0))

    assert exact == by_days(overdue, month, FREE)


@given(any_overdue(), st.sampled_from(MONTHS_2026))
def test_rows_of_a_month_do_not_overlap_and_stay_in_it(overdue, month):
    rows = penalty_of_month(month, [overdue], FREE).rows

    assert all(month.first_day <= row.since < row.until <= month.next().first_day for row in rows)
    assert all(first.until <= second.since for first, second in pairwise(rows))
    assert all(row.base_rub > 0 for row in rows)


@given(st.lists(any_overdue(), max_size=3), st.integers(0, 4), st.integers(3, 12))
def test_charged_once_a_month_is_charged_and_again_changes_nothing(overdue, recheck_months, number):
    since, period = Month(2025, 1), Month(2026, number)
    case = PenaltyCase(tuple(overdue), charged_since=since)
    earlier = list(months_between(period.plus(-recheck_months), period))

    charged: dict[Month, Decimal] = {}
    for line in penalty_lines(case, FREE, period=period, earlier=earlier, service_id=9):
        charged[line.for_period] = charged.get(line.for_period, Decimal(0)) + line.amount_rub

    again = PenaltyCase(tuple(overdue), charged, since)
    assert penalty_lines(again, FREE, period=period, earlier=earlier, service_id=9) == ()


@given(any_overdue(), days_2026, st.sampled_from(MONTHS_2026))
def test_paying_more_never_costs_more(overdue, paid_on, month):
    more = Overdue(
        overdue.period, overdue.due_on, overdue.amount_rub, (*overdue.settlements, Settlement(paid_on, Decimal("0.01")))
    )

    before = sum((row.exact_rub for row in penalty_of_month(month, [overdue], FREE).rows), Fraction(0))
    after = sum((row.exact_rub for row in penalty_of_month(month, [more], FREE).rows), Fraction(0))

    assert after <= before
