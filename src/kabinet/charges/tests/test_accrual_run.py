"""A month of all accounts of a supplier is computed, looked at, released and posted."""

from decimal import Decimal

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import AccrualRun, Charge, DraftCharge
from kabinet.charges.tests.factories import make_accrual_policy, make_payment
from kabinet.charges.usecases.release_accrual import release_accrual
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.testing import run_jobs
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_accountant, make_tariff

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
NOVEMBER_1 = at("2026-11-01 05:10")


def make_read_account(supplier: Supplier, used: int) -> Account:
    account = make_account(supplier)
    meter = make_meter(account, value="1000", on="2026-09-25")
    make_reading(meter, str(1000 + used), on="2026-10-25")
    return account


def start(supplier: Supplier, *, actor=None, period: Month = OCTOBER) -> AccrualRun:
    run = start_accrual(supplier_id=supplier.id, period=period, actor=actor, now=NOVEMBER_1)
    run_jobs(only="charges")
    run.refresh_from_db()
    return run


def release(run: AccrualRun, *, actor=None) -> AccrualRun:
    actor = actor or make_accountant(run.supplier)
    release_accrual(supplier_id=run.supplier_id, run_id=run.id, actor=actor, now=NOVEMBER_1)
    run_jobs(only="charges")
    run.refresh_from_db()
    return run


def amounts(supplier: Supplier) -> list[Decimal]:
    return list(Charge.objects.filter(supplier=supplier).order_by("account_id").values_list("amount_rub", flat=True))


def test_a_run_charges_every_account_when_it_is_released():
    supplier = make_supplier()
    make_tariff(supplier, "10")
    make_accrual_policy(supplier)
    first, second = make_read_account(supplier, 5), make_read_account(supplier, 7)
    make_payment(second, "100.00")

    run = start(supplier)

    assert run.state == AccrualRun.State.READY
    assert amounts(supplier) == []
    report = queries.run_report(supplier.id, run.id)
    assert report.amount_rub == Decimal("120.00")

    run = release(run)

    assert run.state == AccrualRun.State.RELEASED
    assert amounts(supplier) == [Decimal("50.00"), Decimal("70.00")]
    assert DraftCharge.objects.count() == 0
    assert ledger.balance_rub(supplier.id, first.id) == Decimal("50.00")
    assert ledger.balance_rub(supplier.id, second.id) == Decimal("-30.00")
    assert Charge.objects.get(account=second).settled_rub == Decimal("70.00")
    assert ledger.differences_everywhere() == []
