"""A supplier's accounts are accrued in batches, by jobs."""

from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.charges.usecases import accrue_batch as batches
from kabinet.charges.usecases.accrue_batch import AccrualIncomplete, accrue_batch
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.testing import run_jobs
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_tariff

pytestmark = pytest.mark.django_db

NOVEMBER_1 = at("2026-11-01 05:10")


def make_read_account(supplier: Supplier, used: int) -> None:
    meter = make_meter(make_account(supplier), value="1000", on="2026-09-25")
    make_reading(meter, str(1000 + used), on="2026-10-25")


def amounts(supplier: Supplier) -> list[Decimal]:
    return list(Charge.objects.filter(supplier=supplier).order_by("account_id").values_list("amount_rub", flat=True))


def test_last_month_is_accrued_for_every_supplier_billed_here():
    here, elsewhere = make_supplier(), make_supplier(billing=Supplier.Billing.EXTERNAL)
    for supplier in (here, elsewhere):
        make_tariff(supplier, "10")
        make_read_account(supplier, 5)

    start_accrual(now=NOVEMBER_1)
    run_jobs()

    assert (amounts(here), amounts(elsewhere)) == ([Decimal(50)], [])


def test_a_batch_asks_for_the_one_after_it_until_no_account_is_left(monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    supplier = make_supplier()
    make_tariff(supplier, "10")
    for used in (1, 2, 3, 4, 5):
        make_read_account(supplier, used)

    start_accrual(now=NOVEMBER_1)
    run_jobs()

    assert amounts(supplier) == [Decimal(10), Decimal(20), Decimal(30), Decimal(40), Decimal(50)]


def test_an_account_without_a_price_stops_no_other_and_is_named():
    supplier = make_supplier()
    make_tariff(supplier, "10", usage_purpose_code="cooking")
    unpriced = make_account(supplier, usage_purpose_code="heating")
    make_reading(make_meter(unpriced, value="1000", on="2026-09-25"), "1001", on="2026-10-25")
    priced = make_account(supplier, usage_purpose_code="cooking")
    make_reading(make_meter(priced, value="1000", on="2026-09-25"), "1002", on="2026-10-25")

    with pytest.raises(AccrualIncomplete, match=f"{unpriced.id}: 'На 26.09.2026 не задана цена"):
        accrue_batch(supplier_id=supplier.id, period=Month(2026, 10), after_account_id=0, now=NOVEMBER_1)

    assert amounts(supplier) == [Decimal(20)]
