"""Staff adjust what an account owes."""

from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges import queries
from kabinet.charges.models import Adjustment, Allocation, Charge
from kabinet.charges.operations.adjusting import ReasonMissing, SumIsZero
from kabinet.charges.tests.documents import adjust, staff_of
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def owed(account) -> Decimal:
    return ledger.balance_rub(account.supplier_id, account.id)


def test_a_sum_above_zero_adds_a_line_to_the_suppliers_current_month():
    account = make_account()
    make_charge(account, "100.00", period="2026-10")

    document = adjust(account, "25.50", reason="  Не учтён ремонт ")

    charge = document.charge
    assert (charge.kind, charge.amount_rub, str(charge.period), charge.line_no) == (
        "adjustment",
        Decimal("25.50"),
        "2026-11",
        1,
    )
    assert (document.kind, document.amount_rub, document.reason) == (
        "adjustment",
        Decimal("25.50"),
        "Не учтён ремонт",
    )
    assert charge.inputs == {"reason": "Не учтён ремонт"}
    assert owed(account) == Decimal("125.50")
    assert ledger.supplier_balance_rub(account.supplier_id, "revenue") == Decimal("-125.50")


def test_a_sum_below_zero_settles_what_is_owed_and_the_rest_is_an_advance():
    account = make_account()
    older = make_charge(account, "100.00", period="2026-09")

    adjust(account, "-130.00")

    older.refresh_from_db()
    assert older.settled_rub == Decimal("100.00")
    assert owed(account) == Decimal("-30.00")

    newer = make_charge(account, "50.00", period="2026-10")
    adjust(account, "-1.00")
    newer.refresh_from_db()
    assert newer.settled_rub == Decimal("31.00")


def test_an_advance_settles_what_is_added():
    account = make_account()
    make_payment(account, "40.00")

    document = adjust(account, "25.00")

    document.charge.refresh_from_db()
    assert document.charge.settled_rub == Decimal("25.00")
    assert owed(account) == Decimal("-15.00")


def test_the_statement_shows_it_as_adjusted_and_not_as_charged():
    account = make_account()
    adjust(account, "25.00")

    [november] = ledger.statement(account.supplier_id, account.id, since=Month(2026, 11), until=Month(2026, 12))

    assert (november.charged_rub, november.adjusted_rub, november.closing_rub) == (
        Decimal(0),
        Decimal("25.00"),
        Decimal("25.00"),
    )


def test_penalties_are_adjusted_on_the_book_of_penalties():
    account = make_account()
    penalty = Service.objects.get(supplier=account.supplier, code=Service.PENALTY)
    make_charge(account, "10.00", service=penalty)

    adjust(account, "-10.00", service=penalty)

    assert owed(account) == 0
    assert ledger.supplier_balance_rub(account.supplier_id, "penalty_income") == Decimal("10.00")


def test_the_same_request_twice_is_one_document():
    account, request_id = make_account(), UUID(int=7)

    first = adjust(account, "25.00", request_id=request_id)
    again = adjust(account, "25.00", request_id=request_id)

    assert again == first
    assert owed(account) == Decimal("25.00")
    assert Charge.objects.count() == 1
    assert Entry.objects.filter(action="charge.adjusted", subject=f"adjustment:{first.id}").count() == 1


@pytest.mark.parametrize(
    ("amount", "reason", "refusal"), [("0", "Ошибка", SumIsZero), ("1", "  ", ReasonMissing), ("1", "", ReasonMissing)]
)
def test_a_document_needs_a_sum_and_a_reason(amount, reason, refusal):
    account = make_account()

    with pytest.raises(refusal):
        adjust(account, amount, reason=reason)

    assert not Adjustment.objects.exists()
    assert not Charge.objects.exists()


def test_support_may_not_and_a_stranger_is_told_nothing():
    account = make_account()
    other = make_account()

    with pytest.raises(NotAllowed):
        adjust(account, "1", actor=staff_of(account.supplier, "support"))
    with pytest.raises(NotFound):
        adjust(account, "1", actor=staff_of(other.supplier))
    with pytest.raises(NotFound):
        adjust(account, "1", service=Service.objects.get(supplier=other.supplier, is_main=True))
    assert not Adjustment.objects.exists()


def test_another_suppliers_account_does_not_exist():
    account = make_account()
    other = make_supplier()

    with pytest.raises(NotFound):
        adjust(account, "1", supplier_id=other.id, actor=staff_of(other))

    assert not Allocation.objects.exists()


def test_it_does_not_make_its_month_a_charged_one():
    account = make_account()
    adjust(account, "25.00")
    assert queries.last_charged_period(account.supplier_id, account.id) is None

    make_charge(account, "100.00", period="2026-10")
    assert queries.last_charged_period(account.supplier_id, account.id) == Month(2026, 10)
