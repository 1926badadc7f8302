"""Money goes back to whoever paid it, and what it had settled is owed again."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import operations
from kabinet.charges.models import Allocation, Charge, CreditReturn, ReleasedAllocation
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.ledger import queries as ledger

pytestmark = pytest.mark.django_db


def release(account: Account, amount: str, *, number: int = 0) -> None:
    credit = ledger.credits_of(account.supplier_id, account.id)[number]
    with transaction.atomic():
        operations.release_payment(account.supplier_id, account.id, credit, Decimal(amount), on=dt.date(2026, 11, 20))


def settled(account: Account) -> dict[str, Decimal]:
    return {str(charge.period): charge.settled_rub for charge in Charge.objects.filter(account=account)}


def assert_what_is_settled_is_allocated() -> None:
    for charge in Charge.objects.all():
        allocated = Allocation.objects.filter(charge=charge).aggregate(total=Sum("amount_rub"))["total"]
        assert (allocated or Decimal(0)) == charge.settled_rub


def test_the_charge_that_was_settled_last_is_owed_first():
    account = make_account()
    make_charge(account, "300", period="2026-01")
    make_charge(account, "400", period="2026-02")
    make_payment(account, "700")

    release(account, "500")

    assert settled(account) == {"2026-01": Decimal(200), "2026-02": Decimal(0)}
    assert [row.amount_rub for row in Allocation.objects.all()] == [Decimal(200)]
    assert_what_is_settled_is_allocated()


def test_an_advance_goes_back_before_anything_that_is_settled():
    account = make_account()
    make_charge(account, "300", period="2026-01")
    make_payment(account, "1000")

    release(account, "700")
    assert settled(account) == {"2026-01": Decimal(300)}

    release(account, "0.01")
    assert settled(account) == {"2026-01": Decimal("299.99")}
    assert CreditReturn.objects.get().amount_rub == Decimal("700.01")


def test_an_advance_that_went_back_settles_no_later_charge():
    account = make_account()
    make_payment(account, "1000")
    release(account, "700")
    make_charge(account, "500", period="2026-11")

    with transaction.atomic():
        operations.allocate_advances(account.supplier_id, account.id)

    assert settled(account) == {"2026-11": Decimal(300)}


def test_an_advance_of_another_payment_settles_what_is_owed_again():
    account = make_account()
    make_charge(account, "100", period="2026-01")
    make_payment(account, "60", on="2026-11-01")
    make_payment(account, "90", on="2026-11-02")

    release(account, "60", number=0)

    assert settled(account) == {"2026-01": Decimal(90)}
    assert [row.amount_rub for row in Allocation.objects.all()] == [Decimal(90)]
    assert_what_is_settled_is_allocated()


def test_the_whole_may_go_back_and_not_a_kopeck_more():
    account = make_account()
    make_charge(account, "300")
    make_payment(account, "300")
    release(account, "300")

    with pytest.raises(ValueError, match="cannot go back"):
        release(account, "0.01")

    assert settled(account) == {"2026-10": Decimal(0)}
    assert not Allocation.objects.exists()


def test_the_days_on_which_it_was_settled_are_remembered():
    account = make_account()
    charge = make_charge(account, "300", period="2026-01")
    make_payment(account, "300", on="2026-11-12")

    release(account, "100")
    release(account, "50")

    assert [(row.charge_id, row.amount_rub, row.released_on) for row in ReleasedAllocation.objects.order_by("id")] == [
        (charge.id, Decimal(100), dt.date(2026, 11, 20)),
        (charge.id, Decimal(50), dt.date(2026, 11, 20)),
    ]
