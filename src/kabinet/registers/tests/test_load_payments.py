"""Payments made elsewhere come by registers, each once; payments of ours are booked by their number."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_charge
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import differences_everywhere
from kabinet.payments.models import Payment
from kabinet.registers import queries
from kabinet.registers.formats.ready import READY
from kabinet.registers.models import OutgoingRegister, OutsidePayment, SentDocument
from kabinet.registers.tests.files import statement
from kabinet.registers.tests.incoming import Desk, counts, text_of
from kabinet.registers.tests.outgoing import Billing, lines_of, make_dispatch
from kabinet.registers.usecases.recall_register import LaterApplied
from kabinet.suppliers.tests.factories import make_bank_details

pytestmark = pytest.mark.django_db(transaction=True)

LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
HEADINGS = "number;amount_rub;operation_id;paid_on;our_payment_id\n"


@pytest.fixture
def desk():
    return Desk()


def owed_rub(account):
    return ledger.balance_rub(account.supplier_id, account.id)


def test_a_payment_elsewhere_settles_what_is_owed(desk):
    account = make_account(desk.supplier, number="702062012")
    charge = make_charge(account, "100.00")

    desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n")

    charge.refresh_from_db()
    assert (owed_rub(account), charge.settled_rub) == (Decimal("40.00"), Decimal("60.00"))
    assert OutsidePayment.objects.get().paid_on == dt.date(2026, 11, 15)
    assert ledger.supplier_balance_rub(desk.supplier.id, "bank") == Decimal("60.00")
    assert differences_everywhere() == []


def test_an_operation_is_posted_once_however_often_it_is_sent(desk):
    account = make_account(desk.supplier, number="702062012")
    desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n")

    again = desk.load(
        "payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n702062012;5,00;A-2;15.11.2026;\n", now=LATER
    )

    assert counts(again) == (1, 0, 1, 0)
    assert owed_rub(account) == Decimal("-65.00")


def test_lines_that_cannot_be_payments_are_refused(desk):
    make_account(desk.supplier, number="702062012")
    desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n")

    register = desk.check(
        "payments",
        HEADINGS + "702062012;61,00;A-1;15.11.2026;\n"
        "702062012;-1,00;A-2;15.11.2026;\n"
        "702062012;1,00;A-3;23.11.2026;\n"
        "702062012;1,00;A-4;15.11.2026;\n"
        "702062012;1,00;A-4;15.11.2026;\n"
        "702062012;1,00;A-5;15.11.2026;00000000-0000-0000-0000-000000000001\n",
        now=LATER - dt.timedelta(days=1),
    )

    words = [row.reasons[0].words for row in queries.lines_of_register(desk.supplier.id, register.id)]
    assert words == [
        "уже загружено другое значение",
        "сумма меньше нуля",
        "этот день или месяц ещё не наступил",
        "повторяется в файле",
        "повторяется в файле",
        "такого нет",
    ]


def test_an_undone_payment_is_owed_again_and_may_come_again(desk):
    account = make_account(desk.supplier, number="702062012")
    charge = make_charge(account, "100.00")
    register = desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n")

    desk.undo(register, now=LATER)

    charge.refresh_from_db()
    assert (owed_rub(account), charge.settled_rub) == (Decimal("100.00"), 0)
    assert differences_everywhere() == []
    desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n", now=LATER)
    assert owed_rub(account) == Decimal("40.00")
    assert differences_everywhere() == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("balances", "number;balance_rub;on\n702062012;40,00;22.11.2026\n"),
        ("charges", "number;period;amount_rub;closing_rub\n702062012;11.2026;10,00;50,00\n"),
    ],
)
def test_payments_that_a_balance_was_counted_over_are_not_undone(desk, kind, content):
    """The supplier has said what is owed with them: without them our books would say more than the supplier's."""
    account = make_account(desk.supplier, number="702062012")
    make_charge(account, "100.00")
    payments = desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n")
    balances = desk.load(kind, content, now=LATER)
    said_rub = owed_rub(account)

    with pytest.raises(LaterApplied):
        desk.undo(payments, now=LATER)

    assert owed_rub(account) == said_rub
    desk.undo(balances, now=LATER)
    desk.undo(payments, now=LATER)
    assert owed_rub(account) == Decimal("100.00")


def test_payments_are_undone_under_charges_that_say_nothing_of_balances(desk):
    account = make_account(desk.supplier, number="702062012")
    payments = desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n")
    desk.load("charges", "number;period;amount_rub\n702062012;11.2026;10,00\n", now=LATER)

    desk.undo(payments, now=LATER)

    assert owed_rub(account) == Decimal("10.00")


