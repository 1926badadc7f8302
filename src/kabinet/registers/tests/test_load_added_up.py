"""A format says that lines about the same account, service and month are added up."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import differences_everywhere
from kabinet.registers import queries
from kabinet.registers.models import OutsidePayment
from kabinet.registers.tests.incoming import Desk, counts, profile_for

pytestmark = pytest.mark.django_db(transaction=True)

CHARGES = ("number", "period", "volume_m3", "price_rub_per_m3", "amount_rub", "closing_rub")
LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture
def desk():
    return Desk()


def added_up(kind, fields, **values):
    return profile_for(kind, fields, on_duplicate="sum", **values)


def file_of(fields, *lines):
    return "\n".join([";".join(fields), *lines, ""])


def test_lines_of_a_month_become_one_charge(desk):
    account = make_account(desk.supplier, number="702062012")
    make_account(desk.supplier, number="702062013")
    register = desk.check(
        "charges",
        file_of(
            CHARGES,
            "702062012;10.2026;10,5;9,62400;101,05;151,05",
            "702062013;10.2026;1;9,62400;9,62;9,62",
            "№ 702062012;10.2026;4,5;9,62400;43,31;",
        ),
        added_up("charges", CHARGES),
    )

    assert counts(register) == (2, 0, 0, 0)
    desk.apply(register)

    charge = Charge.objects.get(account=account, kind="imported")
    assert (charge.volume_m3, charge.price_rub_per_m3, charge.amount_rub) == (
        Decimal("15.000"), Decimal("9.62400"), Decimal("144.36"),
    )  # fmt: skip
    assert ledger.balance_rub(desk.supplier.id, account.id) == Decimal("151.05")
    assert differences_everywhere() == []


def test_what_the_lines_say_otherwise_is_left_out(desk):
    make_account(desk.supplier, number="702062012")

    register = desk.check(
        "charges",
        file_of(CHARGES, "702062012;10.2026;10;9,62400;96,24;", "702062012;10.2026;10;8,00000;80,00;"),
        added_up("charges", CHARGES),
    )
    desk.apply(register)

    charge = Charge.objects.get()
    assert (charge.volume_m3, charge.price_rub_per_m3, charge.amount_rub) == (20, None, Decimal("176.24"))


def test_the_same_sums_again_change_nothing(desk):
    make_account(desk.supplier, number="702062012")
    fields = ("number", "period", "amount_rub")
    lines = ("702062012;10.2026;100,00", "702062012;10.2026;-40,00")
    desk.apply(desk.check("charges", file_of(fields, *lines), added_up("charges", fields)))

    again = desk.check("charges", file_of(fields, *reversed(lines)), added_up("charges", fields), now=LATER)

    assert counts(again) == (0, 0, 1, 0)


def test_a_bad_line_among_them_refuses_them_all(desk):
    make_account(desk.supplier, number="702062012")
    fields = ("number", "period", "amount_rub")

    register = desk.check(
        "charges",
        file_of(fields, "702062012;10.2026;100,00", "702062012;10.2026;сорок"),
        added_up("charges", fields),
    )

    assert counts(register) == (0, 0, 0, 2)
    [first, second] = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    assert [reason.label for reason in first.reasons] == ["Лицевой счёт"]
    assert [reason.label for reason in second.reasons] == ["Сумма", "Лицевой счёт"]


@pytest.mark.parametrize("lines_at_once", [1, 1_000])
def test_each_line_of_a_refused_sum_is_in_the_file_of_what_was_refused(desk, monkeypatch, lines_at_once):
    monkeypatch.setattr("kabinet.registers.queries.refused._LINES_AT_ONCE", lines_at_once)
    fields = ("number", "period", "amount_rub")
    profile = added_up("charges", fields)

    register = desk.check("charges", file_of(fields, "702062012;10.2026;100,00", "702062012;10.2026;40,00"), profile)

    assert counts(register) == (0, 0, 0, 2)
    refused = b"".join(queries.refused_file(desk.supplier.id, register.id)).decode().splitlines()
    assert [line.rpartition(";")[0] for line in refused[1:]] == ["702062012;10.2026;100,00", "702062012;10.2026;40,00"]


def test_kopecks_are_added_up_as_kopecks(desk):
    account = make_account(desk.supplier, number="702062012")
    fields = ("number", "balance_rub")

    register = desk.check(
        "balances",
        file_of(fields, "702062012;12050", "702062012;-2001"),
        added_up("balances", fields, money_unit="kopeck"),
    )
    desk.apply(register)

    assert ledger.balance_rub(desk.supplier.id, account.id) == Decimal("100.49")


def test_a_payment_in_parts_is_one_and_other_operations_stay_theirs(desk):
    make_account(desk.supplier, number="702062012")
    fields = ("number", "amount_rub", "operation_id", "paid_on")

    register = desk.check(
        "payments",
        file_of(
            fields,
            "702062012;60,00;A-1;15.11.2026",
            "702062012;5,00;A-2;15.11.2026",
            "702062012;40,00;A-1;15.11.2026",
        ),
        added_up("payments", fields),
    )
    desk.apply(register)

    payments = OutsidePayment.objects.order_by("operation_id").values_list("operation_id", "amount_rub")
    assert list(payments) == [("A-1", Decimal("100.00")), ("A-2", Decimal("5.00"))]
    assert differences_everywhere() == []


def test_without_the_word_of_the_format_they_are_refused(desk):
    make_account(desk.supplier, number="702062012")

    register = desk.check("charges", "number;period;amount_rub\n702062012;10.2026;1,00\n702062012;10.2026;2,00\n")

    assert counts(register) == (0, 0, 0, 2)


def test_lines_that_call_a_refused_account_otherwise_are_refused_with_it(desk):
    fields = ("number", "service_code", "period", "amount_rub")
    register = desk.check(
        "charges",
        file_of(fields, "702062099;;10.2026;1,00", "№ 702062099;Газ;10.2026;2,00"),
        added_up("charges", fields),
    )

    assert counts(register) == (0, 0, 0, 2)
    refused = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    assert [row.line_no for row in refused] == [2, 3]
