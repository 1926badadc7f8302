"""What a supplier sends after it has said what is owed may stand in that debt already: a person decides."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.ledger import queries as ledger
from kabinet.registers import queries
from kabinet.registers.tests.incoming import Desk
from kabinet.registers.usecases.approve_register import BeyondLimits

pytestmark = pytest.mark.django_db(transaction=True)

LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
BALANCES = "number;balance_rub;on\n702062012;140,00;20.11.2026\n"
OCTOBER = "number;period;amount_rub;closing_rub\n702062012;10.2026;100,00;140,00\n"


@pytest.fixture
def desk():
    made = Desk()
    make_account(made.supplier, number="702062012")
    make_account(made.supplier, number="702062013")
    return made


def paid(day):
    return f"number;amount_rub;operation_id;paid_on\n702062012;60,00;A-1;{day}\n702062013;7,00;A-2;{day}\n"


def charged(month, amount="60,00"):
    return f"number;period;amount_rub\n702062012;{month};{amount}\n"


def told_before(desk, kind, content):
    """Give what the page says of lines that may count twice: their sum, their number, and the register."""
    register = desk.check(kind, content, now=LATER)
    report = queries.register_report(desk.supplier.id, register.id)
    return [(each.now, each.most, each.number) for each in report.broken_limits if each.code == "told_before"]


@pytest.mark.parametrize(
    ("first", "kind", "content"),
    [
        (("balances", BALANCES), "payments", paid("20.11.2026")),
        (("balances", BALANCES), "charges", charged("10.2026")),
        (("balances", "number;balance_rub;on\n702062012;140,00;31.10.2026\n"), "charges", charged("10.2026")),
        (("charges", OCTOBER), "payments", paid("31.10.2026")),
        (("charges", OCTOBER), "charges", charged("09.2026")),
        (("charges", OCTOBER), "charges", charged("10.2026", "160,00")),
    ],
)
def test_what_a_debt_may_hold_already_needs_a_word(desk, first, kind, content):
    said = desk.load(*first)

    register = desk.check(kind, content, now=LATER)

    report = queries.register_report(desk.supplier.id, register.id)
    assert [(each.code, each.now, each.most, each.number) for each in report.broken_limits if each.number] == [
        ("told_before", Decimal("60.00"), Decimal(1), said.number)
    ]
    with pytest.raises(BeyondLimits):
        desk.apply(register, note="", now=LATER)


@pytest.mark.parametrize(
    ("first", "kind", "content"),
    [
        (("balances", BALANCES), "payments", paid("21.11.2026")),
        (("balances", BALANCES), "charges", charged("11.2026")),
        (("charges", OCTOBER), "payments", paid("01.11.2026")),
        (("charges", OCTOBER), "charges", OCTOBER.replace("100,00;140,00", "110,00;150,00")),
        (("charges", OCTOBER.replace("10.2026", "11.2026")), "payments", paid("23.11.2026")),
    ],
)
def test_what_no_debt_can_hold_yet_needs_none(desk, first, kind, content):
    desk.load(*first)

    assert told_before(desk, kind, content) == []


def test_a_debt_that_was_taken_back_was_not_said(desk):
    desk.undo(desk.load("balances", BALANCES), now=LATER)

    assert told_before(desk, "payments", paid("15.11.2026")) == []


def test_the_order_that_the_page_advises_counts_once(desk):
    said = desk.load("balances", BALANCES)
    desk.undo(said, now=LATER)
    desk.load("payments", paid("15.11.2026"), now=LATER)

    desk.load("balances", BALANCES, now=LATER)

    account = Account.objects.get(number="702062012")
    assert ledger.balance_rub(desk.supplier.id, account.id) == Decimal("140.00")