def test_a_payment_of_ours_is_booked_by_its_number_and_counted_once(faulty_gateway):
    billing = Billing(faulty_gateway())
    payment = billing.paid("100.00")
    desk = Desk(billing.supplier)
    owed_before = owed_rub(billing.account)

    line = f"{billing.account.number};100,00;B-1;22.11.2026;{payment.public_id}\n"
    register = desk.load("payments", HEADINGS + line, now=LATER)

    assert counts(register) == (1, 0, 0, 0)
    assert Payment.objects.get().booked_at == LATER
    assert owed_rub(billing.account) == owed_before
    assert not OutsidePayment.objects.exists()
    desk.undo(register, now=LATER)
    assert Payment.objects.get().booked_at is None


def test_a_payment_of_ours_with_another_sum_is_refused(faulty_gateway):
    billing = Billing(faulty_gateway())
    payment = billing.paid("100.00")
    desk = Desk(billing.supplier)

    line = f"{billing.account.number};99,00;B-1;22.11.2026;{payment.public_id}\n"
    register = desk.check("payments", HEADINGS + line, now=LATER)

    assert counts(register) == (0, 0, 0, 1)


def test_a_balance_without_a_payment_of_ours_leaves_it_counted(faulty_gateway):
    billing = Billing(faulty_gateway())
    billing.paid("100.00")
    desk = Desk(billing.supplier)

    register = desk.load(
        "balances", f"number;balance_rub;on\n{billing.account.number};10000,00;22.11.2026\n", now=LATER
    )

    assert counts(register) == (0, 0, 1, 0)
    assert owed_rub(billing.account) == Decimal("9900.00")
    assert Charge.objects.count() == 1


def test_an_operation_that_comes_again_for_another_account_is_not_posted_twice(desk):
    """The bank puts its file right: the same operation, another account. The first one has to be undone before."""
    wrong, right = (make_account(desk.supplier, number=number) for number in ("702062012", "702062013"))
    first = desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n")
    content = HEADINGS + "702062013;60,00;A-1;15.11.2026;\n"

    register = desk.check("payments", content, now=LATER)

    [row] = queries.lines_of_register(desk.supplier.id, register.id)
    assert [reason.words for reason in row.reasons] == [
        "эта операция уже загружена на другой счёт или другую услугу; если там ошибка, отмените тот реестр"
    ]
    desk.undo(first, now=LATER)
    desk.load("payments", content + "\n", now=LATER)
    assert (owed_rub(wrong), owed_rub(right)) == (0, Decimal("-60.00"))


def test_the_part_of_an_operation_that_was_refused_comes_afterwards(desk):
    """One operation for two accounts by halves, one of which was not known yet."""
    make_account(desk.supplier, number="702062012")
    desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n702062013;60,00;A-1;15.11.2026;\n")
    late = make_account(desk.supplier, number="702062013")

    desk.load("payments", HEADINGS + "702062013;60,00;A-1;15.11.2026;\n", now=LATER)

    assert owed_rub(late) == Decimal("-60.00")


def test_the_next_day_may_count_its_operations_from_one_again(desk):
    make_account(desk.supplier, number="702062012")
    other = make_account(desk.supplier, number="702062013")
    desk.load("payments", HEADINGS + "702062012;60,00;1;15.11.2026;\n")

    desk.load("payments", HEADINGS + "702062013;60,00;1;16.11.2026;\n", now=LATER)

    assert owed_rub(other) == Decimal("-60.00")


def test_a_payment_of_ours_without_our_number_is_known_by_its_operation(faulty_gateway):
    billing = Billing(faulty_gateway())
    payment = billing.paid("100.00")
    desk = Desk(billing.supplier)

    line = f"{billing.account.number};100,00;{payment.gateway_payment_id};22.11.2026;\n"
    register = desk.check("payments", HEADINGS + line, now=LATER)

    assert counts(register) == (0, 0, 0, 1)
    [row] = queries.lines_of_register(desk.supplier.id, register.id)
    assert row.reasons[0].words.startswith("эта оплата сделана через кабинет")


def test_what_went_out_by_a_statement_is_counted_on_its_page(desk):
    make_account(desk.supplier, number="702062012")
    own, other = "40702810000000000001", "40817810000000000002"
    came = {"ПлательщикСчет": other, "ПолучательСчет": own, "НазначениеПлатежа": "л/с 702062012"}
    went = {"ПлательщикСчет": own, "ПолучательСчет": other, "НазначениеПлатежа": "Налог"}
    back = {**went, "НазначениеПлатежа": "Возврат л/с 702062012"}
    documents = [
        {"Номер": str(number), "Дата": "15.11.2026", "Сумма": "60.00", "Плательщик1": "", **each}
        for number, each in enumerate((came, went, went, back))
    ]
    [profile] = [ready for ready in READY if ready.container == "one_c"]

    register = desk.check("payments", statement(*documents).encode("cp1251"), profile)

    card = queries.register_report(desk.supplier.id, register.id).register
    assert (counts(register), card.ignored_count, card.lines_count) == ((1, 0, 0, 1), 2, 2)


