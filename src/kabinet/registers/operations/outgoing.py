"""Registers that left: their locks, their delivery, and what the supplier has said of them."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound
from kabinet.outbox import operations as outbox
from kabinet.payments.operations.tracking import lock_paid, mark_booked, mark_sent, mark_unsent
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
    """Note that what a register tells of is on the supplier's books, but for the lines that the supplier has refused.

    So the file has reached it, whoever carried it.
    """
    told = _told_in(register)
    payments = lock_paid(register.supplier_id, _payments_of(register))
    mark_sent(register.supplier_id, [payment.public_id for payment in payments], now=now)
    refused = set(told.filter(source_kind="payment", refused_at__isnull=False).values_list("source_id", flat=True))
    unbooked = [each.public_id for each in payments if each.booked_at is None and str(each.public_id) not in refused]
    mark_booked(register.supplier_id, unbooked, now=now)
    others = told.filter(our_number__isnull=False, acknowledged_at__isnull=True, refused_at__isnull=True)
    others.update(acknowledged_at=now)


@transaction_required
def has_refused_lines(register: OutgoingRegister) -> bool:
    """Tell whether the supplier has refused something of a register that has not been let go yet."""
    return _told_in(register).filter(refused_at__isnull=False).exists()


@transaction_required
def release_refused(register: OutgoingRegister, *, now: dt.datetime) -> int:
    """Let what the supplier has refused of a register leave again in the next one; tell how many documents."""
    refused = _told_in(register).filter(refused_at__isnull=False)
    public_ids = [
        UUID(source_id) for source_id in refused.filter(source_kind="payment").values_list("source_id", flat=True)
    ]
    lock_paid(register.supplier_id, public_ids)
    mark_unsent(register.supplier_id, public_ids)
    return refused.update(released_at=now)


@transaction_required
def lock_others(supplier_id: int, our_numbers: Sequence[UUID]) -> list[SentDocument]:
    """Lock what has left and is no payment, by the numbers that its lines have, in the order of their ids."""
    rows = SentDocument.objects.select_for_update(of=["self"], no_key=True)
    found = rows.filter(supplier_id=supplier_id, our_number__in=our_numbers, released_at__isnull=True)
    return list(found.order_by("id"))


@transaction_required
def note_acknowledged(supplier_id: int, ids: Sequence[int], *, now: dt.datetime) -> None:
    """Note that locked documents, which are no payments, are on the supplier's books."""
    SentDocument.objects.filter(supplier_id=supplier_id, id__in=ids).update(
        acknowledged_at=now, refused_at=None, refusal=""
    )


@transaction_required
def note_refused(supplier_id: int, source_kind: str, source_id: str, refusal: str, *, now: dt.datetime) -> bool:
    """Note why the supplier does not take a document that has left; False for one that is in no register."""
    told = SentDocument.objects.filter(supplier_id=supplier_id, released_at__isnull=True)
    told = told.filter(source_kind=source_kind, source_id=source_id, acknowledged_at__isnull=True)
    return bool(told.update(refused_at=now, refusal=refusal[:250]))


@transaction_required
def follow_booked(supplier_id: int, *, now: dt.datetime, is_undone: bool = False) -> None:
    """Hold that a register of payments is acknowledged when each of its lines is on the supplier's books.

    A line that was refused stands in the way until it is let go and leaves again in another register.

    is_undone  a file has been taken back: what it acknowledged is so no longer; what a person did stays
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE registers_sentdocument AS sent SET refused_at = NULL, refusal = ''
            FROM payments_payment AS payment
            WHERE sent.supplier_id = %(supplier_id)s AND sent.refused_at IS NOT NULL AND sent.released_at IS NULL
              AND sent.source_kind = 'payment' AND payment.supplier_id = sent.supplier_id
              AND payment.public_id = sent.source_id::uuid AND payment.booked_at IS NOT NULL
            """,  # a supplier that refused a payment first has booked it after all
            {"supplier_id": supplier_id},
        )
        cursor.execute(
            """
            WITH known AS (
                SELECT register.id,
                       bool_and(
                           sent.released_at IS NOT NULL OR sent.acknowledged_at IS NOT NULL
                           OR payment.booked_at IS NOT NULL
                       ) AS is_booked
                FROM registers_outgoingregister AS register
                JOIN registers_sentdocument AS sent
                  ON sent.supplier_id = register.supplier_id AND sent.register_id = register.id
                LEFT JOIN payments_payment AS payment
                  ON payment.supplier_id = sent.supplier_id
                 AND payment.public_id = CASE sent.source_kind WHEN 'payment' THEN sent.source_id::uuid END
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


def _told_in(register: OutgoingRegister) -> QuerySet[SentDocument]:
    """Give what a register tells of, without what was refused and leaves in another one."""
    return SentDocument.objects.filter(
        supplier_id=register.supplier_id, register_id=register.id, released_at__isnull=True
    )


def _payments_of(register: OutgoingRegister) -> list[UUID]:
    documents = _told_in(register).filter(source_kind="payment")
    return [UUID(source_id) for source_id in documents.values_list("source_id", flat=True)]
