"""An account gets a monthly fee."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service, make_supplier
from kabinet.tariffs.models import MonthlyFee
from kabinet.tariffs.operations import DaysReversed
from kabinet.tariffs.tests.factories import make_accountant, make_support
from kabinet.tariffs.usecases.set_monthly_fee import FeeNotPositive, FeeOverlaps, set_monthly_fee

pytestmark = pytest.mark.django_db


def make_maintained_account():
    supplier = make_supplier()
    make_service(supplier, Service.MAINTENANCE, name="Техническое обслуживание")
    return make_account(supplier)


def set_fee(account, monthly="120", *, since="2026-12-01", until=None, **values):
    service = Service.objects.get(supplier_id=account.supplier_id, code=Service.MAINTENANCE)
    return set_monthly_fee(
        supplier_id=account.supplier_id,
        monthly_rub=Decimal(monthly),
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **(
            {"account_id": account.id, "service_id": service.id, "source": "Договор № 7", "actor": None, "now": NOW}
            | values
        ),
    )


def test_a_fee_holds_from_its_day_and_ends_the_one_before():
    account = make_maintained_account()
    set_fee(account, "120", since="2026-01-01")

    changed = set_fee(account, "130", since="2026-12-01")

    assert changed.affected_since is None
    assert list(MonthlyFee.objects.order_by("valid_from").values_list("monthly_rub", "valid_until")) == [
        (Decimal(120), dt.date(2026, 12, 1)),
        (Decimal(130), None),
    ]
    assert Entry.objects.filter(action="monthly_fee.set").count() == 2


def test_a_fee_of_months_that_are_over_names_the_first_of_them_and_the_account():
    account = make_maintained_account()

    changed = set_fee(account, since="2026-09-01")

    assert changed.affected_since == Month(2026, 9)


@pytest.mark.parametrize("monthly", ["0", "-0.01"])
def test_a_fee_of_zero_or_below_is_refused(monthly):
    with pytest.raises(FeeNotPositive):
        set_fee(make_maintained_account(), monthly)


def test_days_reversed_are_refused():
    with pytest.raises(DaysReversed):
        set_fee(make_maintained_account(), since="2026-12-01", until="2026-12-01")


def test_two_fees_for_one_service_on_one_day_are_refused():
    account = make_maintained_account()
    set_fee(account, since="2026-12-01", until="2027-01-01")

    with pytest.raises(FeeOverlaps):
        set_fee(account, since="2026-12-31")

    assert MonthlyFee.objects.count() == 1


def test_a_foreign_account_and_a_foreign_service_are_not_there():
    account, foreign = make_maintained_account(), make_maintained_account()

    with pytest.raises(NotFound):
        set_fee(account, account_id=foreign.id)
    with pytest.raises(NotFound):
        set_fee(account, service_id=Service.objects.get(supplier_id=foreign.supplier_id, is_main=True).id)

    assert not MonthlyFee.objects.exists()


def test_an_accountant_sets_a_fee_and_support_does_not():
    account = make_maintained_account()
    with pytest.raises(NotAllowed):
        set_fee(account, actor=make_support(account.supplier))

    assert set_fee(account, actor=make_accountant(account.supplier)).row.pk
