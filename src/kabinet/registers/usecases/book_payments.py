"""Book payments: a supplier's billing says which payments it has on its books."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.payments.operations.tracking import lock_paid, mark_booked
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.formats.payments import BookedLine, NotReadable, read_booked
from kabinet.registers.operations import outgoing


class FileUnreadable(Refusal):
    code = "booked-file-unreadable"
    field = "file"
    message = _("Файл не прочитан: %(reason)s.")


@dataclass(frozen=True)
class RefusedLine:
    """A line that was not taken, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Booking:
    """What a file has changed: how many payments are booked by it, how many had been, which lines were not taken."""

    booked_count: int
    known_count: int
    refused: Sequence[RefusedLine]


@usecase
def book_payments(*, supplier_id: int, file: BinaryIO, actor: User | None, now: dt.datetime) -> Booking:
    """Match the lines of a supplier's file to payments of ours by our number, and by nothing else.

    Nothing is counted again, whatever the file says of a sum. Lines of one payment (one for each service) are summed
    before they are compared; what went back does not count. A line that is none of ours, or of another sum, is refused
    and the others stand. A register is acknowledged when every payment in it is booked.

    file   as it was sent, or any other with its columns
    actor  None: the operator's terminal

    Raises FileUnreadable; NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.SEND_REGISTERS, supplier_id)
    try:
        lines = read_booked(file.read())
    except NotReadable as error:
        raise FileUnreadable(reason=str(error)) from error

    of_payment: dict[UUID, list[BookedLine]] = defaultdict(list)
    refused = []
    for line in lines:
        if line.public_id is None:
            refused.append(RefusedLine(line.number, str(_("это не наш платёж: номера нет в реестре"))))
        elif line.amount_rub > ZERO:
            of_payment[line.public_id].append(line)

    payments = {payment.public_id: payment for payment in lock_paid(supplier_id, list(of_payment))}
    booked, known = [], []
    for public_id, its in of_payment.items():
        payment = payments.get(public_id)
        total_rub = sum((line.amount_rub for line in its), Decimal(0))
        if payment is None:
            refused += _refuse(its, str(_("такого платежа у нас нет")))
        elif total_rub != payment.shared_rub:
            refused += _refuse(its, f"{_('сумма не та')}: {total_rub} ≠ {payment.shared_rub}")
        elif payment.booked_at is None:
            booked.append(public_id)
        else:
            known.append(public_id)
    mark_booked(supplier_id, booked, now=now)
    outgoing.follow_booked(supplier_id, now=now)
    audit.note(
        action="outgoing_register.booked",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"supplier:{supplier_id}",
        details={"booked": len(booked), "known": len(known), "refused": len(refused)},
    )
    return Booking(len(booked), len(known), sorted(refused, key=lambda line: line.number))


def _refuse(lines: Sequence[BookedLine], reason: str) -> list[RefusedLine]:
    return [RefusedLine(line.number, reason) for line in lines]
