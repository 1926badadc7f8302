"""A charged month is corrected: by a line of its own in the current month, never by changing what was released."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import AccrualRun, Charge
from kabinet.charges.operations.runs import AnotherRun, NothingToCorrect, ReasonMissing
from kabinet.charges.tests.factories import make_accrual_policy
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.charges.usecases.correct_month import CannotBeComputed, correct_month
from kabinet.charges.usecases.release_accrual import release_accrual
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.testing import run_jobs
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.tests.factories import (
    grant,
    make_accountant,
    make_benefit,
    make_norm,
    make_support,
    make_tariff,
)

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
ACCRUED_AT = {SEPTEMBER: at("2026-10-01 05:00"), OCTOBER: at("2026-11-01 05:00"), NOVEMBER: at("2026-12-01 05:00")}
NOW = at("2026-11-10 12:00")


def make_billing(price: str = "10") -> Supplier:
    supplier = make_supplier()
    make_tariff(supplier, price, set_at=at("2026-01-01 00:00"))
    make_accrual_policy(supplier)
    return supplier


def make_charged_account(supplier: Supplier, *, used: int = 28) -> Account:
    """Make an account of which October is charged by a reading."""
    account = make_account(supplier)
    make_reading(make_meter(account, value="1000", on="2026-09-30"), str(1000 + used), on="2026-10-31")
    accrue(account, OCTOBER)
    return account


def accrue(account: Account, period: Month) -> None:
    accrue_month(supplier_id=account.supplier_id, account_id=account.id, period=period, now=ACCRUED_AT[period])


def set_price(supplier: Supplier, price: str) -> None:
    """Change a price in the past, as an order that came late does."""
    Tariff.objects.filter(supplier=supplier).update(price_rub_per_m3=Decimal(price))


def correct(account: Account, for_period: Month = OCTOBER, **asked: Any) -> list[Charge]:
    usual = {"reason": "Приказ № 2 задним числом", "actor": make_accountant(account.supplier), "now": NOW}
    return correct_month(
        supplier_id=account.supplier_id, account_id=account.id, for_period=for_period, **(usual | asked)
    )


def debt_rub(account: Account) -> Decimal:
    return ledger.balance_rub(account.supplier_id, account.id)


def test_a_tariff_changed_in_the_past_never_changes_a_charged_month():
    account = make_charged_account(make_billing())
    before = list(Charge.objects.values())

    set_price(account.supplier, "11")
    accrue(account, OCTOBER)

    assert list(Charge.objects.values()) == before
    assert debt_rub(account) == Decimal("280.00")


def test_the_preview_says_what_a_correction_would_cost_and_writes_nothing():
    account = make_charged_account(make_billing())
    set_price(account.supplier, "11")

    preview = queries.correction_preview(account.supplier_id, account.id, OCTOBER)

    assert preview.amount_rub == Decimal("28.00")
    assert Charge.objects.count() == 1


def test_the_preview_names_a_late_reading_that_the_next_accrual_takes():
    account = make_account(make_billing())
    meter = make_meter(account, value="1000", on="2026-09-30")
    make_reading(meter, "1028", on="2026-10-25")
    accrue(account, OCTOBER)
    make_reading(meter, "1035", on="2026-10-31")

    preview = queries.correction_preview(account.supplier_id, account.id, OCTOBER)

    assert (preview.lines, preview.next_reading_on) == ((), dt.date(2026, 10, 31))
    accrue(account, NOVEMBER)
    assert queries.correction_preview(account.supplier_id, account.id, OCTOBER).next_reading_on is None


@pytest.mark.parametrize(("read_in_october", "named"), [(True, None), (False, dt.date(2026, 11, 9))])
def test_the_preview_names_a_reading_of_the_next_month_where_an_estimate_waits_for_it(read_in_october, named):
    account = make_account(make_billing())
    meter = make_meter(account, value="1000", on="2026-08-25")
    make_reading(meter, "1028", on="2026-09-25")
    accrue(account, SEPTEMBER)
    if read_in_october:
        make_reading(meter, "1056", on="2026-10-25")
    accrue(account, OCTOBER)
    make_reading(meter, "1070", on="2026-11-09")

    assert queries.correction_preview(account.supplier_id, account.id, OCTOBER).next_reading_on == named


def test_the_difference_is_charged_in_the_current_month_and_says_how_it_came():
    account = make_charged_account(make_billing())
    set_price(account.supplier, "11")

    [line] = correct(account)

    assert (line.kind, line.period, line.for_period) == (Charge.Kind.CORRECTION, NOVEMBER, OCTOBER)
    assert (line.volume_m3, line.amount_rub) == (Decimal(0), Decimal("28.00"))
    assert line.formula == "28 м³ − 28 м³ = 0 м³; 308,00 ₽ − 280,00 ₽ = 28,00 ₽"
    assert line.inputs["reason"] == "Приказ № 2 задним числом"
    assert debt_rub(account) == Decimal("308.00")
    assert ledger.differences_everywhere() == []


def test_what_was_too_much_settles_what_is_owed():
    account = make_charged_account(make_billing())
    set_price(account.supplier, "9")

    [line] = correct(account)

    assert line.amount_rub == Decimal("-28.00")
    assert debt_rub(account) == Decimal("252.00")
    [unpaid] = queries.unpaid_charges(account.supplier_id, account.id)
    assert (unpaid.period, unpaid.amount_rub) == (OCTOBER, Decimal("252.00"))


def test_corrected_again_nothing_is_left():
    account = make_charged_account(make_billing())
    set_price(account.supplier, "11")
    correct(account)

    assert correct(account) == []
    set_price(account.supplier, "12")
    [further] = correct(account)

    assert further.amount_rub == Decimal("28.00")
    assert debt_rub(account) == Decimal("336.00")


def test_the_month_after_a_corrected_one_is_charged_as_ever():
    account = make_charged_account(make_billing())
    set_price(account.supplier, "11")
    correct(account)
    make_reading(Meter.objects.get(account=account), "1038", on="2026-11-25")

    accrue(account, NOVEMBER)

    assert debt_rub(account) == Decimal("418.00")  # 38 m³ at 11


def test_a_reading_that_came_later_is_no_fact_of_the_month():
    """It is charged, and corrects the estimate, in the month in which it is found."""
    account = make_account(make_billing())
    meter = make_meter(account, value="1000", on="2026-08-31")
    make_reading(meter, "1030", on="2026-09-30")
    accrue(account, SEPTEMBER)
    accrue(account, OCTOBER)
    make_reading(meter, "1070", on="2026-10-31")

    assert correct(account) == []


def test_a_month_that_only_corrected_estimates_is_corrected_too():
    account = make_account(make_billing())
    meter = make_meter(account, value="1000", on="2026-08-31")
    make_reading(meter, "1030", on="2026-09-30")
    accrue(account, SEPTEMBER)
    accrue(account, OCTOBER)
    make_reading(meter, "1080", on="2026-11-30")
    accrue(account, NOVEMBER)
    assert {charge.kind for charge in Charge.objects.filter(period=NOVEMBER)} == {Charge.Kind.CORRECTION}
    set_price(account.supplier, "11")

    for month in (SEPTEMBER, OCTOBER, NOVEMBER):
        correct(account, month, now=at("2026-12-10 12:00"))

    assert debt_rub(account) == Decimal("880.00")  # 80 m³ at 11


def test_a_month_is_not_charged_because_an_earlier_one_is_corrected_in_it():
    account = make_charged_account(make_billing())
    set_price(account.supplier, "11")
    [line] = correct(account)
    assert line.period == NOVEMBER

    with pytest.raises(NothingToCorrect):
        correct(account, NOVEMBER, now=at("2026-12-10 12:00"))


def test_a_benefit_of_a_corrected_month_is_corrected_as_well():
    supplier = make_billing()
    account = make_account(supplier)
    grant(account, make_benefit(supplier))
    make_reading(make_meter(account, value="1000", on="2026-09-30"), "1020", on="2026-10-31")
    accrue(account, OCTOBER)
    assert debt_rub(account) == Decimal("100.00")
    set_price(supplier, "12")

    correct(account)

    assert debt_rub(account) == Decimal("120.00")
    assert ledger.supplier_balance_rub(supplier.id, "benefits") == Decimal("120.00")


def make_benefited(supplier: Supplier, **benefit: Any) -> tuple[Account, Meter]:
    """Make an account with a benefit, charged 300 ₽ for September as read and for October by that mean."""
    account = make_account(supplier)
    grant(account, make_benefit(supplier, **benefit))
    meter = make_meter(account, value="1000", on="2026-08-31")
    make_reading(meter, "1030", on="2026-09-30")
    accrue(account, SEPTEMBER)
    accrue(account, OCTOBER)
    return account, meter


def test_a_reading_after_a_corrected_estimate_leaves_the_benefit_that_it_alone_would_give():
    account, meter = make_benefited(make_billing())
    assert debt_rub(account) == Decimal("300.00")
    set_price(account.supplier, "12")
    correct(account)
    assert debt_rub(account) == Decimal("330.00")  # October: 360 less 180
    make_reading(meter, "1080", on="2026-11-30")

    accrue(account, NOVEMBER)

    assert debt_rub(account) == Decimal("450.00")  # September 150, then 50 m³ at 12, half of it
    assert ledger.supplier_balance_rub(account.supplier_id, "benefits") == Decimal("450.00")


@pytest.mark.parametrize(
    ("benefit", "corrected_rub", "read_rub"),
    [
        ({}, "450.00", "550.00"),  # September 300, then half of 500
        ({"limit_m3": Decimal(20)}, "500.00", "600.00"),  # half of 20 m³ of each month
        ({"monthly_rub": Decimal(100)}, "500.00", "600.00"),
    ],
)
def test_a_benefit_that_became_known_late_is_given_once_although_a_reading_resumes(benefit, corrected_rub, read_rub):
    supplier = make_billing()
    account = make_account(supplier)
    meter = make_meter(account, value="1000", on="2026-08-31")
    make_reading(meter, "1030", on="2026-09-30")
    accrue(account, SEPTEMBER)
    accrue(account, OCTOBER)
    grant(account, make_benefit(supplier, **benefit))
    correct(account)
    assert debt_rub(account) == Decimal(corrected_rub)
    make_reading(meter, "1080", on="2026-11-30")

    accrue(account, NOVEMBER)

    assert debt_rub(account) == Decimal(read_rub)


def test_benefits_are_corrected_each_for_itself_and_by_name():
    account, _meter = make_benefited(make_billing(), name="Ветеран")
    grant(account, make_benefit(account.supplier, code="many-children", name="Многодетная семья", share_percent="30"))

    [line] = correct(account)

    assert (line.kind, line.amount_rub, line.inputs["name"]) == ("benefit", Decimal("-90.00"), "Многодетная семья")


def test_a_norm_that_was_wrong_is_corrected():
    supplier = make_billing()
    norm = make_norm(supplier, "10")
    account = make_account(supplier, residents_count=2, opened_on=dt.date(2026, 10, 1))
    accrue(account, OCTOBER)
    assert debt_rub(account) == Decimal("200.00")
    type(norm).objects.filter(id=norm.id).update(monthly_m3=[Decimal(12)] * 12)

    [line] = correct(account)

    assert (line.volume_m3, line.amount_rub) == (Decimal(4), Decimal("40.00"))


def test_all_accounts_are_corrected_by_a_run_that_a_second_person_releases():
    supplier = make_billing()
    accounts = [make_charged_account(supplier, used=used) for used in (10, 20)]
    untouched = make_account(supplier)
    set_price(supplier, "11")

    run = start_accrual(
        supplier_id=supplier.id,
        period=NOVEMBER,
        for_period=OCTOBER,
        reason="Приказ № 2",
        actor=make_accountant(supplier),
        now=NOW,
    )
    run_jobs(only="charges")
    report = queries.run_report(supplier.id, run.id)
    assert [debt_rub(account) for account in accounts] == [Decimal("100.00"), Decimal("200.00")]
    release_accrual(supplier_id=supplier.id, run_id=run.id, actor=make_accountant(supplier), now=NOW)
    run_jobs(only="charges")

    assert report.amount_rub == Decimal("30.00")
    assert [debt_rub(account) for account in accounts] == [Decimal("110.00"), Decimal("220.00")]
    assert debt_rub(untouched) == Decimal("0.00")
    assert {charge.for_period for charge in Charge.objects.filter(run=run)} == {OCTOBER}
    assert AccrualRun.objects.get().state == AccrualRun.State.RELEASED


def test_a_month_that_cannot_be_computed_anew_is_left_as_it_is():
    account = make_charged_account(make_billing())
    Tariff.objects.filter(supplier=account.supplier).update(valid_from=dt.date(2026, 10, 15))

    with pytest.raises(CannotBeComputed) as refusal:
        correct(account)

    assert "01.10.2026" in str(refusal.value)
    assert debt_rub(account) == Decimal("280.00")


def test_what_is_asked_wrongly_is_refused():
    account = make_charged_account(make_billing())

    with pytest.raises(ReasonMissing):
        correct(account, reason=" ")
    with pytest.raises(NothingToCorrect):
        correct(account, NOVEMBER)
    with pytest.raises(NotAllowed):
        correct(account, actor=make_support(account.supplier))
    with pytest.raises(NotFound):
        correct(account, actor=make_accountant(make_supplier()))
    start_accrual(supplier_id=account.supplier_id, period=OCTOBER, actor=None, now=NOW)
    with pytest.raises(AnotherRun):
        correct(account)
