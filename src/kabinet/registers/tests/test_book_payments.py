"""A supplier's billing says which payments it has on its books."""

import csv
import datetime as dt
import io
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command

from kabinet.accounts.tests.factories import make_account
from kabinet.common.errors import NotFound
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import balance_rub
from kabinet.people.queries.staff import NotAllowed
from kabinet.registers import queries
from kabinet.registers.formats.payments import NotReadable, read_booked
from kabinet.registers.models import OutgoingRegister, SentDocument
from kabinet.registers.tests.outgoing import MORNING, Billing, lines_of
from kabinet.registers.usecases.acknowledge_register import acknowledge_register
from kabinet.registers.usecases.book_payments import FileUnreadable
from kabinet.registers.usecases.resend_refused import NothingRefused, resend_refused
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def billing(faulty_gateway):
    return Billing(faulty_gateway())


# What the supplier has booked


def test_a_payment_that_comes_back_in_the_suppliers_file_is_booked_and_not_counted_again(billing):
    payment = billing.paid("100.00")
    content = billing.send().path.read_bytes()

    booking = billing.book(content)
    again = billing.book(content)

    assert (booking.booked_count, booking.known_count, booking.refused) == (1, 0, [])
    assert (again.booked_count, again.known_count, again.refused) == (0, 1, [])
    assert Payment.objects.get().booked_at == MORNING
    assert Payment.objects.count() == 1
    assert balance_rub(payment) == Decimal("9900.00")


def test_lines_that_are_not_ours_are_refused_one_by_one(billing):
    payment = billing.paid("100.00")
    other = billing.paid("50.00")
    stranger, number = uuid4(), billing.account.number

    booking = billing.book(
        "Лицевой счёт;Номер;Сумма\r\n"
        f"{number};{payment.public_id};100,00\r\n"
        f"{number};{other.public_id};49,99\r\n"
        f"{number};{stranger};10,00\r\n"
        f"{number};касса 7;10,00\r\n"
    )

    assert booking.booked_count == 1
    assert [(line.number, line.reason) for line in booking.refused] == [
        (3, "сумма не та: 49.99 ≠ 50.00"),
        (4, "такого платежа у нас нет"),
        (5, "это не наш платёж: номера нет в реестре"),
    ]
    assert Payment.objects.get(pk=other.pk).booked_at is None


def test_another_suppliers_payment_is_not_ours_to_book(billing, faulty_gateway):
    payment = billing.paid("100.00")
    other = Billing(billing.gateway)

    booking = other.book(f"Номер;Лицевой счёт;Сумма\r\n{payment.public_id};1;100.00\r\n")

    assert [line.reason for line in booking.refused] == ["такого платежа у нас нет"]
    assert Payment.objects.get().booked_at is None


def test_a_register_is_acknowledged_when_all_of_its_payments_are_booked(billing):
    first, second = billing.paid("100.00"), billing.paid("50.00")
    billing.send()

    number = billing.account.number

    billing.book(f"Номер;Лицевой счёт;Сумма\r\n{first.public_id};{number};100.00\r\n")
    assert OutgoingRegister.objects.get().acknowledged_at is None
    billing.book(f"Номер;Лицевой счёт;Сумма\r\n{second.public_id};{number};50.00\r\n")

    assert OutgoingRegister.objects.get().acknowledged_at == MORNING


def test_a_payment_that_the_supplier_has_booked_on_another_account_is_not_booked(billing):
    payment, stranger = billing.paid("100.00"), make_account(billing.supplier)
    billing.send()

    booking = billing.book(f"Номер;Лицевой счёт;Сумма\r\n{payment.public_id};{stranger.number};100.00\r\n")

    [line] = booking.refused
    assert line.reason == f"оплата другого лицевого счёта: {billing.account.number}, а в файле {stranger.number}"
    assert Payment.objects.get().booked_at is None


# Line by line


