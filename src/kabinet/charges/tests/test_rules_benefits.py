"""Benefits lower what is due: by a share of the cost within a volume, or by a fixed sum, never below zero."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kabinet.accounts.rules import Residence
from kabinet.charges import rules
from kabinet.charges.tests.months import (
    GAS,
    UPKEEP,
    accrue_months,
    as_charged,
    brief,
    day,
    days,
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
from kabinet.tariffs.rules import AccountBenefit, AccountFee


def benefit(share=None, *, limit=None, rub=None, since="2020-01-01", until=None, code="veteran", **others):
    values = {
        "benefit_id": 1,
        "name": "Ветераны",
        "service_id": GAS,
        "is_limit_per_head": False,
        "funded_by": "Бюджет",
        "source": "Закон",
        "document": "",
    }
    return AccountBenefit(
        valid_from=day(since),
        valid_until=until and day(until),
        code=code,
        share_percent=share and Decimal(share),
        limit_m3=limit and Decimal(limit),
        monthly_rub=rub and Decimal(rub),
        **(values | others),
    )


def read_account(*benefits, used="28", **others):
    meter = make_meter(*make_readings(("2026-09-25", "1234"), ("2026-10-25", str(1234 + int(used)))))
    return make_account(meter, period="2026-10", benefits=benefits, **others)


def benefits_of(account, terms=None):
    lines = rules.accrue(account, terms or make_terms("4.37507")).lines
    return [(str(line.volume_m3), str(line.amount_rub)) for line in lines if line.kind == "benefit"]


def test_half_of_the_cost_within_twenty_cubic_metres():
    charge, line = rules.accrue(read_account(benefit("50", limit="20")), make_terms("4.37507")).lines

    assert (charge.amount_rub, line.amount_rub) == (Decimal("122.50"), Decimal("-43.75"))
    assert charge.amount_rub + line.amount_rub == Decimal("78.75")
    assert line.volume_m3 == 20
    assert line.formula == "20 м³ × 4,37507 ₽/м³ × 50 % = 43,75 ₽"
    assert (line.inputs["benefit"], line.inputs["base_m3"], line.inputs["limit_m3"]) == ("veteran", "20", "20")
    assert (line.rule_source, line.scale_id) == ("Закон", 1)


@pytest.mark.parametrize(
    ("given", "charged"),
    [
        (benefit("50"), [("28.000", "-61.25")]),
        (benefit("100"), [("28.000", "-122.50")]),
        (benefit("50", limit="28"), [("28.000", "-61.25")]),
        (benefit("50", limit="27"), [("27.000", "-59.06")]),
        (benefit("50", limit="8", is_limit_per_head=True), [("16.000", "-35.00")]),
        (benefit("50", since="2026-10-11"), [("14.000", "-30.63")]),
        (benefit("50", until="2026-10-11"), [("14.000", "-30.63")]),
        (benefit("50", limit="20", since="2026-10-11"), [("10.000", "-21.88")]),
        (benefit("50", since="2026-10-26"), []),
        (benefit("50", until="2026-09-26"), []),
    ],
)
def test_a_share_is_of_the_volume_within_the_limit_and_the_days_of_the_benefit(given, charged):
    assert benefits_of(read_account(given)) == charged


def test_a_price_change_makes_a_benefit_of_each_line():
    terms = make_terms(price("9.624", until="2026-10-01"), price("10.548", "2026-10-01"))

    assert benefits_of(read_account(benefit("50", limit="30"), used="90"), terms) == [
        ("5.000", "-24.06"),
        ("25.000", "-131.85"),
    ]


def test_a_limit_for_each_head_goes_by_the_days_of_who_lives_there():
    residences = (Residence(days("2020-01-01", "2026-10-11"), 2, None), Residence(days("2026-10-11"), 4, None))

    account = replace(read_account(benefit("50", limit="3", is_limit_per_head=True)), residences=residences)

    assert benefits_of(account) == [("9.000", "-19.69")]


def test_two_benefits_are_never_more_than_the_charge():
    account = read_account(benefit("60", code="first"), benefit("60", code="second"))

    assert [rub for _, rub in benefits_of(account)] == ["-73.50", "-49.00"]


@pytest.mark.parametrize(
    ("given", "charged"),
    [
        (benefit(rub="100"), ["-100.00"]),
        (benefit(rub="122.50"), ["-122.50"]),
        (benefit(rub="500"), ["-122.50"]),
        (benefit(rub="62", since="2026-10-17"), ["-30.00"]),
        (benefit(rub="62", until="2026-10-17"), ["-32.00"]),
        (benefit(rub="62", since="2026-11-01"), []),
    ],
)
def test_a_fixed_sum_goes_by_days_and_never_beyond_the_charge(given, charged):
    assert [rub for _, rub in benefits_of(read_account(given))] == charged


def test_a_fixed_sum_comes_after_shares():
    account = read_account(benefit(rub="500", code="a"), benefit("50", code="b"))

    assert [rub for _, rub in benefits_of(account)] == ["-61.25", "-61.25"]


@pytest.mark.parametrize("given", [benefit("50", limit="20"), benefit(rub="100")])
def test_a_month_whose_benefit_is_charged_gives_none(given):
    account = read_account(given)
    charged = as_charged(account, rules.accrue(account, make_terms()))

    assert rules.accrue(charged, make_terms()).lines == ()


@pytest.mark.parametrize(("given", "more"), [(benefit("50", limit="30"), ["-10.00"]), (benefit(rub="300"), ["-20.00"])])
def test_a_line_that_comes_late_has_what_is_left_of_the_months_benefit(given, more):
    account = read_account(given)
    terms = make_terms("10")
    charged = as_charged(account, rules.accrue(account, terms))
    later = make_readings(("2026-09-25", "1234"), ("2026-10-25", "1262"), ("2026-10-26", "1272"))
    again = replace(charged, meters=(make_meter(*later),))

    assert [rub for _, rub in benefits_of(again, terms)] == more


def test_a_correction_corrects_the_benefit_of_the_months_that_it_replaces():
    meter = make_meter(*make_year("2026-03-25", "1200"))
    [scale] = meter.scales
    resumed = make_readings(("2026-03-25", "1200"), ("2026-06-30", "1230"), first_id=13)[1:]
    meter = replace(meter, scales=(replace(scale, readings=scale.readings + resumed),))
    account = make_account(
        meter, period="2026-03", charged_reading_ids=frozenset(range(1, 14)), benefits=(benefit("50", limit="20"),)
    )

    months = accrue_months(account, make_terms("10"), "2026-04", "2026-07")

    assert brief(months["2026-04"]) == [("average", "145", "1450.00"), ("benefit", "20", "-100.00")]
    assert brief(months["2026-06"]) == [("correction", "-260", "-2600.00"), ("benefit", "-10", "50.00")]
    benefit_lines = [line for lines in months.values() for line in lines if line.kind == "benefit"]
    assert sum(line.amount_rub for line in benefit_lines) == Decimal("-150.00")


def test_a_fixed_sum_is_taken_back_where_a_correction_leaves_less_to_pay():
    meter = make_meter(*make_year("2026-03-25", "1200"))
    [scale] = meter.scales
    resumed = make_readings(("2026-03-25", "1200"), ("2026-05-31", "1210"), first_id=13)[1:]
    meter = replace(meter, scales=(replace(scale, readings=scale.readings + resumed),))
    account = make_account(
        meter, period="2026-03", charged_reading_ids=frozenset(range(1, 14)), benefits=(benefit(rub="1000"),)
    )

    months = accrue_months(account, make_terms("10"), "2026-04", "2026-06")

    assert brief(months["2026-04"]) == [("average", "145", "1450.00"), ("benefit", "", "-1000.00")]
    assert brief(months["2026-05"]) == [("correction", "-135", "-1350.00"), ("benefit", "", "900.00")]


def new_account(*benefits, read, **others):
    """An account that was opened in September with an opening reading, and is read next in October."""
    readings = make_readings(*read)
    opened = {"opened_on": readings[0].taken_on, "period": "2026-09"} | others
    return make_account(make_meter(*readings), benefits=benefits, **opened)


def benefits_rub(months):
    return {month: [str(x.amount_rub) for x in lines if x.kind == "benefit"] for month, lines in months.items()}


TWO_MONTHS = (("2026-09-01", "0"), ("2026-10-31", "60"))


@pytest.mark.parametrize(
    ("given", "read", "rub"),
    [
        (benefit("50", limit="20"), TWO_MONTHS, "-200.00"),
        (benefit("50", limit="20"), (("2026-08-31", "0"), ("2026-10-31", "60")), "-200.00"),
        (benefit("50", limit="20"), (("2026-09-25", "0"), ("2026-10-31", "60")), "-120.00"),
        (benefit("50", limit="20"), (("2026-09-30", "0"), ("2026-10-31", "60")), "-100.00"),
        (benefit("50", limit="20", since="2026-10-02"), TWO_MONTHS, "-100.00"),
        (benefit("50", limit="10", is_limit_per_head=True), TWO_MONTHS, "-200.00"),
        (benefit("50"), TWO_MONTHS, "-300.00"),
        (benefit(rub="50"), TWO_MONTHS, "-100.00"),
        (benefit(rub="50", since="2026-09-16"), TWO_MONTHS, "-75.00"),
        (benefit(rub="500"), TWO_MONTHS, "-600.00"),
    ],
)
def test_a_month_that_waited_for_its_reading_brings_its_benefit_with_it(given, read, rub):
    account = new_account(given, read=read)

    months = accrue_months(account, make_terms("10"), "2026-09", "2026-11")

    assert months["2026-09"] == []
    assert benefits_rub(months)["2026-10"] == [rub]


@pytest.mark.parametrize("opened_on", [None, day("2010-01-01")])
@pytest.mark.parametrize(
    ("first", "rub"), [("2026-09-25", "-100.00"), ("2026-09-01", "-200.00"), ("2026-08-31", "-200.00")]
)
def test_the_rest_of_a_month_that_another_program_charged_brings_no_benefit(opened_on, first, rub):
    read = make_readings((first, "0"), ("2026-10-31", "60"))
    account = make_account(
        make_meter(*read), period="2026-10", opened_on=opened_on, benefits=(benefit("50", limit="20"),)
    )

    assert [amount_rub for _, amount_rub in benefits_of(account, make_terms("10"))] == [rub]


@pytest.mark.parametrize(("given", "rub"), [(benefit("50", limit="20"), ["-200.00"]), (benefit(rub="50"), ["-100.00"])])
def test_a_line_that_comes_late_leaves_the_benefit_of_a_month_that_waited(given, rub):
    account = new_account(given, read=TWO_MONTHS, period="2026-10")
    terms = make_terms("10")
    charged = as_charged(account, rules.accrue(account, terms))
    read = make_readings(*TWO_MONTHS, ("2026-10-31", "70"))
    again = rules.accrue(replace(charged, meters=(make_meter(*read),)), terms)

    assert [str(line.amount_rub) for line in charged.charged if line.kind == "benefit"] == rub
    assert brief(again.lines) == [("metered", "10", "100.00")]


def test_a_month_that_waited_and_was_settled_by_an_estimate_has_its_benefit_when_readings_resume():
    read = (("2026-09-01", "0"), ("2026-11-30", "90"))
    account = new_account(benefit("50", limit="20"), read=read, residents=1, area=None)
    terms = make_terms(norms={("", ""): (make_norm("30"),)}, policy=make_policy(recalculate_norm_months="auto"))

    months = accrue_months(account, terms, "2026-09", "2026-12")

    assert benefits_rub(months) == {"2026-09": [], "2026-10": ["-100.00"], "2026-11": ["-200.00"]}
    assert sum(line.amount_rub for lines in months.values() for line in lines) == 900 - 300


@pytest.mark.parametrize(
    ("given", "rub"), [(benefit("25", service_id=UPKEEP), "-26.05"), (benefit(rub="500", service_id=UPKEEP), "-104.20")]
)
def test_a_benefit_of_another_service_is_of_its_fee(given, rub):
    fee = AccountFee(day("2026-01-01"), None, UPKEEP, "Обслуживание", Decimal("104.20"), "Договор № 5")
    account = make_account(period="2026-04", fees=(fee,), benefits=(given,))

    lines = rules.accrue(account, make_terms(norms={("", ""): (make_norm("10"),)})).lines

    assert [(line.service_id, str(line.amount_rub)) for line in lines if line.kind == "benefit"] == [(UPKEEP, rub)]


@pytest.mark.parametrize(
    ("second", "charged"),
    [
        (benefit("40", service_id=UPKEEP, code="second"), ["-120.00", "-80.00"]),
        (benefit("60", service_id=UPKEEP, code="second"), ["-120.00", "-80.00"]),
        (benefit(rub="80.01", service_id=UPKEEP, code="a"), ["-120.00", "-80.00"]),
        (benefit(rub="79.99", service_id=UPKEEP, code="a"), ["-120.00", "-79.99"]),
        (benefit("60", service_id=UPKEEP, code="second", since="2026-04-16"), ["-120.00", "-60.00"]),
    ],
)
def test_two_benefits_of_one_fee_are_never_more_than_the_fee(second, charged):
    fee = AccountFee(day("2026-01-01"), None, UPKEEP, "Обслуживание", Decimal("200.00"), "Договор № 5")
    first = benefit("60", service_id=UPKEEP, code="first")
    account = make_account(period="2026-04", fees=(fee,), benefits=(second, first))

    lines = rules.accrue(account, make_terms(norms={("", ""): (make_norm("10"),)})).lines

    assert [str(line.amount_rub) for line in lines if line.kind == "benefit"] == charged


def test_a_benefit_of_a_fee_says_what_another_one_has_left_of_it():
    fee = AccountFee(day("2026-01-01"), None, UPKEEP, "Обслуживание", Decimal("200.00"), "Договор № 5")
    given = tuple(benefit("60", service_id=UPKEEP, code=code) for code in ("first", "second"))
    account = make_account(period="2026-04", fees=(fee,), benefits=given)

    lines = rules.accrue(account, make_terms(norms={("", ""): (make_norm("10"),)})).lines

    first, second = [line.inputs for line in lines if line.kind == "benefit"]
    assert "charged_rub" not in first
    assert (second["fee_rub"], second["charged_rub"], second["due_rub"]) == ("200,00", "80,00", "80,00")


def test_without_a_charge_there_is_no_benefit():
    account = make_account(
        make_meter(*make_readings(("2026-10-25", "1234"))), period="2026-10", benefits=(benefit(rub="100"),)
    )

    assert rules.accrue(replace(account, period=Month(2026, 10)), make_terms()).lines == ()


def test_a_benefit_that_was_granted_again_is_corrected_once():
    meter = make_meter(*make_year("2026-03-25", "1200"))
    granted = (benefit("50", until="2026-05-01"), benefit("50", since="2026-05-01"))
    account = make_account(meter, period="2026-03", benefits=granted, charged_reading_ids=frozenset(range(1, 14)))
    for month in (4, 5, 6):
        account = replace(account, period=Month(2026, month))
        account = as_charged(account, rules.accrue(account, make_terms("10")))
    [scale] = meter.scales
    later = make_readings(("2026-03-25", "1200"), ("2026-07-01", "1500"), first_id=99)[1:]
    meter = replace(meter, scales=(replace(scale, readings=scale.readings + later),))

    accrued = rules.accrue(replace(account, meters=(meter,), period=Month(2026, 7)), make_terms("10"))

    charged = [*account.charged, *accrued.lines]
    assert sum(line.amount_rub for line in charged if line.kind != "benefit") == 3000
    assert sum(line.amount_rub for line in charged if line.kind == "benefit") == -1500
