"""What one statement charges plain accounts is what the rules charge, to the kopeck and the letter."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import AccrualRun, DraftCharge
from kabinet.charges.operations import drafting
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.meters.models import Meter, MeterOutage, MeterScale, Reading
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_service, make_supplier
from kabinet.tariffs.tests.factories import make_monthly_fee, make_tariff, make_vat_rate

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
ACCOUNTS = 40


def make_terms(supplier: Supplier) -> None:
    """Prices by purpose and zone, some of which change in the interval of the readings, and VAT that changes too."""
    make_accrual_policy(supplier, odd_ratio=Decimal(5))
    make_tariff(supplier, "4.37507", until="2026-10-01", source="Приказ № 1")
    make_tariff(supplier, "4.50000", since="2026-10-01", source="Приказ № 2")
    make_tariff(supplier, "9.624", until="2026-10-11", usage_purpose_code="heating")
    make_tariff(supplier, "9.624", since="2026-10-11", usage_purpose_code="heating")
    make_tariff(supplier, "10.548", usage_purpose_code="heating", zone="T2")
    make_vat_rate("20", until="2026-10-01")
    make_vat_rate("22", since="2026-10-01")


def make_any_account(supplier: Supplier, chance: random.Random) -> None:
    """Make an account such as there are: most of them plain, some with whatever makes one not plain."""
    account = make_account(
        supplier,
        usage_purpose_code=chance.choice(["", "heating", "cooking"]),
        opened_on=chance.choice([None] * 6 + [dt.date(2020, 1, 1)] * 6 + [dt.date(2026, 10, 7)]),
        closed_on=chance.choice([None] * 14 + [dt.date(2026, 10, 20), dt.date(2026, 11, 1)]),
    )
    for _ in range(chance.choice([1, 1, 1, 2])):
        make_any_meter(account, chance)
    if chance.random() < 0.3:
        service = Service.objects.get(supplier=supplier, code="maintenance")
        make_monthly_fee(account, service, chance.choice(["120.00", "55.5"]), until=chance.choice([None, "2026-10-15"]))
    if chance.random() < 0.1:
        make_charge(account, "12.00", period="2026-09", kind="adjustment")


def make_any_meter(account: Any, chance: random.Random) -> None:
    value = chance.choice([0, 1234, 99_900])
    meter = make_meter(
        account,
        value=str(value),
        on=f"2026-07-{chance.randint(1, 28):02}",
        usage_purpose_code=chance.choice(["", "", "heating"]),
        needs_volume_factor=chance.random() < 0.04,
        verification_due_on=chance.choice([None] * 12 + [dt.date(2026, 10, 10), dt.date(2026, 10, 31)]),
        removed_on=chance.choice([None] * 24 + [dt.date(2026, 10, 28)]),
    )
    if chance.random() < 0.2:
        scale = MeterScale.objects.create(supplier_id=account.supplier_id, meter=meter, zone="T2")
        make_reading(meter, "10", on="2026-07-15", scale=scale, source="opening")
    if chance.random() < 0.04:
        MeterOutage.objects.create(
            supplier_id=account.supplier_id,
            meter=meter,
            reason=MeterOutage.Reason.FAULTY,
            valid_from=dt.date(2026, 8, 3),
            valid_until=chance.choice([None, dt.date(2026, 9, 3)]),
        )
    for month in ("2026-08", "2026-09", "2026-10"):
        for scale in MeterScale.objects.filter(meter=meter).order_by("zone"):
            if chance.random() < 0.97:
                read(meter, scale, month, chance)


def read(meter: Meter, scale: MeterScale, month: str, chance: random.Random) -> None:
    days = sorted(chance.sample(range(1, 29), chance.choice([1, 1, 1, 2])))
    for day in days:
        used = Decimal(chance.choice([0, *[3, 28, 90, 90, 140] * 5, 2000])) + Decimal(
            chance.choice(["0", "0.125", "0.5"])
        )
        latest = meter_value(scale)
        value = (latest + used) % 100_000
        make_reading(
            meter,
            str(value),
            on=f"{month}-{day:02}",
            scale=scale,
            volume_m3=used,
            is_rollover=value < latest,
            status=chance.choice(["accepted"] * 30 + ["rejected"]),
        )


def meter_value(scale: MeterScale) -> Decimal:
    latest = Reading.objects.filter(scale=scale, status="accepted").order_by("taken_on", "id").last()
    return latest.value_m3 if latest else Decimal(0)


def draft_both_ways(supplier: Supplier) -> tuple[dict[int, list[Any]], dict[int, list[Any]]]:
    """Give the lines by the statement, and those of the same accounts by the rules."""
    run = AccrualRun.objects.create(supplier=supplier, period=OCTOBER, asked_at=NOW)
    month = queries.terms_of_run(run)
    account_ids = queries.accounts_between(supplier.id, 0, 2**62)
    with transaction.atomic():
        drafting.draft_plain(run, month, account_ids[0], account_ids[-1])
    by_statement = lines_of(run)
    DraftCharge.objects.all().delete()
    accrued = queries.accrued_of(month, sorted(by_statement))
    assert [account_id for account_id, item in accrued.items() if item.oddities] == []
    with transaction.atomic():
        drafting.store_drafts(run, accrued)
    return by_statement, lines_of(run)


def lines_of(run: AccrualRun) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in DraftCharge.objects.filter(run=run).order_by("account_id", "service_id", "line_no"):
        values = {
            field.attname: getattr(row, field.attname) for field in DraftCharge._meta.fields if field.attname != "id"
        }
        found.setdefault(row.account_id, []).append(values)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_statement_and_the_rules_charge_alike(seed):
    chance = random.Random(seed)
    supplier = make_supplier()
    make_service(supplier, code="maintenance", name="Техническое обслуживание")
    make_terms(supplier)
    for _ in range(ACCOUNTS):
        make_any_account(supplier, chance)
    for account_id in queries.accounts_between(supplier.id, 0, 2**62):
        for month, now in ((Month(2026, 8), at("2026-09-01 05:00")), (Month(2026, 9), at("2026-10-01 05:00"))):
            if chance.random() < 0.95:
                accrue_or_leave(supplier, account_id, month, now)

    by_statement, by_rules = draft_both_ways(supplier)

    assert by_statement == by_rules
    assert len(by_statement) > ACCOUNTS / 10


@pytest.mark.parametrize(("last_day", "kinds"), [("2026-10-31", ["metered", "average"]), ("2026-11-01", ["metered"])])
def test_who_leaves_with_the_month_is_charged_in_it_for_the_days_after_their_last_reading(last_day, kinds):
    supplier = make_supplier()
    make_terms(supplier)
    account = make_account(supplier, closed_on=dt.date.fromisoformat(last_day) + dt.timedelta(days=1))
    meter = make_meter(account, value="0", on="2026-07-25")
    for month, value, now in (("2026-08", "30", "2026-09-01 05:00"), ("2026-09", "60", "2026-10-01 05:00")):
        make_reading(meter, value, on=f"{month}-25")
        accrue_month(supplier_id=supplier.id, account_id=account.id, period=Month.parse(month), now=at(now))
    make_reading(meter, "90", on="2026-10-25")
    run = AccrualRun.objects.create(supplier=supplier, period=OCTOBER, asked_at=NOW)

    with transaction.atomic():
        drafting.draft_regular(run, queries.terms_of_run(run), account.id, account.id)

    assert [line["kind"] for line in lines_of(run)[account.id] if line["used_since"] > dt.date(2026, 9, 30)] == kinds


@pytest.mark.parametrize(("installed_on", "used_since"), [("2026-09-25", "2026-09-25"), ("2026-09-24", "2026-09-26")])
def test_the_first_reading_of_a_new_meter_tells_of_the_day_of_its_installation(installed_on, used_since):
    supplier = make_supplier()
    make_terms(supplier)
    account = make_account(supplier, opened_on=dt.date(2026, 9, 25))
    meter = make_meter(account, value="0", on="2026-09-25", installed_on=dt.date.fromisoformat(installed_on))
    make_reading(meter, "30", on="2026-10-25")
    run = AccrualRun.objects.create(supplier=supplier, period=OCTOBER, asked_at=NOW)

    with transaction.atomic():
        drafting.draft_regular(run, queries.terms_of_run(run), account.id, account.id)

    assert min(line["used_since"] for line in lines_of(run)[account.id]) == dt.date.fromisoformat(used_since)


def accrue_or_leave(supplier: Supplier, account_id: int, month: Month, now: dt.datetime) -> None:
    try:
        accrue_month(supplier_id=supplier.id, account_id=account_id, period=month, now=now)
    except Refusal:
        return