def answer(register, **refused):
    """Give a register back as the supplier answers it. refused: by the kind of the line, why it is not taken."""
    lines = [line | {"Почему не принято": refused.get(line["Вид"], "")} for line in lines_of(register)]
    file = io.StringIO()
    writer = csv.DictWriter(file, list(lines[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()


def only_payments(register):
    """Give the lines of money that came, as a billing does that says nothing of what went back."""
    text = register.path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    return "".join(line for line in text if "возврат" not in line)


@pytest.fixture
def with_refund(billing):
    """A register with a payment of 100,00 ₽ and 40,00 ₽ of it that went back."""
    payment = billing.paid("100.00")
    billing.refund(payment, "40.00")
    return billing.send()


def report_of(register):
    return queries.outgoing_report(register.supplier_id, register.id)


def test_a_refund_is_booked_by_its_own_line_and_not_with_its_payment(billing, with_refund):
    billing.book(only_payments(with_refund))
    assert (report_of(with_refund).booked_count, report_of(with_refund).documents_count) == (1, 2)
    assert OutgoingRegister.objects.get().acknowledged_at is None

    booking = billing.book(answer(with_refund))

    assert (booking.booked_count, booking.known_count, booking.refused) == (1, 1, [])
    assert OutgoingRegister.objects.get().acknowledged_at == MORNING
    assert SentDocument.objects.get(source_kind="refund").acknowledged_at == MORNING


@pytest.mark.parametrize(("kind", "taken"), [("возврат", "payment"), ("оплата", "refund")])
def test_a_line_that_the_supplier_refuses_stays_unbooked_and_is_shown(billing, with_refund, kind, taken):
    booking = billing.book(answer(with_refund, **{kind: "счёт закрыт"}))

    assert (booking.booked_count, booking.denied_count, booking.refused) == (1, 1, [])
    assert (Payment.objects.get().booked_at is not None) == (taken == "payment")
    assert OutgoingRegister.objects.get().acknowledged_at is None
    [document] = report_of(with_refund).refused
    assert (document.kind_name, document.refusal) == (kind, "счёт закрыт")
    assert document.account_numbers == [billing.account.number]
    assert document.amount_rub == (Decimal("-40.00") if kind == "возврат" else Decimal("100.00"))


@pytest.mark.parametrize("kind", ["возврат", "оплата"])
def test_a_refused_line_leaves_again_in_the_next_register_under_its_number(billing, with_refund, kind):
    billing.book(answer(with_refund, **{kind: "счёт закрыт"}))

    count = resend_refused(
        supplier_id=billing.supplier.id, register_id=with_refund.id, actor=None, now=MORNING + dt.timedelta(hours=1)
    )
    again = billing.send(now=MORNING + dt.timedelta(days=1))

    [line] = lines_of(again)
    assert count == 1
    assert line in lines_of(with_refund)
    assert line["Вид"] == kind
    assert OutgoingRegister.objects.get(pk=with_refund.pk).acknowledged_at == MORNING + dt.timedelta(hours=1)
    assert again.acknowledged_at is None
    assert billing.book(answer(again)).booked_count == 1
    assert OutgoingRegister.objects.get(pk=again.pk).acknowledged_at == MORNING
    assert billing.send(now=MORNING + dt.timedelta(days=2)) is None


def test_nothing_refused_is_nothing_to_resend(billing, with_refund):
    with pytest.raises(NothingRefused):
        resend_refused(supplier_id=billing.supplier.id, register_id=with_refund.id, actor=None, now=MORNING)

    assert billing.send(now=MORNING + dt.timedelta(days=1)) is None


def test_a_person_acknowledges_all_but_what_was_refused(billing, with_refund):
    billing.book(answer(with_refund, возврат="счёт закрыт", оплата="счёт закрыт"))
    billing.book(answer(with_refund, возврат="счёт закрыт"))

    register = acknowledge_register(
        supplier_id=billing.supplier.id, register_id=with_refund.id, actor=None, now=MORNING
    )

    assert register.acknowledged_at is None
    assert SentDocument.objects.get(source_kind="refund").acknowledged_at is None
    assert SentDocument.objects.get(source_kind="payment").refused_at is None


def test_what_a_supplier_takes_after_all_is_refused_no_longer(billing, with_refund):
    billing.book(answer(with_refund, возврат="счёт закрыт"))

    billing.book(answer(with_refund))

    assert report_of(with_refund).refused == []
    assert OutgoingRegister.objects.get().acknowledged_at == MORNING


def test_what_a_supplier_has_booked_it_cannot_refuse_later(billing, with_refund):
    billing.book(answer(with_refund))

    booking = billing.book(answer(with_refund, возврат="счёт закрыт"))

    assert [line.reason for line in booking.refused] == [
        "поставщик уже учёл её раньше, а теперь не принимает: разберитесь с ним"
    ]
    assert OutgoingRegister.objects.get().acknowledged_at == MORNING


def test_a_refund_without_its_number_is_known_when_there_is_one(billing, with_refund):
    payment = Payment.objects.get()
    answered = f"Номер;Лицевой счёт;Сумма\r\n{payment.public_id};{billing.account.number};-40,00\r\n"

    assert billing.book(answered).booked_count == 1

    billing.refund(payment, "50.00")
    billing.send(now=MORNING + dt.timedelta(days=1))
    assert [line.reason for line in billing.book(answered).refused] == [
        "у этого платежа несколько возвратов: нужен «Номер операции»"
    ]


def test_a_refund_of_another_sum_is_not_booked(billing, with_refund):
    booking = billing.book(answer(with_refund).replace("-40,00", "-39,99"))

    assert [line.reason for line in booking.refused] == ["сумма не та: -39.99 ≠ -40.00"]
    assert SentDocument.objects.get(source_kind="refund").acknowledged_at is None


def test_staff_without_the_right_resend_nothing(billing, with_refund):
    billing.book(answer(with_refund, возврат="счёт закрыт"))

    with pytest.raises(NotAllowed):
        resend_refused(
            supplier_id=billing.supplier.id,
            register_id=with_refund.id,
            actor=make_staff_of(billing.supplier, role="support"),
            now=MORNING,
        )

    assert SentDocument.objects.get(source_kind="refund").released_at is None


def test_staff_without_the_right_book_nothing(billing):
    payment = billing.paid("100.00")

    with pytest.raises(NotAllowed):
        billing.book(billing.send().path.read_bytes(), actor=make_staff_of(billing.supplier, role="support"))

    assert Payment.objects.get(pk=payment.pk).booked_at is None


# By a person's word


def test_payments_of_a_register_that_staff_acknowledge_are_booked(billing):
    billing.paid("100.00")
    register, staff = billing.send(), make_staff_of(billing.supplier, role="accountant")
    later = billing.paid("50.00")
    given = {"supplier_id": billing.supplier.id, "register_id": register.id, "actor": staff}

    acknowledge_register(**given, now=MORNING)
    again = acknowledge_register(**given, now=MORNING + dt.timedelta(hours=1))

    assert (again.acknowledged_at, again.acknowledged_by) == (MORNING, staff)
    assert list(Payment.objects.filter(booked_at=MORNING)) == [Payment.objects.exclude(pk=later.pk).get()]


def test_another_suppliers_register_is_not_there(billing):
    billing.paid("100.00")
    register, other = billing.send(), Billing(billing.gateway)

    with pytest.raises(NotFound):
        acknowledge_register(supplier_id=other.supplier.id, register_id=register.id, actor=None, now=MORNING)

    assert OutgoingRegister.objects.get().acknowledged_at is None


# The file


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "нужны колонки"),
        ("Номер;Сумма\n".encode(), "нужны колонки"),
        ("Номер;Лицевой счёт;Сумма\nx;1;сто\n".encode(), "строка 2"),
        ("Номер;Лицевой счёт;Сумма\nx;1\n".encode(), "строка 2"),
        ('Номер;Лицевой счёт;Сумма\nx;"1;1\n'.encode(), "строка 2"),
        (b"\x98\xff\x00", "это не текст"),
    ],
)
def test_a_file_that_says_too_little_is_refused_whole(content, reason):
    with pytest.raises(NotReadable, match=reason):
        read_booked(content)


def test_a_file_in_the_other_encoding_is_read_as_well():
    [line] = read_booked("Наш номер платежа;Лицевой счет;Сумма\nx;'0071;1 000,50\n".encode("cp1251"))

    assert (line.public_id, line.account_number, line.amount_rub) == (None, "0071", Decimal("1000.50"))


def test_staff_are_told_why_a_file_was_not_read(billing):
    with pytest.raises(FileUnreadable) as refused:
        billing.book("Номер;Сумма\n")

    assert refused.value.field == "file"


# The command


def output_of(*command, **options):
    written = io.StringIO()
    call_command(*command, stdout=written, **options)
    return written.getvalue()


def test_the_command_takes_an_answer_in(billing, tmp_path):
    billing.paid("100.00")
    code, path = billing.supplier.code, billing.send().path

    assert output_of("book_payments", str(path), supplier=code) == (
        "1 booked, 0 known before, 0 not taken by the supplier, 0 lines refused\n"
    )

    file = tmp_path / "answer.csv"
    file.write_text("Номер;Лицевой счёт;Сумма\r\nкасса;1;5.00\r\n")
    with pytest.raises(SystemExit) as end:
        output_of("book_payments", str(file), supplier=code)
    assert end.value.code == 1
