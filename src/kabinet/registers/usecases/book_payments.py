"""Book payments: a supplier's billing says which payments it has on its books."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.money import ZERO
from kabinet.payments.operations.tracking import lock_paid, mark_booked
from kabinet.registers.formats.payments import BookedLine


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
def book_payments(*, supplier_id: int, lines: Sequence[BookedLine], now: dt.datetime) -> Booking:
    """Match lines to payments of ours by our number; nothing is counted again, whatever a file says of its sum.

    Lines of one payment (one for each service) are summed before they are compared; what went back does not count.
    A line that is none of ours, or of another sum, is refused and the others stand.
    """
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
    return Booking(len(booked), len(known), sorted(refused, key=lambda line: line.number))


def _refuse(lines: Sequence[BookedLine], reason: str) -> list[RefusedLine]:
    return [RefusedLine(line.number, reason) for line in lines]