def test_payments_that_a_later_file_has_repeated_are_not_undone_under_it(desk):
    account = make_account(desk.supplier, number="702062012")
    first = desk.load("payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n")
    second = desk.load(
        "payments", HEADINGS + "702062012;60,00;A-1;15.11.2026;\n702062012;5,00;A-2;15.11.2026;\n", now=LATER
    )

    with pytest.raises(LaterApplied):
        desk.undo(first, now=LATER)

    assert owed_rub(account) == Decimal("-65.00")
    desk.undo(second, now=LATER)
    desk.undo(first, now=LATER)
    assert owed_rub(account) == 0


def test_a_payment_of_ours_that_was_booked_on_another_account_is_not_booked(faulty_gateway):
    """Its payer's debt there does not know of it: it goes on being taken off what the supplier says."""
    billing = Billing(faulty_gateway())
    payment = billing.paid("100.00")
    make_account(billing.supplier, number="702062099")
    desk = Desk(billing.supplier)

    register = desk.check("payments", HEADINGS + f"702062099;100,00;B-1;22.11.2026;{payment.public_id}\n", now=LATER)

    [row] = queries.lines_of_register(desk.supplier.id, register.id)
    assert [reason.words for reason in row.reasons] == ["у нас эта оплата сделана по другому счёту"]


@pytest.fixture
def with_refund(faulty_gateway):
    """A supplier that was told of a payment of 100,00 ₽ and of 40,00 ₽ of it that went back."""
    billing = Billing(faulty_gateway())
    billing.refund(billing.paid("100.00"), "40.00")
    return billing, billing.send()


def own(register):
    """Give a register back as a supplier's billing writes its payments: of ours the same numbers."""
    lines = [
        (line["Лицевой счёт"], line["Сумма"], line["Номер операции"], line["Дата оплаты"], line["Наш номер платежа"])
        for line in lines_of(register)
    ]
    return HEADINGS + text_of(lines)


def test_what_went_back_is_booked_by_its_own_line_and_counted_once(with_refund):
    billing, left = with_refund
    desk = Desk(billing.supplier)
    owed_before = owed_rub(billing.account)

    register = desk.load("payments", own(left), now=LATER)

    refund = SentDocument.objects.get(source_kind="refund")
    assert counts(register) == (2, 0, 0, 0)
    assert (refund.acknowledged_at, Payment.objects.get().booked_at) == (LATER, LATER)
    assert OutgoingRegister.objects.get().acknowledged_at == LATER
    assert owed_rub(billing.account) == owed_before
    assert not OutsidePayment.objects.exists()
    assert counts(desk.check("payments", own(left) + "\n", now=LATER)) == (0, 0, 2, 0)
    desk.undo(register, now=LATER)
    assert SentDocument.objects.get(source_kind="refund").acknowledged_at is None
    assert OutgoingRegister.objects.get().acknowledged_at is None


def test_a_payment_alone_does_not_book_what_went_back_of_it(with_refund):
    billing, left = with_refund
    text = "".join(line for line in own(left).splitlines(keepends=True) if ";-40,00;" not in line)

    Desk(billing.supplier).load("payments", text, now=LATER)

    assert SentDocument.objects.get(source_kind="refund").acknowledged_at is None
    assert OutgoingRegister.objects.get().acknowledged_at is None


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        (";-40,00;", ";-39,00;", ["сумма не та, что оплачена у нас"]),
        (";-40,00;", ";-40,00;other-", ["сумма меньше нуля"]),
    ],
)
def test_a_refund_that_did_not_leave_like_that_is_refused(with_refund, was, becomes, words):
    billing, left = with_refund
    desk = Desk(billing.supplier)

    register = desk.check("payments", own(left).replace(was, becomes), now=LATER)

    assert counts(register) == (1, 0, 0, 1)
    [refused] = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    assert [reason.words for reason in refused.reasons] == words


def test_a_statement_for_1c_that_left_here_and_comes_back_is_counted_once(faulty_gateway):
    billing = Billing(faulty_gateway())
    billing.paid("100.00")
    make_bank_details(billing.supplier)
    make_dispatch(billing.supplier, container="one_c")
    left = billing.send()
    desk = Desk(billing.supplier)
    [profile] = [ready for ready in READY if ready.container == "one_c"]

    register = desk.check("payments", left.path.read_bytes(), profile, now=LATER)

    assert counts(register) == (0, 0, 0, 1)
    [row] = queries.lines_of_register(desk.supplier.id, register.id)
    assert row.reasons[0].words.startswith("эта оплата сделана через кабинет")
