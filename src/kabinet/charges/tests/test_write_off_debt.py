"""A supplier writes off a debt: one proposes it, another approves."""

from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges.models import Adjustment, Allocation, Charge
from kabinet.charges.operations.adjusting import ReasonMissing
from kabinet.charges.operations.documents import MoreThanDebt
from kabinet.charges.tests.documents import staff_of, write_off
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.charges.usecases.propose_document import LowersNothing
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db


def settled(account) -> dict[str, Decimal]:
    return {str(charge.period): charge.settled_rub for charge in Charge.objects.filter(account=account)}


def test_the_oldest_charges_are_settled_at_the_suppliers_cost():
    account = make_account()
    make_charge(account, "300", period="2026-01")
    make_charge(account, "400", period="2026-02")

    document = write_off(account, "500")

    assert settled(account) == {"2026-01": Decimal(300), "2026-02": Decimal(200)}
    assert (document.kind, document.amount_rub, str(document.period)) == ("write_off", Decimal(-500), "2026-11")
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal(200)
    assert ledger.supplier_balance_rub(account.supplier_id, "write_offs") == Decimal(500)


def test_the_statement_shows_it_as_adjusted():
    account = make_account()
    make_charge(account, "300", period="2026-10")
    write_off(account, "100")

    [november] = ledger.statement(account.supplier_id, account.id, since=Month(2026, 11), until=Month(2026, 12))

    assert (november.opening_rub, november.adjusted_rub, november.closing_rub) == (
        Decimal(300),
        Decimal(-100),
        Decimal(200),
    )


def test_the_whole_debt_may_be_written_off_and_not_a_kopeck_more():
    account = make_account()
    make_charge(account, "300.00")
    make_payment(account, "100.00")

    with pytest.raises(MoreThanDebt) as refused:
        write_off(account, "200.01")
    assert "200,00" in str(refused.value)
    assert not Adjustment.objects.exists()

    write_off(account, "200.00")
    assert ledger.balance_rub(account.supplier_id, account.id) == 0


def test_a_debt_of_another_service_is_not_touched():
    account = make_account()
    upkeep = make_service(account.supplier, Service.MAINTENANCE)
    make_charge(account, "500", period="2026-09", service=upkeep)
    make_charge(account, "300", period="2026-10")

    with pytest.raises(MoreThanDebt):
        write_off(account, "301")
    write_off(account, "300")

    assert settled(account) == {"2026-09": Decimal(0), "2026-10": Decimal(300)}


def test_an_advance_on_another_service_does_not_hide_a_debt():
    account = make_account()
    upkeep = make_service(account.supplier, Service.MAINTENANCE)
    make_charge(account, "500", period="2026-09", service=upkeep)
    make_payment(account, "1000")

    write_off(account, "500", service=upkeep)

    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal(-1000)


def test_the_same_request_twice_is_one_write_off():
    account, request_id = make_account(), UUID(int=7)
    make_charge(account, "300")

    first = write_off(account, "100", request_id=request_id)
    again = write_off(account, "100", request_id=request_id)

    assert again == first
    assert Allocation.objects.get().amount_rub == Decimal(100)
    assert Entry.objects.filter(action="debt.written_off").count() == 1


@pytest.mark.parametrize(
    ("amount", "reason", "refusal"),
    [("0", "Решение", LowersNothing), ("1", " ", ReasonMissing)],
)
def test_it_needs_a_sum_above_zero_and_a_reason(amount, reason, refusal):
    account = make_account()
    make_charge(account, "300")

    with pytest.raises(refusal):
        write_off(account, amount, reason=reason)

    assert not Adjustment.objects.exists()


def test_support_may_not_and_a_stranger_is_told_nothing():
    account = make_account()
    make_charge(account, "300")

    with pytest.raises(NotAllowed):
        write_off(account, "1", actor=staff_of(account.supplier, "support"))
    with pytest.raises(NotFound):
        write_off(account, "1", actor=staff_of(make_account().supplier))
    assert not Adjustment.objects.exists()
