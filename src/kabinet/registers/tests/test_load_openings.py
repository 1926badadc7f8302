"""A supplier that is billed here brings what its accounts owed on the first day, once, by a register of balances."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.charges.operations.documents import OpeningSetAlready
from kabinet.charges.tests.factories import make_charge
from kabinet.charges.usecases.set_opening_balance import set_opening_balance
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import differences_everywhere
from kabinet.registers import queries
from kabinet.registers.tests.incoming import Desk, counts
from kabinet.suppliers.models import Service

pytestmark = pytest.mark.django_db(transaction=True)

LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
HEADINGS = "number;balance_rub;on\n"


@pytest.fixture
def desk():
    made = Desk(billing="kabinet")
    made.account = make_account(made.supplier, number="702062012")
    made.other = make_account(made.supplier, number="702062013")
    return made


def owed_rub(account):
    assert differences_everywhere() == []
    return ledger.balance_rub(account.supplier_id, account.id)


def why(desk, register):
    return [
        reason.words
        for row in queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
        for reason in row.reasons
    ]


@pytest.mark.parametrize("day", ["31.10.2026", "01.11.2026"])
def test_debts_and_advances_are_the_last_line_before_the_first_month(desk, day):
    register = desk.load("balances", HEADINGS + f"702062012;1500,40;{day}\n702062013;-20,00;{day}\n")

    assert counts(register) == (2, 0, 0, 0)
    assert (owed_rub(desk.account), owed_rub(desk.other)) == (Decimal("1500.40"), Decimal("-20.00"))
    opening = Charge.objects.get(account=desk.account)
    assert (opening.kind, opening.period) == ("opening", Month(2026, 10))


def test_nothing_is_owed_and_nothing_is_written(desk):
    register = desk.load("balances", HEADINGS + "702062012;0,00;31.10.2026\n702062013;5,00;31.10.2026\n")

    assert counts(register) == (1, 0, 1, 0)
    assert Charge.objects.count() == 1


def test_the_day_has_to_be_said(desk):
    register = desk.check("balances", "number;balance_rub\n702062012;100,00\n")

    assert (counts(register), why(desk, register)) == ((0, 0, 0, 1), ["не заполнено"])


def test_what_is_charged_later_is_no_part_of_it(desk):
    make_charge(desk.account, "300.00", period="2026-11")

    desk.load("balances", HEADINGS + "702062012;1500,40;31.10.2026\n")

    assert owed_rub(desk.account) == Decimal("1800.40")


def test_a_month_that_is_charged_already_leaves_no_room_before_it(desk):
    make_charge(desk.account, "300.00", period="2026-10")

    register = desk.check("balances", HEADINGS + "702062012;1500,40;31.10.2026\n")

    assert why(desk, register) == ["за этот месяц или раньше уже начислено: входящий остаток посчитался бы дважды"]


def test_the_same_balance_in_another_file_changes_nothing_and_another_one_is_refused(desk):
    desk.load("balances", HEADINGS + "702062012;1500,40;31.10.2026\n")

    register = desk.check("balances", HEADINGS + "702062012;1500,40;31.10.2026\n702062013;1,00;31.10.2026\n", now=LATER)
    other = desk.check("balances", HEADINGS + "702062012;1500,41;31.10.2026\n", now=LATER)

    assert counts(register) == (1, 0, 1, 0)
    assert why(desk, other)[0].startswith("входящий остаток уже задан, и он другой")


def test_after_its_register_is_undone_it_may_be_brought_right(desk):
    register = desk.load("balances", HEADINGS + "702062012;1500,40;31.10.2026\n")
    desk.undo(register, now=LATER)
    assert owed_rub(desk.account) == 0

    desk.load("balances", HEADINGS + "702062012;150,04;31.10.2026\n", now=LATER)

    assert owed_rub(desk.account) == Decimal("150.04")
    assert Charge.objects.filter(account=desk.account).order_by("-id").first().kind == "opening"


def set_by_hand(desk, amount):
    return set_opening_balance(
        supplier_id=desk.supplier.id,
        account_id=desk.account.id,
        service_id=Service.objects.get(supplier=desk.supplier, code="gas").id,
        amount_rub=Decimal(amount),
        on=dt.date(2026, 11, 1),
        reason="из прежней программы",
        request_id=uuid4(),
        actor=desk.first,
        now=LATER,
    )


def test_a_person_sets_none_beside_one_of_a_register(desk):
    desk.load("balances", HEADINGS + "702062012;1500,40;31.10.2026\n")

    with pytest.raises(OpeningSetAlready):
        set_by_hand(desk, "10.00")

    assert owed_rub(desk.account) == Decimal("1500.40")


def test_a_register_sets_none_beside_one_of_a_person(desk):
    set_by_hand(desk, "10.00")

    register = desk.check("balances", HEADINGS + "702062012;1500,40;31.10.2026\n", now=LATER)

    assert counts(register) == (0, 0, 0, 1)


def test_one_that_a_person_has_set_after_the_check_stops_the_register(desk):
    register = desk.check("balances", HEADINGS + "702062012;1500,40;31.10.2026\n", now=LATER)
    set_by_hand(desk, "10.00")

    with pytest.raises(IntegrityError):
        desk.apply(register, now=LATER)

    assert owed_rub(desk.account) == Decimal("10.00")
