"""A write-off is taken back."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Adjustment, Allocation, Charge, ReleasedAllocation
from kabinet.charges.tests.documents import adjust, restore, staff_of, write_off
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.charges.usecases.restore_debt import RestoredAlready
from kabinet.common.errors import NotFound
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.people.queries.staff import NotAllowed

pytestmark = pytest.mark.django_db


def settled(account) -> dict[str, Decimal]:
    return {str(charge.period): charge.settled_rub for charge in Charge.objects.filter(account=account)}


def test_what_was_written_off_is_owed_again():
    account = make_account()
    make_charge(account, "300", period="2026-01")
    make_charge(account, "400", period="2026-02")
    document = write_off(account, "500")

    restored = restore(document, now=at("2026-12-05 12:00"))

    assert settled(account) == {"2026-01": Decimal(0), "2026-02": Decimal(0)}
    assert (restored.kind, restored.amount_rub, str(restored.period)) == ("restoration", Decimal(500), "2026-12")
    assert restored.restores == document
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal(700)
    assert ledger.supplier_balance_rub(account.supplier_id, "write_offs") == 0
    assert {row.released_on for row in ReleasedAllocation.objects.all()} == {dt.date(2026, 12, 5)}


def test_what_was_written_off_settles_nothing_later():
    account = make_account()
    make_charge(account, "300", period="2026-01")
    restore(write_off(account, "300"))

    adjust(account, "10")

    assert not Allocation.objects.exists()


def test_an_advance_that_came_meanwhile_settles_it_at_once():
    account = make_account()
    make_charge(account, "300", period="2026-01")
    document = write_off(account, "300")
    make_payment(account, "120")

    restore(document)

    assert settled(account) == {"2026-01": Decimal(120)}
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal(180)


def test_the_same_request_twice_is_one_restoration():
    account, request_id = make_account(), UUID(int=7)
    make_charge(account, "300")
    document = write_off(account, "300")

    first = restore(document, request_id=request_id)
    again = restore(document, request_id=request_id)

    assert again == first
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal(300)


def test_a_debt_is_restored_once():
    account = make_account()
    make_charge(account, "300")
    document = write_off(account, "300")
    restore(document)

    with pytest.raises(RestoredAlready) as refused:
        restore(document)

    assert "22.11.2026" in str(refused.value)
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal(300)


def test_it_can_be_written_off_again():
    account = make_account()
    make_charge(account, "300")
    restore(write_off(account, "300"))

    restore(write_off(account, "100"))

    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal(300)


def test_only_a_write_off_can_be_restored():
    account = make_account()

    with pytest.raises(NotFound):
        restore(adjust(account, "-10"))

    assert Adjustment.objects.count() == 1


def test_support_may_not_and_a_stranger_is_told_nothing():
    account, other = make_account(), make_account()
    make_charge(account, "300")
    document = write_off(account, "300")

    with pytest.raises(NotAllowed):
        restore(document, actor=staff_of(account.supplier, "support"))
    with pytest.raises(NotFound):
        restore(document, supplier_id=other.supplier_id, actor=staff_of(other.supplier))
    assert ledger.balance_rub(account.supplier_id, account.id) == 0
