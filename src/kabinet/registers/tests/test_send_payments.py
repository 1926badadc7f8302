"""Payments leave to a supplier whose own billing is the book of record."""

import csv
import dataclasses
import datetime as dt
import io
import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.testing import NOW
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import balance_rub, make_payer, make_shop
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.settle_refunds import settle_refunds
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.registers import operations, queries
from kabinet.registers.formats.payments import FileUnreadable, PaymentLine, read_booked, write_payments
from kabinet.registers.models import PaymentRegister
from kabinet.registers.tasks import send_payments as send_registers
from kabinet.registers.usecases.book_payments import book_payments
from kabinet.registers.usecases.send_payments import BilledHere, send_payments
from kabinet.suppliers.models import Supplier

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = NOW + dt.timedelta(days=1)


class Billing:
    """A supplier with its own billing, one account there, and a gateway of its own."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.account, self.payer = make_account(), make_payer()
        self.supplier = self.account.supplier
        self.supplier.billing = "external"
        self.supplier.save()
        make_access(self.payer, self.account)
        make_shop(self.supplier)
        make_charge(self.account, "10000.00")

    def paid(self, amount="100.00"):
        payment = start_payment(
            supplier_id=self.supplier.id,
            account_id=self.account.id,
            mode="own_sum",
            own_sum_rub=Decimal(amount),
            shown_amount_rub=Decimal(amount),
            knows_of_recent=True,
            request_id=uuid4(),
            actor=self.payer,
            now=NOW,
        )
        self.gateway.pay(payment.gateway_payment_id)
        return settle_payment(supplier_id=self.supplier.id, payment_id=payment.id, now=NOW)

    def refund(self, payment, amount):
        self.gateway.refund(payment.gateway_payment_id, amount)
        settle_refunds(supplier_id=self.supplier.id, payment_id=payment.id, now=NOW)

    def send(self):
        return send_payments(supplier_id=self.supplier.id, now=MORNING)

    def book(self, text):
        return book_payments(supplier_id=self.supplier.id, lines=read_booked(text), now=MORNING)


@pytest.fixture
def billing(faulty_gateway):
    return Billing(faulty_gateway())


def lines_of(register):
    return list(csv.DictReader(io.StringIO(register.content), delimiter=";"))


def test_a_paid_payment_leaves_with_what_a_billing_needs(billing):
    payment = billing.paid("100.00")

    register = billing.send()

    assert lines_of(register) == [
        {
            "Номер": str(payment.public_id),
            "Вид": "оплата",
            "Лицевой счёт": billing.account.number,
            "Услуга": "gas",
            "Сумма": "100.00",
            "Дата": "22.11.2026",
            "Номер в платёжной системе": payment.gateway_payment_id,
        }
    ]
    assert (register.number, register.lines_count, register.day) == (1, 1, dt.date(2026, 11, 23))
    assert Payment.objects.get().sent_at == MORNING


def test_each_payment_leaves_once(billing):
    billing.paid("100.00")
    first = billing.send()
    later = billing.paid("200.00")

    second = billing.send()

    assert [line["Номер"] for line in lines_of(second)] == [str(later.public_id)]
    assert (first.number, second.number) == (1, 2)
    assert billing.send() is None


def test_what_went_back_leaves_as_a_line_below_zero(billing):
    payment = billing.paid("100.00")
    billing.send()
    billing.refund(payment, "40.00")

    [line] = lines_of(billing.send())

    assert (line["Номер"], line["Вид"], line["Сумма"]) == (str(payment.public_id), "возврат", "-40.00")
    assert billing.send() is None


def test_an_unpaid_payment_does_not_leave(billing):
    start_payment(
        supplier_id=billing.supplier.id,
        account_id=billing.account.id,
        mode="own_sum",
        own_sum_rub=Decimal("5.00"),
        shown_amount_rub=Decimal("5.00"),
        knows_of_recent=True,
        request_id=uuid4(),
        actor=billing.payer,
        now=NOW,
    )

    assert billing.send() is None
    assert PaymentRegister.objects.count() == 0


def test_a_supplier_that_is_billed_here_gets_no_register(billing):
    billing.supplier.billing = "kabinet"
    billing.supplier.save()
    billing.paid()

    with pytest.raises(BilledHere):
        billing.send()

    assert Payment.objects.get().sent_at is None


def two_at_once(billing):
    """Let two workers make a register at the same moment, each with a connection of its own."""
    made, start = [], threading.Barrier(2)

    def run():
        start.wait(timeout=10)
        try:
            made.append(billing.send())
        except IntegrityError:
            made.append("refused by the database")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return made


@pytest.fixture
def both_read_before_either_writes(monkeypatch):
    """Hold each one after it has read what has not left, until the other has too, or a moment has passed."""
    met = threading.Barrier(2)
    documents_to_send = queries.documents_to_send

    def wait_for_the_other(supplier_id):
        found = documents_to_send(supplier_id)
        try:
            met.wait(timeout=1)
        except threading.BrokenBarrierError:
            met.reset()
        return found

    monkeypatch.setattr(queries, "documents_to_send", wait_for_the_other)


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_two_at_once_make_one_register(billing):
    billing.paid("100.00")

    made = two_at_once(billing)

    assert made.count(None) == 1
    assert PaymentRegister.objects.count() == 1


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_without_the_lock_the_constraint_alone_stands_between_them(billing, monkeypatch):
    monkeypatch.setattr(operations, "lock_supplier", lambda supplier_id: Supplier.objects.get(pk=supplier_id))
    billing.paid("100.00")

    made = two_at_once(billing)

    assert "refused by the database" in made
    assert PaymentRegister.objects.count() == 1


def test_one_supplier_whose_register_breaks_does_not_stop_the_next(billing, monkeypatch):
    other = Billing(billing.gateway)
    billing.paid("100.00")
    other.paid("200.00")
    lines_of_register = queries.lines_of

    def break_for_the_first(supplier_id, documents):
        if supplier_id == billing.supplier.id:
            raise ZeroDivisionError
        return lines_of_register(supplier_id, documents)

    monkeypatch.setattr(queries, "lines_of", break_for_the_first)

    with pytest.raises(ExceptionGroup) as broken:
        send_registers(timestamp=0)

    assert [type(error) for error in broken.value.exceptions] == [ZeroDivisionError]
    assert PaymentRegister.objects.get().supplier_id == other.supplier.id


# What the supplier has booked


def test_a_payment_that_comes_back_in_the_suppliers_file_is_booked_and_not_counted_again(billing):
    payment = billing.paid("100.00")
    content = billing.send().content

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


# The file


LINE = PaymentLine(
    public_id=uuid4(),
    kind_label="оплата",
    account_number="70201",
    service_code="gas",
    amount_rub=Decimal("-40.00"),
    moved_on=dt.date(2026, 11, 22),
    gateway_payment_id="remote",
)


@pytest.mark.parametrize("cell", ["=1+1", "+7", "-7", "@SUM(A1)", "\tx"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell):
    text = write_payments([dataclasses.replace(LINE, account_number=cell)])

    [line] = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    assert line["Лицевой счёт"] == f"'{cell}"
    assert line["Сумма"] == "-40.00"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "нужны колонки"),
        ("Номер;Сумма\n", "нужны колонки"),
        ("Номер;Лицевой счёт;Сумма\nx;1;сто\n", "строка 2"),
        ("Номер;Лицевой счёт;Сумма\nx;1\n", "строка 2"),
    ],
)
def test_a_file_that_says_too_little_is_refused_whole(text, reason):
    with pytest.raises(FileUnreadable, match=reason):
        read_booked(text)


# Commands


def output_of(*command, **options):
    written = io.StringIO()
    call_command(*command, stdout=written, **options)
    return written.getvalue()


def test_the_commands_hand_a_register_over_and_take_its_answer_in(billing, tmp_path):
    billing.paid("100.00")
    file, copy = tmp_path / "out.csv", tmp_path / "copy.csv"
    code = billing.supplier.code

    assert output_of("send_payments", supplier=code, out=file).startswith("register 1: 1 lines, sha256 ")
    assert output_of("send_payments", supplier=code, out=copy) == "nothing to send\n"
    output_of("send_payments", supplier=code, out=copy, number=1)
    assert copy.read_bytes() == file.read_bytes()
    assert output_of("book_payments", str(file), supplier=code) == "1 booked, 0 known before, 0 lines refused\n"

    file.write_text("Номер;Лицевой счёт;Сумма\r\nкасса;1;5.00\r\n")
    with pytest.raises(SystemExit) as end:
        output_of("book_payments", str(file), supplier=code)
    assert end.value.code == 1


def test_a_supplier_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="there is no supplier"):
        output_of("send_payments", supplier="nobody", out=tmp_path / "out.csv")
