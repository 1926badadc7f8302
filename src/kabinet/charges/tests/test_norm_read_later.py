"""Months of the norm, charged as no reading came, are computed by the reading that came at last: when staff ask for it.

July is read on the 25th. August to October are charged by the mean of 30 m³, November and December by the norm of
2 × 12 m³. A reading of 25 January tells of 92 m³ on 184 days, half a cubic metre a day: 15 m³ in November and
15.5 m³ in December.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_accrual_policy
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.charges.usecases.correct_month import correct_month
from kabinet.charges.usecases.release_accrual import release_accrual
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.month import Month, months_between
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter, MeterScale
from kabinet.meters.tests.factories import make_meter, make_outage, make_reading, make_scale
from kabinet.outbox.testing import run_jobs
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import grant, make_accountant, make_benefit, make_norm, make_tariff

pytestmark = pytest.mark.django_db

JULY, NOVEMBER, DECEMBER, JANUARY = Month(2025, 7), Month(2025, 11), Month(2025, 12), Month(2026, 1)
NOW = at("2026-02-10 12:00")


def make_billing(**choices: Any) -> Supplier:
    supplier = make_supplier()
    set_at = at("2025-01-01 00:00")
    make_tariff(supplier, "10", until="2025-12-01", set_at=set_at)
    make_tariff(supplier, "12", since="2025-12-01", source="Приказ № 2", set_at=set_at)
    make_norm(supplier, "12", set_at=set_at)
    make_accrual_policy(supplier, **choices)
    return supplier


def make_silent_account(supplier: Supplier, *, scales: int = 1) -> Account:
    """Make an account that was read in July and then not before January; further scales count nothing."""
    account = make_account(supplier, residents_count=2)
    meter = make_meter(account, value="1180", on="2025-06-25")
    make_reading(meter, "1210", on="2025-07-25")
    for number in range(1, scales):
        scale = make_scale(meter, f"T{number + 1}", "5", on="2025-06-25")
        make_reading(meter, "5", on="2025-07-25", scale=scale)
    accrue(account, since=JULY)
    return account


def accrue(account: Account, *, since: Month, until: Month = JANUARY) -> None:
    for period in months_between(since, until):
        now = at(f"{period.next().first_day} 05:00")
        accrue_month(supplier_id=account.supplier_id, account_id=account.id, period=period, now=now)


def read_at_last(account: Account) -> Account:
    make_reading(Meter.objects.get(account=account), "1302", on="2026-01-25")
    accrue(account, since=JANUARY, until=JANUARY.next())
    return account


def correct(account: Account, for_period: Month, *, now: dt.datetime = NOW) -> list[Charge]:
    return correct_month(
        supplier_id=account.supplier_id,
        account_id=account.id,
        for_period=for_period,
        reason="Показания переданы",
        actor=make_accountant(account.supplier),
        now=now,
    )


def debt_rub(account: Account) -> Decimal:
    return ledger.balance_rub(account.supplier_id, account.id)


def charged_m3(account: Account, *, since: str = "2025-07-26") -> Decimal:
    rows = Charge.objects.filter(account=account, used_since__gte=dt.date.fromisoformat(since))
    return rows.aggregate(volume_m3=Sum("volume_m3"))["volume_m3"]


def test_both_months_cost_what_the_meter_has_shown():
    account = read_at_last(make_silent_account(make_billing()))
    assert charged_m3(account) == Decimal("109.5")

    [november] = correct(account, NOVEMBER)
    [december] = correct(account, DECEMBER)

    assert (november.kind, november.for_period, november.volume_m3) == ("correction", NOVEMBER, Decimal("-9"))
    assert november.formula == "15 м³ − 24 м³ = −9 м³; 150,00 ₽ − 240,00 ₽ = −90,00 ₽"
    assert (november.used_since, november.used_until) == (dt.date(2025, 11, 1), dt.date(2025, 12, 1))
    [due] = november.inputs["due"]
    assert (due["kind"], due["volume_m3"], due["price"], due["amount_rub"]) == ("metered", "15", "10", "150,00")
    assert (december.volume_m3, december.amount_rub) == (Decimal("-8.5"), Decimal("-102.00"))
    assert charged_m3(account) == Decimal("92")
    assert debt_rub(account) == Decimal("1276.00")  # July 300; 64 m³ up to November at 10, 28 m³ at 12
    assert ledger.differences_everywhere() == []


def test_asked_again_nothing_is_left():
    account = read_at_last(make_silent_account(make_billing()))
    correct(account, NOVEMBER)
    correct(account, DECEMBER)

    assert correct(account, NOVEMBER) == []
    for month in months_between(JULY, JANUARY.next()):
        assert queries.correction_preview(account.supplier_id, account.id, month).lines == ()


def test_the_months_after_it_are_charged_as_ever():
    account = read_at_last(make_silent_account(make_billing()))
    correct(account, NOVEMBER)
    correct(account, DECEMBER)
    make_reading(Meter.objects.get(account=account), "1312", on="2026-02-25")

    accrue(account, since=JANUARY.next(), until=Month(2026, 3))

    assert charged_m3(account) == Decimal("102")
    assert debt_rub(account) == Decimal("1396.00")


def test_while_no_reading_has_come_the_norm_stands():
    account = make_silent_account(make_billing())

    assert correct(account, NOVEMBER) == []


@pytest.mark.parametrize(("choice", "volume_m3"), [("never", "109.5"), ("auto", "92")])
def test_staff_change_nothing_where_the_supplier_does_not_leave_it_to_them(choice, volume_m3):
    account = read_at_last(make_silent_account(make_billing(recalculate_norm_months=choice)))

    assert correct(account, NOVEMBER) == []
    assert charged_m3(account) == Decimal(volume_m3)


@pytest.mark.parametrize("reason", ["unverified", "seal_damaged", "faulty"])
def test_the_norm_of_days_on_which_the_meter_did_not_count_stands(reason):
    supplier = make_billing()
    account = make_account(supplier, residents_count=2)
    meter = make_meter(account, value="1180", on="2025-06-25")
    make_reading(meter, "1210", on="2025-07-25")
    make_outage(meter, reason, "2025-11-01", "2026-01-01")
    accrue(account, since=JULY)
    read_at_last(account)
    assert Charge.objects.filter(account=account, kind="norm", period=NOVEMBER).exists()

    assert correct(account, NOVEMBER) == []


def test_the_norm_of_two_meters_stands_until_both_are_read():
    account = make_account(make_billing(), residents_count=2)
    meters = [make_meter(account, value="1180", on="2025-06-25") for _ in range(2)]
    for meter in meters:
        make_reading(meter, "1210", on="2025-07-25")
    accrue(account, since=JULY)
    make_reading(meters[0], "1302", on="2026-01-25")
    accrue(account, since=JANUARY, until=JANUARY.next())

    assert correct(account, NOVEMBER) == []

    make_reading(meters[1], "1302", on="2026-02-05")  # 92 m³ on 195 days: 30 of them 14.154 m³
    accrue(account, since=JANUARY.next(), until=Month(2026, 3))
    lines = correct(account, NOVEMBER, now=at("2026-03-10 12:00"))

    assert sum(line.volume_m3 for line in lines) == Decimal("15") + Decimal("14.154") - Decimal("24")


def test_a_meter_with_day_and_night_is_computed_by_both():
    account = make_silent_account(make_billing(), scales=2)
    meter = Meter.objects.get(account=account)
    make_reading(meter, "1302", on="2026-01-25")
    make_reading(meter, "189", on="2026-01-25", scale=MeterScale.objects.get(meter=meter, zone="T2"))
    accrue(account, since=JANUARY, until=JANUARY.next())

    [line] = correct(account, NOVEMBER)

    assert line.volume_m3 == Decimal("21")  # 15 by day and 30 by night, less the norm of 24


def test_a_benefit_of_the_month_goes_by_what_the_meter_has_shown():
    supplier = make_billing()
    account = make_account(supplier, residents_count=2)
    grant(account, make_benefit(supplier))
    make_reading(make_meter(account, value="1180", on="2025-06-25"), "1210", on="2025-07-25")
    accrue(account, since=JULY)
    before_rub = debt_rub(read_at_last(account))

    lines = correct(account, NOVEMBER)

    assert [(line.kind, line.amount_rub) for line in lines] == [
        ("correction", Decimal("-90.00")),
        ("benefit", Decimal("45.00")),
    ]
    assert debt_rub(account) == before_rub - Decimal("45.00")
    assert correct(account, NOVEMBER) == []


def test_a_preview_and_a_run_for_all_say_the_same():
    supplier = make_billing()
    account, silent = read_at_last(make_silent_account(supplier)), make_silent_account(supplier)
    before_rub = debt_rub(silent)

    preview = queries.correction_preview(supplier.id, account.id, NOVEMBER)
    run = start_accrual(
        supplier_id=supplier.id,
        period=Month(2026, 2),
        for_period=NOVEMBER,
        reason="Показания",
        actor=make_accountant(supplier),
        now=NOW,
    )
    run_jobs(only="charges")
    release_accrual(supplier_id=supplier.id, run_id=run.id, actor=make_accountant(supplier), now=NOW)
    run_jobs(only="charges")

    assert preview.amount_rub == Decimal("-90.00")
    assert [charge.amount_rub for charge in Charge.objects.filter(run=run, account=account)] == [Decimal("-90.00")]
    assert debt_rub(silent) == before_rub


def test_a_reading_after_years_of_silence_is_charged_by_the_prices_of_its_days():
    supplier = make_supplier()
    make_tariff(supplier, "10", until="2024-01-01")
    make_tariff(supplier, "12", since="2024-01-01", source="Приказ № 2")
    make_accrual_policy(supplier)
    account = make_account(supplier)
    make_reading(make_meter(account, value="1000", on="2023-01-31"), "2369", on="2026-10-31")

    accrue(account, since=Month(2026, 10), until=Month(2026, 11))

    lines = Charge.objects.filter(account=account).order_by("line_no")
    assert [(line.volume_m3, line.amount_rub) for line in lines] == [  # one cubic metre on each of 334 and 1035 days
        (Decimal("334"), Decimal("3340.00")),
        (Decimal("1035"), Decimal("12420.00")),
    ]
