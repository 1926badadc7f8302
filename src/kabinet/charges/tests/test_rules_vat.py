"""How much VAT a line contains: by the rates of its days, and corrections give back just what was said before."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from kabinet.charges import rules
from kabinet.charges.rules import AccountFee, AccountMonth, Accrued, Terms, VatRate
from kabinet.charges.tests.histories import NORMS, steps
from kabinet.charges.tests.months import (
    as_charged,
    brief,
    day,
    in_month,
    make_account,
    make_meter,
    make_policy,
    make_readings,
    make_terms,
    price,
)
from kabinet.common.month import Month


def rate(percent: str, since: str = "2020-01-01", until: str | None = None) -> VatRate:
    return VatRate(day(since), until and day(until), Decimal(percent), "НК РФ, 164")


TWENTY, TWENTY_TWO = rate("20", until="2026-05-01"), rate("22", since="2026-05-01")


def said(lines) -> list[tuple[str, str, str, str]]:
    """Give kind, sum, percent and VAT of lines."""
    return [
        (line.kind, str(line.amount_rub), line.inputs.get("vat_percent", ""), line.inputs.get("vat_rub", ""))
        for line in lines
    ]


def vat_by_percent(account: AccountMonth) -> dict[str, Decimal]:
    """Sum the VAT of all that was charged, as bills do."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in account.charged:
        if "vat_rub" in line.inputs:
            found[line.inputs["vat_percent"]] += Decimal(line.inputs["vat_rub"].replace(",", ".").replace("−", "-"))
    return {percent: vat_rub for percent, vat_rub in found.items() if vat_rub}


def charge(account: AccountMonth, period: str, terms: Terms) -> AccountMonth:
    month = Month.parse(period)
    return as_charged(account, rules.accrue(in_month(account, month), terms), period=month)


def recomputed(account: AccountMonth, period: str, terms: Terms) -> Accrued:
    return rules.recompute(in_month(account, Month.parse(period)), terms, reason="Приказ")


def read_in_april(used_m3: int = 28) -> AccountMonth:
    meter = make_meter(*make_readings(("2026-03-31", "1000"), ("2026-04-30", str(1000 + used_m3))))
    return make_account(meter, period="2026-04", charged_reading_ids=frozenset([1]))


def silent_in_april() -> AccountMonth:
    """Make an account that used 145 m³ a month on average before."""
    meter = make_meter(*make_readings(("2025-03-31", "0"), ("2026-03-31", "1740")))
    return make_account(meter, period="2026-04", charged_reading_ids=frozenset([1, 2]))


def test_a_line_is_cut_where_the_rate_changes_though_the_price_does_not():
    meter = make_meter(*make_readings(("2026-04-25", "1000"), ("2026-05-25", "1090")))
    account = make_account(meter, period="2026-05", charged_reading_ids=frozenset([1]))

    lines = rules.accrue(account, make_terms("10", vat_rates=(TWENTY, TWENTY_TWO))).lines

    assert said(lines) == [("metered", "150.00", "20", "25,00"), ("metered", "750.00", "22", "135,25")]


def test_a_rate_that_is_written_down_again_cuts_nothing():
    meter = make_meter(*make_readings(("2026-04-25", "1000"), ("2026-05-25", "1090")))
    account = make_account(meter, period="2026-05", charged_reading_ids=frozenset([1]))
    rates = (rate("22", until="2026-05-01"), TWENTY_TWO)

    assert said(rules.accrue(account, make_terms("10", vat_rates=rates)).lines) == [
        ("metered", "900.00", "22", "162,30")
    ]


def test_when_readings_resume_their_correction_leaves_the_vat_of_what_is_due():
    """145 m³ a month by the mean: 634,39 ₽ with 114,40 of VAT. 101 m³ were used: 441,88 with 79,68."""
    terms = make_terms("4.37507", vat_rates=(rate("22"),))
    read = make_readings(("2026-03-31", "1740"), ("2026-04-30", "1841"), first_id=20)[1:]
    account = charge(silent_in_april(), "2026-04", terms)
    [scale] = account.meters[0].scales
    meter = replace(account.meters[0], scales=(replace(scale, readings=scale.readings + read),))

    account = charge(replace(account, meters=(meter,)), "2026-05", terms)

    estimated, corrected, *_ = said(account.charged)
    assert estimated == ("average", "634.39", "22", "114,40")
    assert corrected == ("correction", "-192.51", "22", "−34,72")
    assert Decimal("114.40") - Decimal("34.72") == Decimal("79.68")


def test_a_correction_by_staff_says_how_much_vat_it_contains():
    before, after = (make_terms(rub, vat_rates=(rate("22"),)) for rub in ("10", "11"))
    account = charge(read_in_april(), "2026-04", before)

    corrected = recomputed(account, "2026-04", after)

    assert said(account.charged) == [("metered", "280.00", "22", "50,49")]
    assert said(corrected.lines) == [("correction", "28.00", "22", "5,05")]
    assert vat_by_percent(as_charged(account, corrected)) == {"22": Decimal("55.54")}  # of 308,00 ₽
    assert recomputed(as_charged(account, corrected), "2026-04", after).lines == ()


