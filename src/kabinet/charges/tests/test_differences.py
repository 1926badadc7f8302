"""The ledger is compared with charges, and charges with what has settled them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import Allocation, Charge
from kabinet.charges.tests.documents import adjust, restore, set_opening, write_off
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, str, Decimal | None, Decimal | None]]:
    return [(row.what, row.subject, row.stored_rub, row.computed_rub) for row in queries.differences()]


def test_charges_documents_and_payments_agree():
    account = make_account()
    set_opening(account, "-20", on="2026-09-01")
    make_charge(account, "100", period="2026-09")
    make_charge(account, "-30", period="2026-10", kind=Charge.Kind.CORRECTION)
    adjust(account, "5")
    restore(write_off(account, "10"))
    make_payment(account, "70")

    assert found() == []


def test_a_charge_of_another_sum_is_named():
    charge = make_charge(make_account(), "100")
    Charge.objects.filter(id=charge.id).update(amount_rub=Decimal("100.01"))

    assert found() == [("charge in the ledger", f"charge:{charge.id}", Decimal("100.01"), Decimal("100.00"))]


def test_a_charge_of_the_other_sign_is_named():
    charge = make_charge(make_account(), "100")
    Charge.objects.filter(id=charge.id).update(amount_rub=Decimal("-100"))

    assert found() == [("charge in the ledger", f"charge:{charge.id}", Decimal("-100.00"), Decimal("100.00"))]


def test_a_charge_that_was_never_posted_is_named_and_one_of_zero_needs_no_transfer():
    account = make_account()
    make_charge(account, "100")
    for line_no, amount in ((2, "7.00"), (3, "0.00")):
        Charge.objects.create(
            supplier=account.supplier,
            account=account,
            service=Service.objects.get(supplier=account.supplier, is_main=True),
            period=Charge.objects.first().period,
            line_no=line_no,
            kind=Charge.Kind.NORM,
            amount_rub=Decimal(amount),
            charged_on=dt.date(2026, 11, 1),
        )

    [(what, _, stored, computed)] = found()

    assert (what, stored, computed) == ("charge in the ledger", Decimal("7.00"), None)


def test_a_transfer_without_its_charge_is_named():
    charge = make_charge(make_account(), "100")
    Charge.objects.filter(id=charge.id).delete()

    assert found() == [("charge in the ledger", f"charge:{charge.id}", None, Decimal("100.00"))]


def test_a_second_transfer_of_a_charge_is_named():
    charge = make_charge(make_account(), "100")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period,"
            " occurred_on, source_kind, source_id, line_no, posted_at)"
            " SELECT supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, source_kind,"
            " source_id, 2, posted_at FROM ledger_transfer"
        )

    assert found() == [("charge in the ledger", f"charge:{charge.id}", None, Decimal("100.00"))]


def test_a_charge_on_the_book_of_another_service_is_named():
    account = make_account()
    charge = make_charge(account, "100")
    Charge.objects.filter(id=charge.id).update(service=make_service(account.supplier, Service.MAINTENANCE))

    assert [what for what, *_ in found()] == ["charge in the ledger"]


def test_what_is_settled_without_an_allocation_is_named():
    account = make_account()
    charge = make_charge(account, "100")
    make_payment(account, "60")
    Allocation.objects.all().delete()

    assert found() == [("settled", f"charge:{charge.id}", Decimal("60.00"), Decimal("0"))]
