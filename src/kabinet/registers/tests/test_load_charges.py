"""A supplier's register of charges is read, looked at and applied."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.models import ProofValue
from kabinet.accounts.rules import canonical_proof, proof_hash
from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import differences_everywhere
from kabinet.registers import queries
from kabinet.registers.formats.cells import read_cell
from kabinet.registers.formats.profile import KOPECKS
from kabinet.registers.models import RegisterLine
from kabinet.registers.rules.kinds import KINDS
from kabinet.registers.tests.incoming import Desk, counts, profile_for

pytestmark = pytest.mark.django_db(transaction=True)

OCTOBER = Month(2026, 10)
LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@pytest.fixture
def desk():
    return Desk()


def owed_rub(account):
    return ledger.balance_rub(account.supplier_id, account.id)


def proves(account, typed):
    """Tell whether a sum proves who owns an account."""
    expected = proof_hash(account.supplier_id, account.id, "last_charge", canonical_proof("last_charge", typed))
    return ProofValue.objects.filter(account=account, kind="last_charge", value_hash=expected).exists()


def test_a_month_is_charged_as_the_file_says(desk):
    account = make_account(desk.supplier, number="702062012")
    register = desk.check(
        "charges",
        "number;period;volume_m3;price_rub_per_m3;amount_rub\n702062012;10.2026;28;4,37507;122,50\n",
    )

    assert counts(register) == (1, 0, 0, 0)
    assert not Charge.objects.exists()
    desk.apply(register)

    [charge] = Charge.objects.all()
    assert (charge.account, charge.period, charge.kind, charge.amount_rub) == (
        account, OCTOBER, "imported", Decimal("122.50"),
    )  # fmt: skip
    assert (charge.volume_m3, charge.formula) == (28, "28 м³ × 4,37507 ₽/м³ = 122,50 ₽")
    assert owed_rub(account) == Decimal("122.50")
    assert differences_everywhere() == []


def test_lines_that_cannot_be_are_refused_with_their_reasons(desk):
    make_account(desk.supplier, number="702062012")
    make_account(desk.supplier, number="702062013")
    register = desk.check(
        "charges",
        "number;period;amount_rub\n"
        "702062012;10.2026;100,00\n"
        "999999999;10.2026;100,00\n"
        "702062013;10.2026;сто\n"
        "702062013;11.2026;1,00\n"
        "702062013;11.2026;2,00\n"
        "702062013;13.2026;1,005\n"
        ";01.2027;3,00\n",
    )

    assert counts(register) == (1, 0, 0, 6)
    rows = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    assert [(row.line_no, [(reason.label, reason.value) for reason in row.reasons]) for row in rows] == [
        (3, [("Лицевой счёт", "999999999")]),
        (4, [("Сумма", "сто")]),
        (5, [("Лицевой счёт", "702062013")]),
        (6, [("Лицевой счёт", "702062013")]),
        (7, [("Месяц", "13.2026"), ("Сумма", "1,005")]),
        (8, [("Лицевой счёт", ""), ("Месяц", "01.2027")]),
    ]
    desk.apply(register)
    assert Charge.objects.count() == 1


SUMS = [
    ("1 234,56 ₽", "1234.56"),
    ("1\u00a0234,56\u00a0₽", "1234.56"),
    ("1\u202f234,56р.", "1234.56"),
    ("−5 руб.", "-5.00"),
    ("1₽50", None),
    ("1 234,56 $", None),
    ("12,345 ₽", None),
]


def test_the_sign_of_roubles_after_a_sum_means_nothing_to_the_database_and_to_people_alike(desk):
    rows = "".join(f"{make_account(desk.supplier).number};10.2026;{said}\n" for said, _sum in SUMS)
    by = profile_for("charges", ("number", "period", "amount_rub"), thousands=" ")
    register = desk.check("charges", "number;period;amount_rub\n" + rows, by)

    lines = list(queries.lines_of_register(desk.supplier.id, register.id))

    expected = [number and Decimal(number) for _said, number in SUMS]
    assert [line.amount_rub for line in lines] == expected
    assert [line.outcome for line in lines] == ["new" if number else "refused" for number in expected]
    amount = KINDS["charges"].field("amount_rub")
    assert [read_cell(amount, said, by).value for said, _sum in SUMS[:-1]] == expected[:-1]


def test_of_kopecks_nothing_is_said_in_roubles(desk):
    number = make_account(desk.supplier).number
    by = profile_for("charges", ("number", "period", "amount_rub"), money_unit=KOPECKS)

    register = desk.check("charges", f"number;period;amount_rub\n{number};10.2026;1234 ₽\n", by)

    assert counts(register) == (0, 0, 0, 1)


def test_a_line_of_totals_that_the_format_does_not_know_says_what_to_do(desk):
    number = make_account(desk.supplier).number
    register = desk.check("charges", f"number;period;amount_rub\n{number};10.2026;5,00\nИТОГО:;;5,00\n")

    [row] = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    [reason] = row.reasons
    assert (reason.label, reason.value) == ("", "ИТОГО:")
    assert reason.words.startswith("похоже на строку итогов: укажите в формате, как она начинается")


def test_a_month_that_is_sent_again_is_charged_by_its_difference(desk):
    account, same = make_account(desk.supplier, number="702062012"), make_account(desk.supplier, number="702062013")
    desk.load("charges", "number;period;amount_rub\n702062012;10.2026;100,00\n702062013;10.2026;50,00\n")

    again = desk.check(
        "charges", "number;period;amount_rub\n702062012;10.2026;120,00\n702062013;10.2026;50,00\n", now=LATER
    )
    [row] = queries.lines_of_register(desk.supplier.id, again.id)
    desk.apply(again, now=LATER)

    assert counts(again) == (0, 1, 1, 0)
    assert [(change.label, change.old, change.new) for change in row.changes] == [
        ("Сумма", Decimal("100.00"), Decimal("120.00"))
    ]
    amounts = Charge.objects.filter(account=account).order_by("line_no").values_list("line_no", "amount_rub")
    assert list(amounts) == [(1, Decimal("100.00")), (2, Decimal("20.00"))]
    assert (owed_rub(account), owed_rub(same)) == (Decimal("120.00"), Decimal("50.00"))
    assert differences_everywhere() == []


def test_a_month_of_which_only_the_volume_and_the_debt_are_other_says_both(desk):
    make_account(desk.supplier, number="702062012")
    head = "number;period;volume_m3;amount_rub;closing_rub\n"
    desk.load("charges", f"{head}702062012;10.2026;28;100,00;100,00\n")

    again = desk.check("charges", f"{head}702062012;10.2026;29;100,00;90,00\n", now=LATER)
    [row] = queries.lines_of_register(desk.supplier.id, again.id)

    assert [(change.label, change.old, change.new) for change in row.changes] == [
        ("Объём, м³", Decimal(28), Decimal(29)),
        ("Долг на конец месяца", Decimal("100.00"), Decimal("90.00")),
    ]


def test_what_is_owed_is_brought_to_what_the_file_says(desk):
    account = make_account(desk.supplier, number="702062012")

    desk.load("charges", "number;period;amount_rub;closing_rub\n702062012;10.2026;100,00;350,00\n")

    kinds = Charge.objects.order_by("period", "id").values_list("kind", "period", "amount_rub")
    assert list(kinds) == [
        ("opening", Month(2026, 9), Decimal("250.00")),
        ("imported", OCTOBER, Decimal("100.00")),
    ]
    assert owed_rub(account) == Decimal("350.00")
    assert differences_everywhere() == []


def test_an_undone_register_is_reversed_line_by_line(desk):
    account = make_account(desk.supplier, number="702062012")
    register = desk.load("charges", "number;period;amount_rub;closing_rub\n702062012;10.2026;100,00;350,00\n")

    desk.undo(register, now=LATER)

    assert (register.state, register.left_count) == ("undone", 0)
    assert owed_rub(account) == 0
    assert Charge.objects.count() == 4
    assert differences_everywhere() == []
    assert RegisterLine.objects.count() == 1


def test_what_was_paid_of_an_undone_register_settles_the_one_that_comes_in_its_place(desk):
    account = make_account(desk.supplier, number="702062012")
    content = "number;period;amount_rub\n702062012;10.2026;100,00\n"
    register = desk.load("charges", content)
    desk.load("payments", "number;amount_rub;operation_id;paid_on\n702062012;60,00;A-1;15.11.2026\n", now=LATER)

    desk.undo(register, now=LATER)
    assert owed_rub(account) == Decimal("-60.00")
    desk.load("charges", content, now=LATER)

    unpaid = [charge.amount_rub - charge.settled_rub for charge in Charge.objects.filter(amount_rub__gt=0)]
    assert owed_rub(account) == Decimal("40.00")
    assert sum(unpaid) == Decimal("40.00")
    assert differences_everywhere() == []


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_months_in_a_file_the_later_says_what_is_owed(desk, order):
    account = make_account(desk.supplier, number="702062012")
    lines = ["702062012;10.2026;100,00;100,00", "702062012;11.2026;150,00;250,00"][::order]

    desk.load("charges", "\n".join(["number;period;amount_rub;closing_rub", *lines, ""]))

    assert owed_rub(account) == Decimal("250.00")
    assert differences_everywhere() == []


@pytest.mark.parametrize("other", ["gas", "Газ", "ГАЗ"])
def test_a_service_called_in_two_ways_is_charged_once(desk, other):
    account = make_account(desk.supplier, number="702062012")

    register = desk.check(
        "charges",
        f"number;service_code;period;amount_rub\n702062012;;10.2026;100,00\n702062012;{other};10.2026;100,00\n",
    )

    assert counts(register) == (0, 0, 0, 2)
    words = {reason.words for row in queries.lines_of_register(desk.supplier.id, register.id) for reason in row.reasons}
    assert words == {"повторяется в файле"}
    assert owed_rub(account) == 0


def test_what_was_undone_comes_again_as_new(desk):
    make_account(desk.supplier, number="702062012")
    content = "number;period;volume_m3;price_rub_per_m3;amount_rub\n702062012;10.2026;28;4,37507;122,50\n"
    desk.undo(desk.load("charges", content), now=LATER)

    again = desk.load("charges", content, now=LATER)

    assert counts(again) == (1, 0, 0, 0)
    assert Charge.objects.latest("id").formula == "28 м³ × 4,37507 ₽/м³ = 122,50 ₽"


def test_a_later_month_that_was_undone_does_not_hide_what_is_owed(desk):
    account = make_account(desk.supplier, number="702062012")
    desk.undo(desk.load("charges", "number;period;amount_rub\n702062012;11.2026;60,00\n"), now=LATER)

    desk.load("charges", "number;period;amount_rub;closing_rub\n702062012;10.2026;60,00;75,00\n", now=LATER)

    assert owed_rub(account) == Decimal("75.00")


class TestTheLastBillProvesWhoOwnsAnAccount:
    def test_an_undone_month_proves_nothing_and_nor_does_nought(self, desk):
        account = make_account(desk.supplier, number="702062012")
        register = desk.load("charges", "number;period;amount_rub\n702062012;10.2026;60,00\n")
        assert proves(account, "60,00")

        desk.undo(register, now=LATER)

        assert not ProofValue.objects.filter(account=account, kind="last_charge").exists()

    def test_the_month_before_an_undone_one_proves_again(self, desk):
        account = make_account(desk.supplier, number="702062012")
        desk.load("charges", "number;period;amount_rub\n702062012;10.2026;60,00\n")
        register = desk.load("charges", "number;period;amount_rub\n702062012;11.2026;70,00\n", now=LATER)

        desk.undo(register, now=LATER)

        assert proves(account, "60,00")

    def test_a_bill_of_nought_proves_nothing(self, desk):
        """Anyone may guess it: flats that stand empty are charged nought for months."""
        account = make_account(desk.supplier, number="702062012")
        desk.load("charges", "number;period;amount_rub\n702062012;10.2026;60,00\n")

        desk.load("charges", "number;period;amount_rub\n702062012;11.2026;0,00\n", now=LATER)

        assert not ProofValue.objects.filter(account=account, kind="last_charge").exists()

    def test_what_brings_the_debt_to_the_suppliers_stands_on_no_bill(self, desk):
        account = make_account(desk.supplier, number="702062012")
        head = "number;period;amount_rub;closing_rub\n"
        desk.load("charges", f"{head}702062012;10.2026;60,00;60,00\n")

        desk.load("charges", f"{head}702062012;11.2026;70,00;100,00\n", now=LATER)

        assert owed_rub(account) == Decimal("100.00")
        assert proves(account, "70,00")
