"""./kabinet manage check_ledger recomputes the book and ends with 1 when a kopeck differs."""

import io
from decimal import Decimal

import pytest
from django.core.management import call_command

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.ledger.models import BookBalance

pytestmark = pytest.mark.django_db


def test_a_book_that_agrees_ends_with_zero():
    make_charge(make_account(), "100.00")
    written = io.StringIO()

    call_command("check_ledger", stdout=written)

    assert written.getvalue() == "0 differences\n"


def test_a_kopeck_that_differs_is_named_and_ends_with_one():
    charge = make_charge(make_account(), "100.00")
    BookBalance.objects.update(balance_rub=Decimal("100.01"))
    written = io.StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("check_ledger", stdout=written)

    assert end.value.code == 1
    assert f"supplier {charge.supplier_id} " in written.getvalue()
    assert "stored 100.01, computed 100.00" in written.getvalue()
    assert written.getvalue().endswith("1 differences\n")
