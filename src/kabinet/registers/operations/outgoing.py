"""Registers that left: their locks, their delivery, and what the supplier has said of them."""

import datetime as dt
from uuid import UUID

from django.db import connection

from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound
from kabinet.outbox import operations as outbox
from kabinet.payments.operations.tracking import lock_paid, mark_booked, mark_sent
from kabinet.registers.models import OutgoingRegister, SentDocument
from kabinet.registers.models.outgoing import Way
from kabinet.registers.rules import patience


@transaction_required
def lock_outgoing(supplier_id: int, register_id: int) -> OutgoingRegister:
    """Lock a register that left, to change what is known of it. Raises NotFound."""
    rows = OutgoingRegister.objects.select_for_update(no_key=True, of=["self"])
    register = rows.filter(supplier_id=supplier_id, id=register_id).first()
    if register is None:
        raise NotFound
    return register


@transaction_required
def try_again(supplier_id: int, kind: str, *, now: dt.datetime) -> None:
    """Have registers that a server has not got tried at once: whatever stood in their way may be mended."""
    waiting = OutgoingRegister.objects.filter(
        supplier_id=supplier_id, kind=kind, way=Way.SFTP, state=OutgoingRegister.State.WAITING, next_try_at__gt=now
    )
    waiting.exclude(problem="").update(next_try_at=now)  # without a problem, a worker is sending it


@transaction_required
def book_payments_of(register: OutgoingRegister, *, now: dt.datetime) -> None:
    """Note that payments of a register are on the supplier's books; so the file has reached it, whoever carried it."""
    public_ids = _payments_of(register)
    payments = lock_paid(register.supplier_id, public_ids)
    mark_sent(register.supplier_id, public_ids, now=now)
    unbooked = [payment.public_id for payment in payments if payment.booked_at is None]
    mark_booked(register.supplier_id, unbooked, now=now)


@transaction_required
def follow_booked(supplier_id: int, *, now: dt.datetime, is_undone: bool = False) -> None:
    """Hold that a register of payments is acknowledged when the supplier's files have booked all that is in it.

    is_undone  a file has been taken back: what it acknowledged is so no longer; what a person did stays
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH known AS (
                SELECT register.id, bool_and(payment.booked_at IS NOT NULL) AS is_booked
                FROM registers_outgoingregister AS register
                JOIN registers_sentdocument AS sent
                  ON sent.supplier_id = register.supplier_id AND sent.register_id = register.id
                 AND sent.source_kind = 'payment'
                JOIN payments_payment AS payment
                  ON payment.supplier_id = sent.supplier_id AND payment.public_id = sent.source_id::uuid
                WHERE register.supplier_id = %(supplier_id)s AND register.kind = 'payments'
                  AND register.acknowledged_by_id IS NULL
                  AND (register.acknowledged_at IS NULL OR %(is_undone)s)
                GROUP BY register.id
            )
            UPDATE registers_outgoingregister AS register
            SET acknowledged_at = CASE WHEN known.is_booked THEN %(now)s::timestamptz END
            FROM known
            WHERE register.supplier_id = %(supplier_id)s AND register.id = known.id
              AND known.is_booked <> (register.acknowledged_at IS NOT NULL)
            """,
            {"supplier_id": supplier_id, "now": now, "is_undone": is_undone},
        )


@transaction_required
def ask_delivery(register: OutgoingRegister, *, now: dt.datetime) -> None:
    """Have the worker deliver a register from now on; whoever calls this saves it."""
    register.state, register.problem = OutgoingRegister.State.WAITING, ""
    register.sent_at = register.next_try_at = now
    register.tries_count, register.delivered_at = 0, None
    ask_worker(register.supplier_id, register.id)


@transaction_required
def ask_worker(supplier_id: int, register_id: int) -> None:
    """Have a register delivered; asked again while such a job waits, nothing is added."""
    outbox.defer(
        "registers.deliver_register",
        queueing_lock=f"registers.deliver_register:{supplier_id}:{register_id}",
        supplier_id=supplier_id,
        register_id=register_id,
    )


def put_off(register: OutgoingRegister, problem: str, *, now: dt.datetime) -> None:
    """Say why a register has not arrived, and when it is tried again; at last it is given up."""
    register.problem = problem[:500]
    register.next_try_at = patience.next_try_at(register.tries_count, sent_at=register.sent_at or now, now=now)
    if register.next_try_at is None:
        register.state = OutgoingRegister.State.FAILED


def give_up(register: OutgoingRegister, problem: str) -> None:
    register.state, register.problem, register.next_try_at = OutgoingRegister.State.FAILED, problem[:500], None


@transaction_required
def note_delivered(register: OutgoingRegister, *, now: dt.datetime) -> None:
    """Note that the supplier has a file, and so was told of the payments in it; whoever calls this saves the file."""
    register.state, register.problem, register.next_try_at = OutgoingRegister.State.DELIVERED, "", None
    register.delivered_at = now
    mark_sent(register.supplier_id, _payments_of(register), now=now)


def _payments_of(register: OutgoingRegister) -> list[UUID]:
    documents = SentDocument.objects.filter(
        supplier_id=register.supplier_id, register_id=register.id, source_kind="payment"
    )
    return [UUID(source_id) for source_id in documents.values_list("source_id", flat=True)]
