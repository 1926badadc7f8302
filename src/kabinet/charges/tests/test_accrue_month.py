"""A month is accrued."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import AccrualPolicy, Allocation, Charge
from kabinet.charges.operations.runs import AnotherRun, PeriodNotOver, PolicyMissing
from kabinet.charges.tests.factories import make_accrual_policy, make_charge, make_payment
from kabinet.charges.usecases.accrue_month import NormMissing, TariffMissing, accrue_month
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.errors import NotFound
from kabinet.common.month import Month, months_between
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_norm, make_tariff

pytestmark = pytest.mark.django_db

NOVEMBER_1 = at("2026-11-01 05:10")
OCTOBER = Month(2026, 10)


def accrue(meter: Meter, period: Month = OCTOBER, *, now: dt.datetime = NOVEMBER_1) -> list[Charge]:
    return accrue_month(supplier_id=meter.supplier_id, account_id=meter.account_id, period=period, now=now)


def debt_rub(meter: Meter) -> Decimal:
    return ledger.balance_rub(meter.supplier_id, meter.account_id)


def set_price(supplier: Supplier, price: str = "4.37507", **days: str) -> None:
    if not AccrualPolicy.objects.filter(supplier=supplier).exists():
        make_accrual_policy(supplier)
    make_tariff(supplier, price, **days)


def make_read_meter(*, previous: str = "1234", current: str = "1262", price: str = "4.37507") -> Meter:
    meter = make_meter(value=previous, on="2026-09-25")
    make_reading(meter, current, on="2026-10-25")
    set_price(meter.supplier, price)
    return meter


def test_a_reading_becomes_a_charge_that_explains_itself_and_stands_in_the_ledger():
    meter = make_read_meter()

    [charge] = accrue(meter)

    assert (charge.volume_m3, charge.amount_rub) == (Decimal(28), Decimal("122.50"))
    assert charge.formula == "28 м³ × 4,37507 ₽/м³ = 122,50 ₽"
    assert (charge.period, charge.line_no, charge.charged_on) == (OCTOBER, 1, dt.date(2026, 11, 1))
    assert debt_rub(meter) == Decimal("122.50")
    [card] = queries.charges_of_month(meter.supplier_id, meter.account_id, OCTOBER)
    assert [(step.name, step.value.replace("\N{NO-BREAK SPACE}", " ")) for step in card.explanation.steps] == [
        ("Счётчик", f"№ {meter.serial_number}"),
        ("Показание на 25.10.2026", "1 262"),
        ("Предыдущее, на 25.09.2026", "1 234"),
        ("Расход", "1 262 − 1 234 = 28 м³"),
        ("Цена", "4,37507 ₽/м³"),
        ("Кем установлена", "Приказ № 1"),
    ]
    assert "№ 549" in card.rule_source


def test_the_same_month_again_charges_nothing_more():
    meter = make_read_meter()

    accrue(meter)
    again = accrue(meter)

    assert again == []
    assert Charge.objects.count() == 1
    assert debt_rub(meter) == Decimal("122.50")


def test_a_price_that_changed_makes_two_lines():
    meter = make_meter(value="1000", on="2026-09-25")
    make_reading(meter, "1090", on="2026-10-25")
    set_price(meter.supplier, "9.624", until="2026-10-01")
    set_price(meter.supplier, "10.548", since="2026-10-01")

    before, after = accrue(meter)

    assert (before.amount_rub, after.amount_rub) == (Decimal("144.36"), Decimal("791.10"))
    assert (before.line_no, after.line_no) == (1, 2)
    assert debt_rub(meter) == Decimal("935.46")
    [card, _] = queries.charges_of_month(meter.supplier_id, meter.account_id, OCTOBER)
    assert ("Часть расхода по этой цене, с 26.09.2026 по 30.09.2026", "90 × 5 / 30 = 15\N{NO-BREAK SPACE}м³") in [
        (step.name, step.value) for step in card.explanation.steps
    ]


def test_a_dial_past_zero_is_explained():
    meter = make_meter(value="99987", on="2026-09-25")
    make_reading(meter, "14", on="2026-10-25", volume_m3=Decimal(27), is_rollover=True)
    set_price(meter.supplier)

    accrue(meter)

    [card] = queries.charges_of_month(meter.supplier_id, meter.account_id, OCTOBER)
    assert card.amount_rub == Decimal("118.13")
    assert "100 000 − 99 987 + 14 = 27 м³" in [
        step.value.replace("\N{NO-BREAK SPACE}", " ") for step in card.explanation.steps
    ]


def test_a_reading_that_used_nothing_is_charged_with_zero_and_posts_nothing():
    meter = make_read_meter(previous="1234", current="1234")

    [charge] = accrue(meter)

    assert charge.amount_rub == Decimal(0)
    assert ledger.latest_movements(meter.supplier_id, meter.account_id, 5) == []
    assert accrue(meter) == []


def test_a_late_reading_is_charged_under_the_month_in_which_it_is_found():
    meter = make_read_meter()
    accrue(meter)
    make_reading(meter, "1272", on="2026-10-31")

    make_reading(meter, "1280", on="2026-11-25")

    late, own = accrue(meter, OCTOBER.next(), now=at("2026-12-01 05:10"))

    assert (late.period, late.volume_m3) == (OCTOBER.next(), Decimal(10))
    assert (own.period, own.volume_m3) == (OCTOBER.next(), Decimal(8))


def test_a_reading_after_the_month_waits_for_its_own():
    meter = make_read_meter()
    make_reading(meter, "1300", on="2026-11-01")

    [charge] = accrue(meter)

    assert charge.volume_m3 == Decimal(28)


@pytest.mark.parametrize("status", ["questionable", "rejected"])
def test_a_reading_that_does_not_count_is_not_charged(status):
    meter = make_read_meter()
    accrue(meter)
    make_reading(meter, "1300", on="2026-10-31", status=status)

    assert accrue(meter) == []


def test_a_day_without_a_price_refuses_the_whole_account():
    meter = make_meter(value="1000", on="2026-09-25")
    make_reading(meter, "1090", on="2026-10-25")
    set_price(meter.supplier, "10.548", since="2026-10-01")

    with pytest.raises(TariffMissing) as refusal:
        accrue(meter)

    assert "26.09.2026" in str(refusal.value)
    assert (Charge.objects.count(), debt_rub(meter)) == (0, Decimal(0))


@pytest.mark.parametrize(("moment", "refused"), [("2026-10-31 23:59:59", True), ("2026-11-01 00:00", False)])
def test_a_month_is_accrued_when_it_is_over_where_the_supplier_is(moment, refused):
    meter = make_meter(make_account(make_supplier(time_zone="Asia/Kamchatka")), value="1234", on="2026-09-25")
    make_reading(meter, "1262", on="2026-10-25")
    set_price(meter.supplier)
    now = at(moment, "Asia/Kamchatka")

    if not refused:
        assert len(accrue(meter, now=now)) == 1
        return
    with pytest.raises(PeriodNotOver):
        accrue(meter, now=now)


def test_what_was_paid_in_advance_settles_the_new_charge():
    meter = make_read_meter()
    make_payment(meter.account, "100.00")

    [charge] = accrue(meter)

    charge.refresh_from_db()
    assert charge.settled_rub == Decimal("100.00")
    [unpaid] = queries.unpaid_charges(meter.supplier_id, meter.account_id)
    assert unpaid.amount_rub == debt_rub(meter) == Decimal("22.50")


def test_an_advance_settles_nothing_twice():
    meter = make_read_meter()
    make_payment(meter.account, "150.00")
    accrue(meter)
    make_reading(meter, "1272", on="2026-11-25")

    [november] = accrue(meter, OCTOBER.next(), now=at("2026-12-01 05:10"))

    november.refresh_from_db()
    assert november.amount_rub == Decimal("43.75")
    assert november.settled_rub == Decimal("27.50")
    assert sum(row.amount_rub for row in Allocation.objects.all()) == Decimal("150.00")


def test_an_unknown_account_is_not_found():
    with pytest.raises(NotFound):
        accrue_month(supplier_id=make_supplier().id, account_id=0, period=OCTOBER, now=NOVEMBER_1)


def test_the_charge_equals_what_was_estimated():
    meter = make_read_meter()
    estimated_rub = queries.uncharged_estimate_rub(meter.supplier_id, meter.account_id)

    [charge] = accrue(meter)

    assert estimated_rub == charge.amount_rub
    assert queries.uncharged_estimate_rub(meter.supplier_id, meter.account_id) == Decimal(0)


def test_the_database_keeps_a_charge_from_being_settled_beyond_its_amount():
    meter = make_read_meter()
    [charge] = accrue(meter)

    with pytest.raises(Exception, match="charge_settled_within_amount"), transaction.atomic():
        Charge.objects.filter(id=charge.id).update(settled_rub=Decimal("122.51"))


@pytest.mark.django_db(transaction=True)
def test_two_accruals_at_once_charge_once():
    meter = make_read_meter()
    make_payment(meter.account, "100.00")
    start, made = threading.Barrier(2), []

    def run() -> None:
        start.wait(timeout=10)
        try:
            made.extend(accrue(meter))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(made) == Charge.objects.count() == 1
    assert debt_rub(meter) == Decimal("22.50")
    assert Allocation.objects.count() == 1


def test_a_month_without_readings_and_without_a_norm_is_refused():
    meter = make_meter(value="1234", on="2026-09-25")
    set_price(meter.supplier)

    with pytest.raises(NormMissing):
        accrue(meter)

    assert Charge.objects.count() == 0


def test_a_supplier_that_has_made_no_choices_cannot_accrue():
    meter = make_meter(value="1234", on="2026-09-25")
    make_tariff(meter.supplier)

    with pytest.raises(PolicyMissing):
        accrue(meter)


def test_while_a_run_is_under_way_no_account_is_charged_by_itself():
    meter = make_read_meter()
    start_accrual(supplier_id=meter.supplier_id, period=OCTOBER, actor=None, now=NOVEMBER_1)

    with pytest.raises(AnotherRun):
        accrue(meter)

    assert Charge.objects.count() == 0


def test_a_month_that_the_supplier_charged_itself_is_not_charged_again():
    account = make_account(residents_count=2)
    meter = make_meter(account, value="1234", on="2026-05-25", verification_due_on=dt.date(2026, 8, 31))
    make_reading(meter, "1264", on="2026-06-25")
    set_price(meter.supplier, "10", since="2026-01-01")
    make_norm(meter.supplier, "30")
    for month in ("2026-07", "2026-08", "2026-09"):
        make_charge(account, "900.00", period=month)

    charges = accrue(meter)

    assert [(charge.kind, charge.used_since, charge.used_until) for charge in charges] == [
        ("norm", dt.date(2026, 10, 1), dt.date(2026, 11, 1))
    ]


def test_an_account_by_the_norm_of_which_nobody_knows_who_lives_there_is_not_charged():
    account = make_account()
    make_accrual_policy(account.supplier)
    make_tariff(account.supplier, "10")
    make_norm(account.supplier, "30")

    with pytest.raises(NormMissing):
        accrue_month(supplier_id=account.supplier_id, account_id=account.id, period=OCTOBER, now=NOVEMBER_1)


def test_after_years_of_silence_months_that_were_charged_by_the_norm_are_not_charged_again():
    meter = make_meter(value="0", on="2023-09-30")
    make_reading(meter, "3700", on="2026-10-31")
    set_price(meter.supplier, "10")
    for month in months_between(Month(2023, 10), Month(2026, 10)):
        days = {"used_since": month.first_day, "used_until": month.next().first_day}
        make_charge(meter.account, "300.00", period=str(month), kind=Charge.Kind.NORM, meter=meter, **days)

    [charge] = accrue(meter)

    assert (charge.used_since, charge.volume_m3) == (dt.date(2026, 10, 1), Decimal("101.775"))
