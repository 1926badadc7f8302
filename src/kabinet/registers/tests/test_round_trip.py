"""Our payments and readings leave, the supplier's own billing works with them, what it makes of them comes back.

The billing is a program of its own (`suppliers_billing.py`) with its own arithmetic: it shares with us files and
nothing else.
"""

import datetime as dt
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import differences_everywhere
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.payments.models import Payment
from kabinet.registers.models import OutgoingRegister, OutsidePayment
from kabinet.registers.tests.outgoing import MORNING, Billing

pytestmark = pytest.mark.django_db(transaction=True)

PROGRAM = Path(__file__).with_name("suppliers_billing.py")
CHARGES, PAYMENTS = "kabinet: начисления", "kabinet: оплаты"


JANUARY = dt.datetime(2027, 1, 10, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _in_january(monkeypatch):
    """Let the terminal's clock be past the months that are charged."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: JANUARY)


class Supplier:
    """The supplier's side: its billing's books and the folder that files lie in."""

    def __init__(self, folder):
        self._folder = folder
        self.books_file = folder / "books.json"

    def does(self, command, *given):
        subprocess.run(
            [sys.executable, str(PROGRAM), str(self.books_file), command, *map(str, given)], check=True, timeout=60
        )

    def bills(self, month, price_kopecks):
        """Give the files that it makes of a month: charges and payments."""
        folder = self._folder / month
        folder.mkdir()
        self.does("bill", month, price_kopecks, folder)
        return folder / "charges.csv", folder / "payments.csv"

    def owed_rub(self, number):
        return Decimal(json.loads(self.books_file.read_text())["accounts"][number]["owed"]) / 100


@pytest.fixture
def portal(faulty_gateway):
    """Two accounts of a payer at a supplier with its own billing; the meter of the first is read in the cabinet."""
    billing = Billing(faulty_gateway())
    billing.second = make_account(billing.supplier)
    make_access(billing.payer, billing.second)
    billing.meter = make_meter(billing.account, value="1200", on="2026-10-25")
    return billing


@pytest.fixture
def supplier(tmp_path, portal):
    theirs = Supplier(tmp_path)
    theirs.does("open", portal.account.number, 1_000_000, 1200)
    theirs.does("open", portal.second.number, 0, 0)
    return theirs


def load(portal, kind, file, profile, note="так и есть"):
    written = io.StringIO()
    call_command(
        "load_register", str(file), supplier=portal.supplier.code, kind=kind, profile=profile, apply=True, note=note,
        stdout=written,
    )  # fmt: skip
    return written.getvalue()


def leaves(portal, *kinds):
    return [portal.send(kind).path for kind in kinds]


def balances(portal, supplier):
    """Give what each account owes: by our ledger, and by the supplier's books."""
    return [
        (ledger.balance_rub(account.supplier_id, account.id), supplier.owed_rub(account.number))
        for account in (portal.account, portal.second)
    ]


def assert_nothing_is_counted_twice(portal, supplier):
    assert not Payment.objects.filter(state="paid", booked_at__isnull=True).exists()
    assert not OutgoingRegister.objects.filter(kind="payments", acknowledged_at__isnull=True).exists()
    assert all(ours == theirs for ours, theirs in balances(portal, supplier)), balances(portal, supplier)
    assert differences_everywhere() == []


def test_what_was_paid_and_read_here_comes_back_as_charges_with_everything_booked(portal, supplier):
    portal.paid("100.00")
    portal.paid("250.50")
    make_reading(portal.meter, "1250", on="2026-11-20")
    payments_out, readings_out = leaves(portal, "payments", "readings")

    supplier.does("take", payments_out, readings_out)
    supplier.does("desk", portal.second.number, 4_000, "21.11.2026")
    charges, payments = supplier.bills("11.2026", 700)
    load(portal, "payments", payments, PAYMENTS)
    load(portal, "charges", charges, CHARGES)

    assert balances(portal, supplier) == [(Decimal("9999.50"), Decimal("9999.50")), (Decimal(-40), Decimal(-40))]
    assert OutsidePayment.objects.get().account_id == portal.second.id
    assert OutgoingRegister.objects.get(kind="payments").acknowledged_at is not None
    assert_nothing_is_counted_twice(portal, supplier)


def test_files_that_come_twice_on_either_side_change_nothing(portal, supplier):
    portal.paid("100.00")
    make_reading(portal.meter, "1250", on="2026-11-20")
    files = leaves(portal, "payments", "readings")

    supplier.does("take", *files, *files)
    supplier.does("take", *files)
    charges, payments = supplier.bills("11.2026", 700)
    doubled = payments.with_name("doubled.csv")
    doubled.write_bytes(payments.read_bytes() + b"\r\n")
    load(portal, "payments", payments, PAYMENTS)
    load(portal, "charges", charges, CHARGES)
    before = balances(portal, supplier)
    with pytest.raises(CommandError, match="уже загружен"):
        load(portal, "payments", payments, PAYMENTS)
    with pytest.raises(CommandError, match="уже загружен"):
        load(portal, "charges", charges, CHARGES)
    load(portal, "payments", doubled, PAYMENTS)

    assert balances(portal, supplier) == before
    assert before[0] == (Decimal("10250.00"), Decimal("10250.00"))
    assert Payment.objects.count() == 1
    assert not OutsidePayment.objects.exists()
    assert_nothing_is_counted_twice(portal, supplier)


def test_a_second_month_with_money_that_went_back_agrees_as_well(portal, supplier):
    first = portal.paid("100.00")
    supplier.does("take", *leaves(portal, "payments"))
    charges, payments = supplier.bills("11.2026", 700)
    load(portal, "payments", payments, PAYMENTS)
    load(portal, "charges", charges, CHARGES)
    portal.refund(first, "40.00")
    portal.paid("500.00")
    make_reading(portal.meter, "1260", on="2026-11-21")

    supplier.does("take", *leaves(portal, "payments", "readings"))
    charges, payments = supplier.bills("12.2026", 650)
    load(portal, "payments", payments, PAYMENTS)
    load(portal, "charges", charges, CHARGES)

    assert balances(portal, supplier)[0] == (Decimal("9830.00"), Decimal("9830.00"))
    assert_nothing_is_counted_twice(portal, supplier)
    assert portal.send(now=MORNING) is None
