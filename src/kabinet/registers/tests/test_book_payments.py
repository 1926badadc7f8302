"""A supplier's billing says which payments it has on its books."""

import datetime as dt
import io
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command

from kabinet.common.errors import NotFound
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import balance_rub
from kabinet.people.queries.staff import NotAllowed
from kabinet.registers.formats.payments import NotReadable, read_booked
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.tests.outgoing import MORNING, Billing
from kabinet.registers.usecases.acknowledge_register import acknowledge_register
from kabinet.registers.usecases.book_payments import FileUnreadable
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
    stranger = uuid4()

    booking = billing.book(
        "Лицевой счёт;Номер;Сумма\r\n"
        f"1;{payment.public_id};100,00\r\n"
        f"1;{other.public_id};49,99\r\n"
        f"1;{stranger};10,00\r\n"
        "1;касса 7;10,00\r\n"
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

    billing.book(f"Номер;Лицевой счёт;Сумма\r\n{first.public_id};1;100.00\r\n")
    assert OutgoingRegister.objects.get().acknowledged_at is None
    billing.book(f"Номер;Лицевой счёт;Сумма\r\n{second.public_id};1;50.00\r\n")

    assert OutgoingRegister.objects.get().acknowledged_at == MORNING


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

    assert output_of("book_payments", str(path), supplier=code) == "1 booked, 0 known before, 0 lines refused\n"

    file = tmp_path / "answer.csv"
    file.write_text("Номер;Лицевой счёт;Сумма\r\nкасса;1;5.00\r\n")
    with pytest.raises(SystemExit) as end:
        output_of("book_payments", str(file), supplier=code)
    assert end.value.code == 1
