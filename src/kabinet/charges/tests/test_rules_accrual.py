"""A month of an account is accrued: what is charged, by which way, and how much."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kabinet.accounts.rules import NormUnits, Residence
from kabinet.charges import rules
from kabinet.charges.rules import ChargedLine, Scale, VatRate, VolumeFactor
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
    outage,
    price,
)
from kabinet.common.month import Month
from kabinet.tariffs.rules import AccountFee

SMOLENSK = {("", ""): (make_norm("23.3"), make_norm("8.1", "m2"))}
KOSTROMA_HEATING = ["11", "11", "11", "11", "2", "1", "1", "1", "2", "11", "11", "11"]


def accrue(*meters, period, terms=None, **others):
    return rules.accrue(make_account(*meters, period=period, **others), terms or make_terms())


def lines_of(*meters, period, terms=None, **others):
    return brief(accrue(*meters, period=period, terms=terms, **others).lines)


def silent_since_march(**others):
    """An account with a year of 145 m³ a month, charged up to the reading of 25 March 2026, which showed 1200."""
    meter = make_meter(*make_year("2026-03-25", "1200"), **others.pop("meter", {}))
    return make_account(meter, period="2026-03", charged_reading_ids=frozenset(range(1, 14)), **others)


def with_readings(account, *values):
    """Add later readings to the only scale of an account."""
    [meter] = account.meters
    [scale] = meter.scales
    last = scale.readings[-1]
    later = make_readings((str(last.taken_on), str(last.value_m3)), *values, first_id=99)[1:]
    scale = replace(scale, readings=scale.readings + later)
    return replace(account, meters=(replace(meter, scales=(scale,)),))


# --- By readings ------------------------------------------------------------------------------------------------------


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
    assert "пункт 25" in line.rule_source
    assert accrued.oddities == ()


def test_a_dial_past_zero_goes_on():
    meter = make_meter(*make_readings(("2026-09-25", "99987"), ("2026-10-25", "14")))

    assert lines_of(meter, period="2026-10", terms=make_terms("4.37507")) == [("metered", "27", "118.13")]


def test_a_reading_that_used_nothing_is_a_line_of_zero():
    meter = make_meter(*make_readings(("2026-09-25", "1234"), ("2026-10-25", "1234")))

    assert lines_of(meter, period="2026-10") == [("metered", "0", "0.00")]


def test_every_reading_of_a_month_is_a_line():
    meter = make_meter(*make_readings(("2026-09-25", "100"), ("2026-10-10", "110"), ("2026-10-25", "130")))

    assert lines_of(meter, period="2026-10") == [("metered", "10", "100.00"), ("metered", "20", "200.00")]


def test_days_after_the_last_reading_of_the_month_wait():
    meter = make_meter(*make_readings(("2026-09-25", "100"), ("2026-10-01", "110")))

    assert lines_of(meter, period="2026-10") == [("metered", "10", "100.00")]


def test_a_month_whose_lines_are_charged_gives_none():
    account = make_account(make_meter(*make_readings(("2026-09-25", "1234"), ("2026-10-25", "1262"))), period="2026-10")
    charged = as_charged(account, rules.accrue(account, make_terms()))

    assert rules.accrue(charged, make_terms()).lines == ()


def test_each_scale_is_charged_at_the_price_of_its_zone():
    scales = (
        Scale(1, "T1", make_readings(("2026-09-25", "100"), ("2026-10-25", "110"), first_id=1)),
        Scale(2, "T2", make_readings(("2026-09-25", "200"), ("2026-10-25", "220"), first_id=11)),
        Scale(3, "T3", make_readings(("2026-09-25", "300"), ("2026-10-25", "330"), first_id=21)),
    )
    prices = {
        ("", "T1", Decimal(0)): (price("5"),),
        ("", "T2", Decimal(0)): (price("3"),),
        ("", "", Decimal(0)): (price("4"),),
    }

    found = lines_of(make_meter(scales=scales), period="2026-10", terms=make_terms(prices=prices))

    assert found == [("metered", "10", "50.00"), ("metered", "20", "60.00"), ("metered", "30", "120.00")]


@pytest.mark.parametrize(
    ("purpose", "volume_m3", "amount_rub"),
    [
        ("cooking", 10, "135.20"),
        ("cooking-heater", 10, "124.20"),
        ("heating", 100, "962.40"),
        ("boiler", 100, "957.60"),
    ],
)
def test_a_meter_is_charged_at_the_price_of_its_purpose(purpose, volume_m3, amount_rub):
    prices = {
        ("cooking", "", Decimal(0)): (price("13.52", "2026-01-01"), price("13.30", "2025-01-01", "2026-01-01")),
        ("cooking-heater", "", Decimal(0)): (price("12.42"),),
        ("heating", "", Decimal(0)): (price("9.624"),),
        ("", "", Decimal(0)): (price("9.576"),),
    }
    meter = make_meter(*make_readings(("2026-09-25", "0"), ("2026-10-25", str(volume_m3))), usage_purpose_code=purpose)

    [(_, _, charged)] = lines_of(meter, period="2026-10", terms=make_terms(prices=prices))

    assert charged == amount_rub


def test_a_replaced_meter_is_charged_to_its_closing_reading_and_the_new_one_from_its_opening():
    old = make_meter(*make_readings(("2026-09-25", "1000"), ("2026-10-10", "1015")), removed_on=day("2026-10-10"))
    new = make_meter(
        id=2,
        installed_on=day("2026-10-10"),
        scales=(Scale(2, "T1", make_readings(("2026-10-10", "3"), ("2026-10-25", "13"), first_id=11)),),
    )

    assert lines_of(old, new, period="2026-10") == [("metered", "15", "150.00"), ("metered", "10", "100.00")]


def test_a_new_meter_without_a_second_reading_waits_in_the_month_of_its_opening():
    old = make_meter(*make_readings(("2026-09-25", "1000"), ("2026-10-10", "1015")), removed_on=day("2026-10-10"))
    new = make_meter(
        id=2, installed_on=day("2026-10-10"), scales=(Scale(2, "T1", make_readings(("2026-10-10", "3"), first_id=11)),)
    )

    assert lines_of(old, new, period="2026-10") == [("metered", "15", "150.00")]


def replaced_in_october(**new):
    """An account with a year of 145 m³ a month. Its meter was replaced on 10 October 2026; the new one is not read."""
    old = make_meter(*make_year("2026-10-10", "1200"), removed_on=day("2026-10-10"))
    scale = Scale(2, "T1", make_readings(("2026-10-10", "3"), first_id=51))
    meter = make_meter(id=2, installed_on=day("2026-10-10"), scales=(scale,), **new)
    return make_account(old, meter, period="2026-10", charged_reading_ids=frozenset(range(1, 13)))


@pytest.mark.parametrize(
    ("new", "others", "charged_m3"),
    [
        ({"outages": (outage("seal_damaged", "2026-11-05"),)}, {}, "893.394"),  # 532.6 m³ × 21 / 31 + 532.6 m³
        ({"verification_due_on": day("2026-11-04")}, {}, "893.394"),
        ({}, {"closed_on": day("2026-11-16")}, "627.094"),  # 532.6 m³ × 21 / 31 + 532.6 m³ × 15 / 30
    ],
)
def test_a_new_meter_that_can_never_be_read_is_charged_from_its_opening_on(new, others, charged_m3):
    account = replace(replaced_in_october(**new), **others)

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-10", "2027-01")

    assert brief(months["2026-10"]) == [("metered", "145", "1450.00")]
    [line] = months["2026-11"]
    assert (line.kind, line.volume_m3, line.used_since) == ("norm", Decimal(charged_m3), day("2026-10-11"))


def test_a_month_of_silence_leaves_the_days_before_it_to_the_first_reading_of_a_new_meter():
    account = replaced_in_october()
    old, new = account.meters
    read = make_readings(("2026-10-10", "3"), ("2026-12-20", "713"), first_id=51)
    account = replace(account, meters=(old, replace(new, scales=(Scale(2, "T1", read),))))

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-10", "2027-01")

    [november] = months["2026-11"]
    assert (november.volume_m3, november.used_since) == (Decimal("532.6"), day("2026-11-01"))
    assert brief(months["2026-12"]) == [("metered", "410", "4100.00")]  # 710 m³ × (21 + 20) / 71 days


def test_days_before_the_first_month_that_an_account_was_charged_for_are_not_charged():
    meter = make_meter(*make_readings(("2026-09-10", "3")), outages=(outage("seal_damaged", "2026-11-05"),))

    lines = accrue(meter, period="2026-11", terms=make_terms(norms=SMOLENSK)).lines

    assert [(line.used_since, line.volume_m3) for line in lines] == [(day("2026-11-01"), Decimal("532.6"))]


# --- Prices -----------------------------------------------------------------------------------------------------------

OCTOBER_RISE = (price("9.624", "2026-01-01", "2026-10-01"), price("10.548", "2026-10-01"))


@pytest.mark.parametrize(
    ("price_split", "charged", "oddities"),
    [
        ("by_days", [("metered", "15", "144.36"), ("metered", "75", "791.10")], []),
        ("by_control_reading", [("metered", "15", "144.36"), ("metered", "75", "791.10")], ["price_split"]),
        ("whole_period_new_price", [("metered", "90", "949.32")], []),
    ],
)
def test_a_price_change_between_two_readings_is_charged_as_the_supplier_chose(price_split, charged, oddities):
    meter = make_meter(*make_readings(("2026-09-25", "1000"), ("2026-10-25", "1090")))
    terms = make_terms(*OCTOBER_RISE, policy=make_policy(price_split=price_split))

    accrued = accrue(meter, period="2026-10", terms=terms)

    assert brief(accrued.lines) == charged
    assert [oddity.kind for oddity in accrued.oddities] == oddities


def test_a_control_reading_on_the_last_day_of_the_old_price_leaves_nothing_to_split():
    meter = make_meter(*make_readings(("2026-09-25", "1000"), ("2026-09-30", "1015"), ("2026-10-25", "1090")))
    terms = make_terms(*OCTOBER_RISE, policy=make_policy(price_split="by_control_reading"))

    accrued = accrue(meter, period="2026-10", terms=terms)

    assert brief(accrued.lines) == [("metered", "15", "144.36"), ("metered", "75", "791.10")]
    assert accrued.oddities == ()


def test_two_readings_of_the_last_day_of_a_price_are_charged_at_it():
    meter = make_meter(*make_readings(("2026-08-31", "0"), ("2026-09-30", "30"), ("2026-09-30", "40")))

    lines = accrue(meter, period="2026-09", terms=make_terms(*OCTOBER_RISE)).lines

    assert brief(lines) == [("metered", "30", "288.72"), ("metered", "10", "96.24")]
    assert (lines[1].used_since, lines[1].used_until) == (day("2026-09-30"), day("2026-10-01"))


STEPS = {("", "", Decimal(0)): (price("8"),), ("", "", Decimal(100)): (price("10"),)}


@pytest.mark.parametrize(
    ("readings", "charged"),
    [
        (["100"], [[("metered", "100", "800.00")]]),
        (["101"], [[("metered", "100", "800.00"), ("metered", "1", "10.00")]]),
        (["60", "130"], [[("metered", "60", "480.00")], [("metered", "40", "320.00"), ("metered", "30", "300.00")]]),
        (["120", "130"], [[("metered", "100", "800.00"), ("metered", "20", "200.00")], [("metered", "10", "100.00")]]),
        (["100", "100"], [[("metered", "100", "800.00")], [("metered", "0", "0.00")]]),
    ],
)
def test_a_line_is_cut_where_the_years_volume_reaches_the_next_step(readings, charged):
    values = [(f"2026-0{number}-25", value) for number, value in enumerate(readings, start=2)]
    account = make_account(make_meter(*make_readings(("2026-01-25", "0"), *values)), period="2026-01")

    months = accrue_months(account, make_terms(prices=STEPS), "2026-02", f"2026-0{2 + len(readings)}")

    assert [brief(lines) for lines in months.values()] == charged


def test_lines_of_one_month_go_up_the_steps_together():
    meter = make_meter(*make_readings(("2026-01-25", "0"), ("2026-02-10", "90"), ("2026-02-25", "120")))

    assert lines_of(meter, period="2026-02", terms=make_terms(prices=STEPS)) == [
        ("metered", "90", "720.00"),
        ("metered", "10", "80.00"),
        ("metered", "20", "200.00"),
    ]


def test_a_correction_takes_the_estimates_off_the_steps_again():
    meter = make_meter(*make_year("2025-12-28", "480", "40"))
    account = make_account(meter, period="2025-12", charged_reading_ids=frozenset(range(1, 14)))
    account = with_readings(account, ("2026-04-01", "540"))

    months = accrue_months(account, make_terms(prices=STEPS), "2026-01", "2026-05")

    assert brief(months["2026-03"]) == [("average", "23.529", "188.23"), ("average", "16.471", "164.71")]
    assert brief(months["2026-04"]) == [
        ("correction", "-1.614", "-12.91"),
        ("correction", "-41.915", "-335.32"),
        ("correction", "-16.471", "-164.71"),
    ]


def test_a_new_year_begins_its_steps_anew():
    account = make_account(
        make_meter(*make_readings(("2025-11-21", "0"), ("2025-12-21", "90"), ("2026-01-10", "130"))), period="2025-12"
    )

    months = accrue_months(account, make_terms(prices=STEPS), "2025-12", "2026-02")

    assert brief(months["2026-01"]) == [
        ("metered", "10", "80.00"),
        ("metered", "10", "100.00"),
        ("metered", "20", "160.00"),
    ]


# --- Factors ----------------------------------------------------------------------------------------------------------


def factor(value, since="2026-01-01", until=None):
    return VolumeFactor(day(since), until and day(until), Decimal(value), "Приказ о коэффициентах")


def test_a_meter_in_the_cold_is_charged_with_its_volume_times_the_factor():
    meter = make_meter(*make_readings(("2026-09-25", "100"), ("2026-10-25", "150")), needs_volume_factor=True)
    terms = make_terms("9.624", factors={"": (factor("1.06"),)})

    [line] = accrue(meter, period="2026-10", terms=terms).lines

    assert (line.volume_m3, line.amount_rub) == (Decimal(53), Decimal("510.07"))
    assert line.formula == "50 м³ × 1,06 = 53 м³ × 9,624 ₽/м³ = 510,07 ₽"


def test_a_factor_that_changes_inside_the_interval_counts_by_days():
    meter = make_meter(*make_readings(("2026-09-25", "0"), ("2026-10-25", "30")), needs_volume_factor=True)
    terms = make_terms("10", factors={"": (factor("1.0", until="2026-10-01"), factor("1.1", "2026-10-01"))})

    assert lines_of(meter, period="2026-10", terms=terms) == [("metered", "32.5", "325.00")]


def test_a_factor_of_the_region_goes_before_the_one_for_all():
    meter = make_meter(*make_readings(("2026-09-25", "0"), ("2026-10-25", "100")), needs_volume_factor=True)
    terms = make_terms("10", factors={"": (factor("1.06"),), "north": (factor("1.1"),)})

    assert lines_of(meter, period="2026-10", terms=terms, region_code="north") == [("metered", "110", "1100.00")]


def test_a_meter_that_needs_a_factor_is_not_charged_without_one():
    meter = make_meter(*make_readings(("2026-09-25", "0"), ("2026-10-25", "100")), needs_volume_factor=True)

    accrued = accrue(meter, period="2026-10")

    assert accrued.lines == ()
    assert [(oddity.kind, oddity.details) for oddity in accrued.oddities] == [("no_factor", {"day": "2026-09-26"})]


# --- Without readings -------------------------------------------------------------------------------------------------


def test_silence_is_charged_by_the_mean_for_three_months_and_then_by_the_norm():
    months = accrue_months(silent_since_march(), make_terms("10", norms=SMOLENSK), "2026-04", "2026-09")

    assert [brief(lines) for lines in months.values()] == [
        [("average", "145", "1450.00")],
        [("average", "145", "1450.00")],
        [("average", "145", "1450.00")],
        [("norm", "532.6", "5326.00")],
        [("norm", "532.6", "5326.00")],
    ]
    [april], [july] = months["2026-04"], months["2026-07"]
    assert april.formula == "1740 м³ ÷ 12 мес. = 145 м³ × 10 ₽/м³ = 1450,00 ₽"
    assert (april.used_since, april.used_until) == (day("2026-03-26"), day("2026-05-01"))
    assert [month["volume_m3"] for month in april.inputs["months"]] == ["145"] * 12
    assert july.formula == "2 чел. × 23,3 + 60 м² × 8,1 = 532,6 м³ × 10 ₽/м³ = 5326,00 ₽"
    assert (july.used_since, july.used_until) == (day("2026-07-01"), day("2026-08-01"))


@pytest.mark.parametrize(("at_most", "kinds"), [(0, ["norm"] * 3), (1, ["average", "norm", "norm"])])
def test_how_long_the_mean_is_charged_is_the_suppliers_choice(at_most, kinds):
    terms = make_terms(norms=SMOLENSK, policy=make_policy(average_at_most_months=at_most))

    months = accrue_months(silent_since_march(), terms, "2026-04", "2026-07")

    assert [line.kind for lines in months.values() for line in lines] == kinds


def test_a_shorter_history_is_divided_by_its_own_months():
    account = make_account(
        make_meter(*make_readings(("2026-01-25", "0"), ("2026-02-25", "30"), ("2026-03-25", "80"))), period="2026-03"
    )

    months = accrue_months(account, make_terms(), "2026-03", "2026-05")

    assert brief(months["2026-04"]) == [("average", "40", "400.00")]


@pytest.mark.parametrize(
    ("later", "silent_in", "charged"),
    [
        ([("2026-04-10", "33")], "2026-05", ("average", "30", "300.00")),  # 30 m³ in its one month
        ([("2026-03-26", "19")], "2026-04", ("average", "28", "280.00")),  # 16 m³ in 16 days of a month of 28
        ([], "2026-04", ("norm", "532.6", "5326.00")),
    ],
)
def test_the_mean_after_a_replacement_is_over_the_time_that_the_new_meter_has_worked(later, silent_in, charged):
    """So say the supply rules, 30, of a meter that has worked for less than a year: what the old one counted is out."""
    old = make_meter(*make_year("2026-03-10", "1200"), removed_on=day("2026-03-10"))
    readings = make_readings(("2026-03-10", "3"), *later, first_id=51)
    new = make_meter(id=2, installed_on=day("2026-03-10"), scales=(Scale(2, "T1", readings),))
    account = make_account(old, new, period="2026-03", charged_reading_ids=frozenset(range(1, 14)))

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-03", str(Month.parse(silent_in).next()))

    assert brief(months[silent_in]) == [charged]


def test_a_meter_that_has_counted_nothing_yet_is_charged_by_the_norm():
    account = make_account(make_meter(*make_readings(("2026-03-25", "0"))), period="2026-03")

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-04", "2026-05")

    assert brief(months["2026-04"]) == [("norm", "532.6", "5326.00")]


def test_the_mean_is_taken_per_scale():
    scales = tuple(
        Scale(number, f"T{number}", make_year("2026-03-25", "1200", monthly, months=13))
        for number, monthly in [(1, "10"), (2, "20")]
    )
    scales = (scales[0], replace(scales[1], readings=tuple(replace(r, id=r.id + 50) for r in scales[1].readings)))
    charged = frozenset(reading.id for scale in scales for reading in scale.readings)
    account = make_account(make_meter(scales=scales), period="2026-04", charged_reading_ids=charged)

    assert brief(rules.accrue(account, make_terms()).lines) == [
        ("average", "10", "100.00"),
        ("average", "20", "200.00"),
    ]


def two_scales(*values_of_second):
    """A meter whose first scale is read each month: 10 m³; the second as told."""
    first = [(f"2026-{number:02}-25", str(number * 10)) for number in range(1, 13)]
    scales = (Scale(1, "T1", make_readings(*first)), Scale(2, "T2", make_readings(*values_of_second, first_id=51)))
    return make_account(make_meter(scales=scales), period="2026-01")


def test_a_scale_that_is_not_read_while_another_one_is_has_its_mean_until_it_is_read():
    account = two_scales(("2026-01-25", "0"), ("2026-02-25", "20"), ("2026-10-25", "100"))

    months = accrue_months(account, make_terms("10", norms=SMOLENSK), "2026-02", "2026-11")

    of_second = {month: brief([line for line in lines if line.scale_id == 2]) for month, lines in months.items()}
    assert of_second["2026-03"] == of_second["2026-09"] == [("average", "20", "200.00")]
    assert of_second["2026-10"] == [("correction", "-60", "-600.00")]
    assert [brief([line for line in lines if line.scale_id != 2]) for lines in months.values()] == [
        [("metered", "10", "100.00")]
    ] * 9


@pytest.mark.parametrize(
    ("meter", "others", "until"),
    [
        ({"outages": (outage("seal_damaged", "2026-03-28"),)}, {}, "2026-03-28"),
        ({"outages": (outage("unverified", "2026-03-10", "2026-03-20"),)}, {}, "2026-03-10"),
        ({"outages": (outage("seal_damaged", "2026-04-05"),)}, {}, "2026-04-05"),
        ({}, {"closed_on": day("2026-04-01")}, "2026-04-01"),
    ],
)
def test_days_of_every_scale_are_charged_up_to_where_no_reading_can_tell_of_them_any_more(meter, others, until):
    account = two_scales(("2026-01-25", "0"), ("2026-02-25", "20"))
    account = replace(account, meters=(replace(account.meters[0], **meter),), **others)

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-02", "2026-07")

    lines = [line for of_month in months.values() for line in of_month if line.kind in ("metered", "average")]
    for scale_id in (1, 2):
        spans = sorted((line.used_since, line.used_until) for line in lines if line.scale_id == scale_id)
        spans = [(since, min(end, day(until))) for since, end in spans if since < day(until)]
        assert spans[0][0] == day("2026-01-26")
        assert [since for since, _ in spans[1:]] == [end for _, end in spans[:-1]]
        assert spans[-1][1] == day(until)


def test_a_scale_that_was_not_read_before_an_outage_has_its_mean_for_the_days_that_others_were_read():
    account = two_scales(("2026-01-25", "0"), ("2026-02-25", "20"))
    account = replace(account, meters=(replace(account.meters[0], outages=(outage("seal_damaged", "2026-03-28"),)),))

    lines = accrue_months(account, make_terms(norms=SMOLENSK), "2026-02", "2026-04")["2026-03"]

    assert [(line.scale_id, line.kind, str(line.used_since), line.volume_m3) for line in lines] == [
        (1, "metered", "2026-02-26", Decimal(10)),
        (2, "average", "2026-02-26", Decimal("18.272")),  # 20 m³ × 3 / 28 + 20 m³ × 25 / 31
        (1, "average", "2026-03-26", Decimal("0.645")),
        (2, "average", "2026-03-26", Decimal("1.290")),  # 20 m³ × 2 / 31
        (None, "norm", "2026-03-28", Decimal("68.723")),  # 532.6 m³ × 4 / 31
    ]


def test_a_scale_that_nobody_has_read_for_a_year_is_odd_though_others_are_read():
    account = replace(two_scales(("2025-11-25", "0"), ("2025-12-25", "20")), period=Month(2026, 12))

    assert [oddity.details for oddity in rules.accrue(account, make_terms()).oddities] == [
        {"meter": "555", "last_reading_on": "2025-12-25"}
    ]


@pytest.mark.parametrize(
    ("reason", "rule"), [("unverified", "пункт 32"), ("seal_damaged", "пункт 28"), ("faulty", "пункт 28")]
)
def test_days_on_which_a_meter_does_not_count_are_charged_by_the_norm_at_once(reason, rule):
    account = silent_since_march(meter={"outages": (outage(reason, "2026-04-16"),)})
    account = with_readings(account, ("2026-04-15", "1250"))

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-04", "2026-06")

    assert brief(months["2026-04"]) == [("metered", "50", "500.00"), ("norm", "266.3", "2663.00")]
    assert brief(months["2026-05"]) == [("norm", "532.6", "5326.00")]
    assert rule in months["2026-05"][0].rule_source


def test_a_reading_of_a_day_on_which_the_meter_does_not_count_says_nothing():
    account = silent_since_march(meter={"verification_due_on": day("2026-03-31")})
    account = with_readings(account, ("2026-04-25", "1900"))

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-04", "2026-05")

    assert brief(months["2026-04"]) == [
        ("average", "28.065", "280.65"),
        ("norm", "532.6", "5326.00"),
    ]


def test_after_the_seal_is_back_the_opening_reading_is_where_counting_begins():
    meter = make_meter(
        *make_year("2026-03-25", "1200"),
        outages=(outage("seal_damaged", "2026-03-26", "2026-04-16"),),
    )
    [scale] = meter.scales
    opening = replace(scale.readings[0], id=50, taken_on=day("2026-04-15"), value_m3=Decimal(5000))
    later = make_readings(("2026-04-15", "5000"), ("2026-04-25", "5020"), first_id=50)[1:]
    meter = replace(meter, scales=(replace(scale, readings=(*scale.readings, opening, *later)),))
    account = make_account(meter, period="2026-03", charged_reading_ids=frozenset(range(1, 14)))

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-03", "2026-05")

    assert brief(months["2026-03"]) == [("norm", "103.084", "1030.84")]
    assert brief(months["2026-04"]) == [("metered", "20", "200.00"), ("norm", "266.3", "2663.00")]


def test_a_meter_taken_away_is_charged_by_the_mean_for_three_months_from_that_day():
    account = silent_since_march(meter={"outages": (outage("removed", "2026-03-26"),)})

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-03", "2026-08")

    assert [line.kind for lines in months.values() for line in lines] == [
        "average",
        "average",
        "average",
        "average",
        "norm",
        "norm",
    ]
    [by_mean, by_norm] = months["2026-06"]
    assert (by_mean.used_until, by_norm.used_since) == (day("2026-06-26"), day("2026-06-26"))
    assert "пункт 30" in by_mean.rule_source


# --- Norms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("norms", "residents", "area", "period", "volume_m3"),
    [
        ([make_norm("23.3"), make_norm("8.1", "m2")], 2, "60", "2026-01", "532.6"),
        ([make_norm("12.7")], 3, None, "2026-01", "38.1"),
        ([make_norm("31.5"), make_norm("12.8", "m2")], 1, "40", "2026-01", "543.5"),
        ([make_norm("24.5"), make_norm("8.5", "m2")], 4, "50", "2026-07", "523"),
        ([make_norm("25.0"), make_norm("6.2", "m2")], 2, "30", "2026-02", "236"),
        ([make_norm("30"), make_norm(KOSTROMA_HEATING, "m2")], 2, "50", "2026-01", "610"),
        ([make_norm("30"), make_norm(KOSTROMA_HEATING, "m2")], 2, "50", "2026-05", "160"),
        ([make_norm("30"), make_norm(KOSTROMA_HEATING, "m2")], 2, "50", "2026-07", "110"),
        ([make_norm("30"), make_norm(KOSTROMA_HEATING, "m2")], 2, "50", "2026-09", "160"),
        ([make_norm("10")], 0, None, "2026-01", "0"),
    ],
)
def test_an_account_without_a_meter_is_charged_by_the_norm_of_its_month(norms, residents, area, period, volume_m3):
    terms = make_terms(norms={("", ""): tuple(norms)})

    [(kind, charged, _)] = lines_of(period=period, terms=terms, residents=residents, area=area)

    assert (kind, charged) == ("norm", volume_m3)


def test_units_are_counted_by_their_days():
    norms = (make_norm("25.2", "unit", unit_code="cow", unit_name="корова"), make_norm("10"))
    units = (NormUnits(days("2026-01-01", "2026-04-16"), "cow", Decimal(2)),)

    [line] = accrue(period="2026-04", terms=make_terms(norms={("", ""): norms}), residents=1, units=units).lines

    assert line.volume_m3 == Decimal("35.2")
    assert line.formula == "1 чел. × 10 + 2 корова × 25,2 × 15 / 30 = 35,2 м³ × 10 ₽/м³ = 352,00 ₽"


def test_who_moves_in_or_is_away_counts_by_days():
    residences = (
        Residence(days("2020-01-01", "2026-04-11"), 2, None),
        Residence(days("2026-04-11"), 3, None),
    )
    away = (Residence(days("2026-04-21", "2026-05-01"), 1, None),)

    [line] = accrue(
        period="2026-04", terms=make_terms(norms={("", ""): (make_norm("9"),)}), residences=residences, absences=away
    ).lines

    assert line.volume_m3 == Decimal(9 * 2 * 10 + 9 * 3 * 10 + 9 * 2 * 10) / 30
    assert [(row["count"], row["absent"], row["days"]) for row in line.inputs["components"]] == [
        ("2", "0", "10"),
        ("3", "0", "10"),
        ("2", "1", "10"),
    ]


def test_a_norm_that_changes_inside_the_month_counts_by_days():
    norms = (make_norm("9", until="2026-04-16"), make_norm("12", since="2026-04-16"))

    assert lines_of(period="2026-04", terms=make_terms(norms={("", ""): norms}), residents=1) == [
        ("norm", "10.5", "105.00")
    ]


def test_the_closest_norm_holds():
    norms = {
        ("north", "cooking"): (make_norm("12"),),
        ("", "cooking"): (make_norm("10"), make_norm("1", "m2")),
        ("", ""): (make_norm("99"),),
    }

    found = lines_of(
        period="2026-04",
        terms=make_terms(norms=norms),
        residents=1,
        area="5",
        region_code="north",
        usage_purpose_code="cooking",
    )

    assert found == [("norm", "17", "170.00")]


def test_a_purpose_is_charged_once_whatever_meters_have_it():
    meters = [
        make_meter(id=number, serial_number=str(number), verification_due_on=day("2026-01-01")) for number in (1, 2)
    ]

    [line] = accrue(*meters, period="2026-04", terms=make_terms(norms=SMOLENSK)).lines

    assert line.volume_m3 == Decimal("532.6")
    assert line.inputs["meters"] == ["1", "2"]


def test_each_purpose_has_its_own_norm():
    meters = [
        make_meter(id=1, usage_purpose_code="cooking", verification_due_on=day("2026-01-01")),
        make_meter(id=2, usage_purpose_code="heating", verification_due_on=day("2026-01-01")),
    ]
    norms = {("", "cooking"): (make_norm("10"),), ("", "heating"): (make_norm("8", "m2"),)}

    assert lines_of(*meters, period="2026-04", terms=make_terms(norms=norms)) == [
        ("norm", "20", "200.00"),
        ("norm", "480", "4800.00"),
    ]


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "volume_m3"),
    [
        ("2026-04-16", None, "15"),
        (None, "2026-04-11", "10"),
        ("2026-04-11", "2026-04-21", "10"),
        (None, "2026-05-01", "30"),
    ],
)
def test_an_account_opened_or_closed_inside_the_month_is_charged_for_its_days(opened_on, closed_on, volume_m3):
    found = lines_of(
        period="2026-04",
        terms=make_terms(norms={("", ""): (make_norm("30"),)}),
        residents=1,
        opened_on=opened_on and day(opened_on),
        closed_on=closed_on and day(closed_on),
    )

    assert [volume for _, volume, _ in found] == [volume_m3]


@pytest.mark.parametrize(("opened_on", "closed_on"), [("2026-05-01", None), (None, "2026-04-01"), (None, "2026-01-01")])
def test_an_account_is_not_charged_outside_its_days(opened_on, closed_on):
    account = {"opened_on": opened_on and day(opened_on), "closed_on": closed_on and day(closed_on)}

    assert lines_of(period="2026-04", terms=make_terms(norms=SMOLENSK), **account) == []


def test_who_moves_out_with_a_final_reading_is_charged_by_it_alone():
    account = with_readings(replace(silent_since_march(), closed_on=day("2026-04-11")), ("2026-04-10", "1260"))

    months = accrue_months(account, make_terms(norms=SMOLENSK), "2026-04", "2026-06")

    assert [brief(lines) for lines in months.values()] == [[("metered", "60", "600.00")], []]


def test_who_moves_out_without_a_reading_is_charged_by_the_mean_of_those_days():
    account = replace(silent_since_march(), closed_on=day("2026-04-11"))

    months = accrue_months(account, make_terms(), "2026-03", "2026-05")

    assert brief(months["2026-03"]) == []
    assert brief(months["2026-04"]) == [("average", "76.398", "763.98")]


# --- Readings resume --------------------------------------------------------------------------------------------------


def test_what_was_charged_by_the_mean_is_corrected_when_readings_resume():
    account = with_readings(silent_since_march(), ("2026-07-01", "1500"))

    months = accrue_months(account, make_terms("10"), "2026-04", "2026-08")

    assert [brief(months[month]) for month in ("2026-04", "2026-05", "2026-06")] == [
        [("average", "145", "1450.00")]
    ] * 3
    [line] = months["2026-07"]
    assert (line.kind, line.volume_m3, line.amount_rub) == ("correction", Decimal(-135), Decimal("-1350.00"))
    assert line.formula == "300 м³ − 435 м³ = −135 м³; 3000,00 ₽ − 4350,00 ₽ = −1350,00 ₽"
    assert [row["volume_m3"] for row in line.inputs["charged"]] == ["145", "145", "145"]
    assert line.reading_id == 100


def test_a_correction_is_one_line_for_each_price():
    account = with_readings(silent_since_march(), ("2026-07-25", "1444"))
    terms = make_terms(price("10", until="2026-07-01"), price("11", "2026-07-01"))

    months = accrue_months(account, terms, "2026-04", "2026-08")

    assert brief(months["2026-07"]) == [("correction", "-241", "-2410.00"), ("correction", "50", "550.00")]


@pytest.mark.parametrize(
    ("policy", "corrected"),
    [
        ("never", [("correction", "89.679", "896.79")]),
        ("by_operator", [("correction", "89.679", "896.79")]),
        ("auto", [("correction", "-309.6", "-3096.00")]),
    ],
)
def test_months_by_the_norm_are_corrected_as_the_supplier_chose(policy, corrected):
    account = with_readings(silent_since_march(), ("2026-08-25", "1858"))
    terms = make_terms("10", norms=SMOLENSK, policy=make_policy(recalculate_norm_months=policy))

    months = accrue_months(account, terms, "2026-04", "2026-09")

    assert [line.kind for lines in list(months.values())[:4] for line in lines] == ["average"] * 3 + ["norm"]
    assert brief(months["2026-08"]) == corrected


def test_a_reading_over_days_that_all_keep_their_norm_is_a_line_of_zero():
    account = make_account(
        make_meter(*make_readings(("2026-03-31", "0"), ("2026-04-30", "50"))), period="2026-04", residents=1, area=None
    )
    terms = make_terms(norms={("", ""): (make_norm("30"),)})
    seen = replace(account, meters=(make_meter(*make_readings(("2026-03-31", "0"))),))
    charged = as_charged(seen, rules.accrue(seen, terms))
    account = replace(account, charged=charged.charged)

    [line] = rules.accrue(account, terms).lines

    assert (line.kind, line.volume_m3, line.amount_rub) == ("correction", Decimal(0), Decimal(0))
    assert line.reading_id == 2


def test_a_reading_over_a_month_by_the_norm_is_charged_for_its_other_days():
    account = make_account(make_meter(*make_readings(("2026-03-31", "0"), ("2026-05-31", "122"))), period="2026-04")
    terms = make_terms(norms=SMOLENSK)

    months = accrue_months(account, terms, "2026-04", "2026-06")

    [line] = months["2026-05"]
    assert (line.kind, line.volume_m3) == ("metered", Decimal(62))
    assert line.inputs["kept"] == [{"since": "2026-04-01", "until": "2026-05-01"}]


def test_a_reading_that_came_late_corrects_its_part_of_the_estimate_and_the_next_one_the_rest():
    account = with_readings(silent_since_march(), ("2026-04-20", "1213"), ("2026-05-25", "1248"))
    terms = make_terms("10")
    april = replace(silent_since_march(), period=Month(2026, 4))
    charged = as_charged(april, rules.accrue(april, terms))
    account = replace(account, charged=charged.charged, period=Month(2026, 5))

    lines = rules.accrue(account, terms).lines

    assert [line.kind for line in lines] == ["correction", "correction"]
    assert sum(line.volume_m3 for line in lines) == Decimal(48 - 145)
    assert sum(line.amount_rub for line in lines) == Decimal("-970.00")


# --- Months that came from the supplier -------------------------------------------------------------------------------


def with_imported(account, *months):
    lines = [
        ChargedLine(
            90 + number, GAS, "imported", Month.parse(month), None, None, None, None, Decimal(0), None, Decimal(900), {}
        )
        for number, month in enumerate(months)
    ]
    return replace(account, charged=tuple(lines))


def test_a_month_that_the_supplier_has_charged_by_a_reading_ends_with_that_reading():
    account = with_imported(with_readings(silent_since_march(), ("2026-04-25", "1260")), "2026-03")

    assert brief(rules.accrue(replace(account, period=Month(2026, 4)), make_terms()).lines) == [
        ("metered", "60", "600.00")
    ]


def test_months_that_the_supplier_has_charged_by_an_estimate_keep_what_was_charged():
    account = with_imported(with_readings(silent_since_march(), ("2026-06-25", "1292")), "2026-04", "2026-05")

    [line] = rules.accrue(replace(account, period=Month(2026, 6)), make_terms()).lines

    assert (line.volume_m3, line.used_since, line.used_until) == (Decimal(25), day("2026-06-01"), day("2026-06-26"))
    assert line.inputs["kept"] == [{"since": "2026-03-26", "until": "2026-06-01"}]


def test_an_outage_in_months_that_the_supplier_has_charged_is_not_charged_again():
    account = with_imported(silent_since_march(meter={"verification_due_on": day("2026-04-15")}), "2026-04", "2026-05")

    lines = rules.accrue(replace(account, period=Month(2026, 6)), make_terms(norms=SMOLENSK)).lines

    assert brief(lines) == [("norm", "532.6", "5326.00")]
    assert (lines[0].used_since, lines[0].used_until) == (day("2026-06-01"), day("2026-07-01"))


def test_months_of_another_service_that_the_supplier_has_charged_do_not_matter():
    account = with_imported(with_readings(silent_since_march(), ("2026-06-25", "1292")), "2026-04", "2026-05")
    account = replace(account, charged=tuple(replace(line, service_id=UPKEEP) for line in account.charged))

    [line] = rules.accrue(replace(account, period=Month(2026, 6)), make_terms()).lines

    assert line.volume_m3 == Decimal(92)


# --- Fees and VAT -----------------------------------------------------------------------------------------------------


def fee(rub="104.20", since="2026-01-01", until=None):
    return AccountFee(day(since), until and day(until), UPKEEP, "Обслуживание", Decimal(rub), "Договор № 5")


@pytest.mark.parametrize(
    ("since", "until", "is_charged"),
    [
        ("2026-04-01", None, True),
        ("2026-04-02", None, False),
        ("2026-01-01", "2026-04-02", True),
        ("2026-01-01", "2026-04-01", False),
    ],
)
def test_a_fee_is_charged_whole_when_it_holds_on_the_first_day(since, until, is_charged):
    terms = make_terms(norms={("", ""): (make_norm("30"),)})

    lines = accrue(period="2026-04", terms=terms, fees=(fee(since=since, until=until),)).lines

    assert [line.amount_rub for line in lines if line.kind == "fixed"] == [Decimal("104.20")] * is_charged


def test_a_fee_is_charged_once():
    account = make_account(period="2026-04", fees=(fee(),))
    terms = make_terms(norms=SMOLENSK)
    charged = as_charged(account, rules.accrue(account, terms))

    assert rules.accrue(charged, terms).lines == ()


def test_a_line_says_how_much_of_it_is_vat():
    meter = make_meter(*make_readings(("2026-09-25", "1234"), ("2026-10-25", "1262")))
    rates = (VatRate(day("2026-01-01"), None, Decimal("22.00"), ""),)

    [line] = accrue(meter, period="2026-10", terms=make_terms("4.37507", vat_rates=rates)).lines

    assert (line.inputs["vat_percent"], line.inputs["vat_rub"]) == ("22", "22,09")


# --- What a person should look at -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prices", "missing"),
    [((price("10", "2026-10-01"),), "2026-09-26"), ((price("10", until="2026-10-25"),), "2026-10-25")],
)
def test_an_account_without_a_price_for_some_day_is_charged_nothing_of_consumption(prices, missing):
    meter = make_meter(*make_readings(("2026-09-25", "1234"), ("2026-10-25", "1262")))

    accrued = accrue(meter, period="2026-10", terms=make_terms(*prices), fees=(fee(),))

    assert brief(accrued.lines) == [("fixed", "", "104.20")]
    assert [(oddity.kind, oddity.details) for oddity in accrued.oddities] == [("no_tariff", {"day": missing})]


@pytest.mark.parametrize(
    ("norms", "area", "missing"),
    [
        ({}, "60", "norm"),
        ({("", ""): (make_norm("1", "m2"),)}, None, "area"),
        ({("north", ""): (make_norm("1"),)}, None, "norm"),
    ],
)
def test_an_account_without_a_norm_is_named(norms, area, missing):
    accrued = accrue(period="2026-04", terms=make_terms(norms=norms), area=area)

    assert accrued.lines == ()
    assert [(oddity.kind, oddity.details) for oddity in accrued.oddities] == [
        ("no_norm", {"day": "2026-04-01", "missing": missing})
    ]


@pytest.mark.parametrize(("unit", "charged"), [("person", []), ("m2", [("norm", "60", "600.00")])])
def test_nobody_is_charged_for_nobody_because_it_is_not_known_who_lives_there(unit, charged):
    unknown = (Residence(days("2020-01-01"), None, Decimal(60)),)

    accrued = accrue(period="2026-04", terms=make_terms(norms={("", ""): (make_norm("1", unit),)}), residences=unknown)

    assert brief(accrued.lines) == charged
    missing = [{"day": "2026-04-01", "missing": "residents"}]
    assert [oddity.details for oddity in accrued.oddities] == ([] if charged else missing)


@pytest.mark.parametrize(("value", "is_odd"), [("2677", False), ("2678", True)])
def test_many_times_the_usual_is_odd(value, is_odd):
    account = with_readings(silent_since_march(), ("2026-04-25", value))
    account = replace(account, period=Month(2026, 4))

    [oddity] = rules.accrue(account, make_terms()).oddities or [None]

    assert (oddity is not None and oddity.kind == "much_more") == is_odd


@pytest.mark.parametrize(("period", "is_odd"), [("2027-02", False), ("2027-03", True)])
def test_a_year_without_a_reading_is_odd(period, is_odd):
    account = replace(silent_since_march(), period=Month.parse(period))

    accrued = rules.accrue(account, make_terms(norms=SMOLENSK))

    assert ("silent" in [oddity.kind for oddity in accrued.oddities]) == is_odd


@pytest.mark.parametrize(("due_on", "is_odd"), [("2026-04-30", False), ("2026-04-29", True)])
def test_a_meter_whose_verification_has_run_out_is_odd(due_on, is_odd):
    account = with_readings(silent_since_march(meter={"verification_due_on": day(due_on)}), ("2026-04-25", "1300"))

    accrued = rules.accrue(replace(account, period=Month(2026, 4)), make_terms(norms=SMOLENSK))

    assert ("unverified" in [oddity.kind for oddity in accrued.oddities]) == is_odd


def test_a_month_below_zero_is_odd():
    account = with_readings(silent_since_march(), ("2026-07-01", "1500"))
    for period in (Month(2026, 4), Month(2026, 5), Month(2026, 6)):
        seen = replace(silent_since_march(), period=period, charged=account.charged)
        account = replace(account, charged=as_charged(seen, rules.accrue(seen, make_terms())).charged)

    accrued = rules.accrue(replace(account, period=Month(2026, 7)), make_terms())

    assert [(oddity.kind, oddity.details) for oddity in accrued.oddities] == [("negative", {"amount_rub": "−1350,00"})]
