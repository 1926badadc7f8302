"""Money of some days reaches the supplier's bank account."""

import datetime as dt
import threading
from decimal import Decimal
from unittest import mock

import pytest
from django.db import IntegrityError, connection

from kabinet.accounts.tests.factories import make_account
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.payments.models import Payout, Shop
from kabinet.payments.queries.health import health
from kabinet.payments.queries.reconciliation import payouts
from kabinet.payments.tests.factories import make_shop
from kabinet.payments.usecases.record_payout import PayoutRecordedAlready, PayoutSumWrong, record_payout
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def staff_of(supplier, role="accountant"):
    user = make_user(is_staff=True)
    StaffRole.objects.create(user=user, supplier=None if role == "operator" else supplier, role=role)
    return user


def record(shop, actor, amount="965.00", fee="35.00", *, reference="№ 17"):
    return record_payout(
        supplier_id=shop.supplier_id,
        shop_id=shop.id,
        reference=reference,
        came_on=dt.date(2026, 11, 23),
        amount_rub=Decimal(amount),
        fee_rub=Decimal(fee),
        actor=actor,
        now=NOW,
    )


@pytest.fixture
def shop():
    return make_shop(make_account().supplier)


def books(shop):
    names = [("clearing", shop.shop_id), ("bank", ""), ("fees", "")]
    return [ledger.supplier_balance_rub(shop.supplier_id, name, key) for name, key in names]


def test_what_the_gateway_owes_falls_by_what_came_and_what_it_kept(shop):
    record(shop, staff_of(shop.supplier))

    assert books(shop) == [Decimal("-1000.00"), Decimal("965.00"), Decimal("35.00")]


def test_a_payout_without_a_fee_is_one_transfer(shop):
    record(shop, staff_of(shop.supplier), "100.00", "0.00")

    assert books(shop) == [Decimal("-100.00"), Decimal("100.00"), Decimal("0.00")]


def test_the_same_payout_twice_is_one(shop):
    accountant = staff_of(shop.supplier)

    assert record(shop, accountant) == record(shop, accountant)
    assert Payout.objects.count() == 1
    assert books(shop)[0] == Decimal("-1000.00")


def test_a_number_that_is_taken_by_another_sum_is_refused(shop):
    accountant = staff_of(shop.supplier)
    record(shop, accountant)

    with pytest.raises(PayoutRecordedAlready, match="Поручение № 17 уже записано: 965,00"):
        record(shop, accountant, "964.00", "36.00")

    assert books(shop)[0] == Decimal("-1000.00")


@pytest.mark.parametrize(("amount", "fee"), [("0.00", "0.00"), ("-1.00", "0.00"), ("1.00", "-0.01")])
def test_a_sum_that_cannot_be_is_refused(shop, amount, fee):
    with pytest.raises(PayoutSumWrong):
        record(shop, staff_of(shop.supplier), amount, fee)

    assert Payout.objects.count() == 0


@pytest.mark.parametrize("role", ["operator", "support"])
def test_only_an_accountant_records_payouts(shop, role):
    with pytest.raises(NotAllowed):
        record(shop, staff_of(shop.supplier, role))


def test_another_suppliers_shop_does_not_exist(shop):
    other = make_shop(make_account().supplier)

    with pytest.raises(NotFound):
        record(shop, staff_of(other.supplier))
    assert payouts(visible_to=staff_of(other.supplier)) == []


def two_at_once(shop) -> list[str]:
    outcomes, together = [], threading.Barrier(2)
    accountant = staff_of(shop.supplier)

    def run():
        together.wait(timeout=10)
        try:
            outcomes.append(f"payout {record(shop, accountant).id}")
        except IntegrityError:
            outcomes.append("refused by the database")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_two_at_once_are_one_payout(shop):
    assert two_at_once(shop) == [f"payout {Payout.objects.get().id}"] * 2
    assert books(shop)[0] == Decimal("-1000.00")


def test_control_without_the_lock_the_database_refuses_one_of_them(shop):
    both_have_looked, create = threading.Barrier(2, timeout=10), Payout.objects.create

    def create_after_both_have_looked(**values):
        both_have_looked.wait()
        return create(**values)

    with (
        mock.patch.object(Shop.objects, "select_for_update", Shop.objects.all),
        mock.patch.object(Payout.objects, "create", create_after_both_have_looked),
    ):
        assert "refused by the database" in two_at_once(shop)

    assert Payout.objects.count() == 1


def test_the_documents_and_the_ledger_agree_on_what_the_gateway_owes(shop):
    record(shop, staff_of(shop.supplier))

    [found] = health(NOW, visible_to=staff_of(shop.supplier, "operator")).shops

    assert (found.clearing_rub, found.owed_rub, found.is_clearing_right) == (
        Decimal("-1000.00"),
        Decimal("-1000.00"),
        True,
    )
