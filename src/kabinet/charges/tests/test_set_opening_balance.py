"""An account comes here with a debt or an advance."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Adjustment, Charge
from kabinet.charges.operations.documents import ChargedBefore, DayInFuture, OpeningSetAlready
from kabinet.charges.tests.documents import adjust, set_opening, staff_of
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db


def owed(account) -> Decimal:
    return ledger.balance_rub(account.supplier_id, account.id)


def test_a_debt_when_a_day_began_belongs_to_the_month_before_it():
    account = make_account()

    document = set_opening(account, "1500.00", on="2026-11-01")

    assert (document.charge.kind, str(document.charge.period), document.charge.charged_on) == (
        "opening",
        "2026-10",
        dt.date(2026, 11, 1),
    )
    [november] = ledger.statement(account.supplier_id, account.id, since=Month(2026, 11), until=Month(2026, 12))
    assert (november.opening_rub, november.closing_rub) == (Decimal("1500.00"), Decimal("1500.00"))
    assert ledger.supplier_balance_rub(account.supplier_id, "opening") == Decimal("-1500.00")


def test_a_debt_is_settled_before_newer_charges():
    account = make_account()
    set_opening(account, "100.00", on="2026-10-01")
    newer = make_charge(account, "300.00", period="2026-10")

    make_payment(account, "150.00")

    newer.refresh_from_db()
    assert newer.settled_rub == Decimal("50.00")


def test_an_advance_settles_the_charges_that_come():
    account = make_account()
    set_opening(account, "-400.00", on="2026-11-01")

    document = adjust(account, "150.00")

    document.charge.refresh_from_db()
    assert document.charge.settled_rub == Decimal("150.00")
    assert owed(account) == Decimal("-250.00")


def test_a_charge_of_a_month_that_the_balance_covers_is_refused():
    account = make_account()
    make_charge(account, "300.00", period="2026-10")

    with pytest.raises(ChargedBefore) as refused:
        set_opening(account, "100.00", on="2026-11-01")
    assert "начисления за октябрь\u00a02026" in str(refused.value)
    assert not Adjustment.objects.exists()

    set_opening(account, "100.00", on="2026-10-01")
    assert owed(account) == Decimal("400.00")


def test_each_service_has_one_of_its_own():
    account = make_account()
    upkeep = make_service(account.supplier, Service.MAINTENANCE)
    set_opening(account, "100.00")
    set_opening(account, "20.00", service=upkeep)

    with pytest.raises(OpeningSetAlready) as refused:
        set_opening(account, "70.00", on="2026-10-01")

    assert "-100,00" in str(refused.value)
    assert owed(account) == Decimal("120.00")


def test_one_that_an_adjustment_has_undone_may_be_set_anew():
    account = make_account()
    set_opening(account, "100.00")
    adjust(account, "-99.99")
    with pytest.raises(OpeningSetAlready):
        set_opening(account, "70.00")

    adjust(account, "-100.00")
    set_opening(account, "70.00")

    assert owed(account) == Decimal("-29.99")
    with pytest.raises(OpeningSetAlready):
        set_opening(account, "70.00")


def test_today_is_the_last_day():
    account = make_account()

    with pytest.raises(DayInFuture):
        set_opening(account, "1", on="2026-11-23")
    set_opening(account, "1", on="2026-11-22")


def test_the_same_request_twice_is_one_balance():
    account, request_id = make_account(), UUID(int=7)

    first = set_opening(account, "100.00", request_id=request_id)
    again = set_opening(account, "100.00", request_id=request_id)

    assert again == first
    assert Charge.objects.count() == 1


def test_support_may_not():
    account = make_account()

    with pytest.raises(NotAllowed):
        set_opening(account, "1", actor=staff_of(account.supplier, "support"))

    assert not Charge.objects.exists()