def test_the_vat_of_a_correction_is_that_of_its_days_whenever_it_is_made():
    terms = [make_terms(rub, vat_rates=(TWENTY, TWENTY_TWO)) for rub in ("10", "12")]
    account = charge(read_in_april(), "2026-04", terms[0])

    assert said(recomputed(account, "2026-04", terms[1]).lines) == [("correction", "56.00", "20", "9,33")]


def test_a_rate_that_was_wrong_is_taken_back_as_it_was_said_and_charged_as_it_is():
    before, after = (make_terms("10", vat_rates=(rate(percent),)) for percent in ("20", "22"))
    account = charge(read_in_april(), "2026-04", before)

    corrected = recomputed(account, "2026-04", after)

    assert sorted(said(corrected.lines)) == [
        ("correction", "-280.00", "20", "−46,67"),
        ("correction", "280.00", "22", "50,49"),
    ]
    assert vat_by_percent(as_charged(account, corrected)) == {"22": Decimal("50.49")}


def test_what_said_nothing_of_vat_is_taken_to_contain_it():
    account = charge(read_in_april(), "2026-04", make_terms("10"))

    assert recomputed(account, "2026-04", make_terms("10", vat_rates=(rate("22"),))).lines == ()
    corrected = recomputed(account, "2026-04", make_terms("11", vat_rates=(rate("22"),)))

    assert said(corrected.lines) == [("correction", "28.00", "22", "5,05")]


def test_what_was_charged_for_no_days_goes_back_with_its_vat_and_comes_again_with_it():
    terms = make_terms("4.37507", vat_rates=(rate("22"),))
    account = charge(silent_in_april(), "2026-04", terms)
    closed = charge(replace(account, closed_on=day("2026-04-11")), "2026-05", terms)
    reopened = charge(replace(closed, closed_on=None), "2026-05", terms)

    assert said(closed.charged[1:2]) == [("correction", "-422.93", "22", "−76,27")]
    in_april = [line for line in reopened.charged if line.used_until <= day("2026-05-01")]
    assert sum(line.amount_rub for line in in_april) == Decimal("634.39")
    assert vat_by_percent(replace(reopened, charged=tuple(in_april))) == {"22": Decimal("114.40")}


def test_a_fee_that_was_for_no_month_goes_back_with_its_vat():
    fee = AccountFee(day("2020-01-01"), None, 2, "Обслуживание", Decimal("100.00"), "Договор")
    terms = make_terms(vat_rates=(rate("22"),))
    account = make_account(period="2026-05", fees=(fee,), opened_on=day("2026-01-01"), residents=0)
    account = charge(account, "2026-05", terms)

    closed = charge(replace(account, closed_on=day("2026-04-11")), "2026-06", terms)

    assert said(closed.charged) == [
        ("fixed", "100.00", "22", "18,03"),
        ("correction", "-100.00", "22", "−18,03"),
    ]


def test_what_moves_between_steps_takes_its_vat_along():
    ladder = {("", "", Decimal(0)): (price("7"),), ("", "", Decimal(385)): (price("9"),)}
    terms = make_terms(prices=ladder, vat_rates=(rate("22"),))
    meter = make_meter(*make_readings(("2026-03-31", "0"), ("2026-04-30", "400")))
    account = make_account(meter, period="2026-04", charged_reading_ids=frozenset([1]))
    account = charge(account, "2026-04", terms)
    higher = {("", "", Decimal(0)): (price("7"),), ("", "", Decimal(390)): (price("9"),)}

    corrected = recomputed(account, "2026-04", make_terms(prices=higher, vat_rates=(rate("22"),)))

    by_hand = make_account(meter, period="2026-04", charged_reading_ids=frozenset([1]))
    due = charge(by_hand, "2026-04", make_terms(prices=higher, vat_rates=(rate("22"),)))
    assert vat_by_percent(as_charged(account, corrected)) == vat_by_percent(due)


def test_what_moves_between_steps_is_the_same_whether_or_not_a_rate_is_known():
    """A norm of January goes back in February, and part of what was above the step moves below it in that accrual."""
    policy = make_policy(recalculate_norm_months="auto", average_at_most_months=0)
    charged = []
    for rates in ((), (rate("22"),)):
        terms = make_terms(prices=steps(64), policy=policy, norms=NORMS, vat_rates=rates)
        meter = make_meter(*make_readings(("2025-12-31", "0")))
        account = charge(make_account(meter, period="2026-01"), "2026-01", terms)
        meter = make_meter(*make_readings(("2025-12-31", "0"), ("2026-01-05", "0")))
        account = charge(replace(account, meters=(meter,)), "2026-02", terms)
        charged.append([(*brief([line])[0], line.used_since, line.used_until) for line in account.charged])

    assert any("moved" in line.inputs for line in account.charged)
    assert charged[0] == charged[1]
