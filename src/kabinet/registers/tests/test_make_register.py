"""What has not left yet leaves to a supplier, once."""

import datetime as dt
import io
import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.payments.models import Payment
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.people.queries.staff import NotAllowed
from kabinet.registers import operations, tasks
from kabinet.registers.models import Dispatch, OutgoingRegister, SentDocument
from kabinet.registers.operations import making
from kabinet.registers.queries import leaving
from kabinet.registers.queries.dispatches import due_dispatches
from kabinet.registers.tests.outgoing import MORNING, Billing, lines_of, make_dispatch
from kabinet.registers.usecases.make_due_register import make_due_register
from kabinet.registers.usecases.make_register import PaymentsStayHere, make_register
from kabinet.suppliers.models import Supplier
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def billing(faulty_gateway):
    return Billing(faulty_gateway())


def test_a_paid_payment_leaves_with_what_a_billing_needs(billing):
    payment = billing.paid("100.00")

    register = billing.send()

    assert lines_of(register) == [
        {
            "Лицевой счёт": billing.account.number,
            "Услуга": "gas",
            "Сумма": "100,00",
            "Дата оплаты": "22.11.2026",
            "Номер операции": payment.gateway_payment_id,
            "Наш номер платежа": str(payment.public_id),
            "Вид": "оплата",
        }
    ]
    assert (register.number, register.lines_count, register.day) == (1, 1, dt.date(2026, 11, 23))
    assert Payment.objects.get().sent_at is None  # nobody has fetched the file yet


def test_each_payment_leaves_once(billing):
    billing.paid("100.00")
    first = billing.send()
    later = billing.paid("200.00")

    second = billing.send()

    assert [line["Наш номер платежа"] for line in lines_of(second)] == [str(later.public_id)]
    assert (first.number, second.number) == (1, 2)
    assert billing.send() is None


def test_what_went_back_leaves_as_a_line_below_zero(billing):
    payment = billing.paid("100.00")
    billing.send()
    billing.refund(payment, "40.00")

    [line] = lines_of(billing.send())

    assert (line["Наш номер платежа"], line["Вид"], line["Сумма"]) == (str(payment.public_id), "возврат", "-40,00")
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
    assert OutgoingRegister.objects.count() == 0


def test_a_supplier_that_is_billed_here_gets_no_register(billing):
    billing.supplier.billing = "kabinet"
    billing.supplier.save()
    billing.paid()

    with pytest.raises(PaymentsStayHere):
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
    documents_to_send = leaving.documents_to_send

    def wait_for_the_other(supplier_id):
        found = documents_to_send(supplier_id)
        try:
            met.wait(timeout=1)
        except threading.BrokenBarrierError:
            met.reset()
        return found

    monkeypatch.setattr(leaving, "documents_to_send", wait_for_the_other)


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_two_at_once_make_one_register(billing):
    billing.paid("100.00")

    made = two_at_once(billing)

    assert made.count(None) == 1
    assert OutgoingRegister.objects.count() == 1


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_without_the_lock_the_constraint_alone_stands_between_them(billing, monkeypatch):
    monkeypatch.setattr(operations, "lock_supplier", lambda supplier_id: Supplier.objects.get(pk=supplier_id))
    billing.paid("100.00")

    made = two_at_once(billing)

    assert "refused by the database" in made
    assert OutgoingRegister.objects.count() == 1


def test_staff_with_the_right_make_it_and_no_others(billing):
    billing.paid("100.00")
    accountant, support = (
        make_staff_of(billing.supplier, role="accountant"),
        make_staff_of(billing.supplier, role="support"),
    )
    stranger = make_staff_of(Billing(billing.gateway).supplier, role="accountant")

    with pytest.raises(NotAllowed):
        make_register(supplier_id=billing.supplier.id, kind="payments", actor=support, now=MORNING)
    with pytest.raises(NotFound):
        make_register(supplier_id=billing.supplier.id, kind="payments", actor=stranger, now=MORNING)
    assert not OutgoingRegister.objects.exists()
    register = make_register(supplier_id=billing.supplier.id, kind="payments", actor=accountant, now=MORNING)

    assert register.made_by == accountant


def test_what_breaks_half_way_leaves_nothing_behind(billing, monkeypatch):
    billing.paid("100.00")

    def break_down(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(making, "_write", break_down)

    with pytest.raises(ZeroDivisionError):
        billing.send()

    assert not SentDocument.objects.exists()
    assert Payment.objects.get().sent_at is None


# By its schedule


def serve_schedules(now):
    return [make_due_register(supplier_id=supplier_id, kind=kind, now=now) for supplier_id, kind in due_dispatches(now)]


def test_where_nobody_has_chosen_payments_leave_every_day(billing):
    billing.paid("100.00")

    [register] = serve_schedules(MORNING)

    assert serve_schedules(MORNING) == []
    assert (register.lines_count, register.made_by, register.state) == (1, None, "kept")
    assert Dispatch.objects.get().changed_at is None


def test_a_day_without_payments_is_served_too(billing):
    assert serve_schedules(MORNING) == [None]
    billing.paid("100.00")

    assert serve_schedules(MORNING) == []
    [register] = serve_schedules(MORNING + dt.timedelta(days=1))
    assert register.lines_count == 1


def test_after_days_of_silence_one_register_is_made(billing):
    serve_schedules(MORNING)
    billing.paid("100.00")
    billing.paid("200.00")

    made = serve_schedules(MORNING + dt.timedelta(days=5))

    assert [register.lines_count for register in made] == [2]
    assert serve_schedules(MORNING + dt.timedelta(days=5)) == []


def test_what_leaves_by_the_button_alone_is_never_due(billing):
    make_dispatch(billing.supplier, rhythm="by_hand")
    billing.paid("100.00")

    assert serve_schedules(MORNING) == []


def test_one_supplier_whose_register_breaks_does_not_stop_the_next(billing, monkeypatch):
    other = Billing(billing.gateway)
    billing.paid("100.00")
    other.paid("200.00")
    payment_lines = leaving.payment_lines

    def break_for_the_first(supplier_id, documents):
        if supplier_id == billing.supplier.id:
            raise ZeroDivisionError
        return payment_lines(supplier_id, documents)

    monkeypatch.setattr(leaving, "payment_lines", break_for_the_first)

    with pytest.raises(ExceptionGroup) as broken:
        tasks.send_registers(timestamp=0)

    assert [type(error) for error in broken.value.exceptions] == [ZeroDivisionError]
    assert OutgoingRegister.objects.get().supplier_id == other.supplier.id


# The command


def output_of(*command, **options):
    written = io.StringIO()
    call_command(*command, stdout=written, **options)
    return written.getvalue()


def test_the_command_hands_a_register_over_and_gives_an_earlier_one_again(billing, tmp_path):
    billing.paid("100.00")
    file, copy = tmp_path / "out.csv", tmp_path / "copy.csv"
    given = {"supplier": billing.supplier.code, "kind": "payments"}

    assert output_of("make_register", **given, out=file).startswith("payments 1: 1 lines, sha256 ")
    assert output_of("make_register", **given, out=copy) == "nothing to send\n"
    output_of("make_register", **given, out=copy, number=1)
    assert copy.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("given", [{"supplier": "nobody"}, {"number": 7}])
def test_a_supplier_or_a_number_that_does_not_exist_is_an_error(billing, given):
    with pytest.raises(CommandError, match="there is no supplier"):
        output_of("make_register", **{"supplier": billing.supplier.code, "kind": "payments", **given})
