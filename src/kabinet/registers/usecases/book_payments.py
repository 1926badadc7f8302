"""Book payments: a supplier's billing says which lines of ours it has on its books, and which it refuses."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.ledger import queries as ledger
from kabinet.payments.operations.tracking import lock_paid, mark_booked
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.formats.payments import BookedLine, NotReadable, read_booked
from kabinet.registers.operations import lock_supplier, outgoing
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard


class FileUnreadable(Refusal):
    code = "booked-file-unreadable"
    field = "file"
    message = gettext_lazy("Файл не прочитан: %(reason)s.")


@dataclass(frozen=True)
class RefusedLine:
    """A line that was not taken, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Booking:
    """What a file has changed.

    booked_count, known_count  payments, refunds and their kin that are booked by it, and that had been
    denied_count               those that the supplier does not take
    refused                    lines that we have not taken, and why
    """

    booked_count: int
    known_count: int
    denied_count: int
    refused: Sequence[RefusedLine]


@dataclass(frozen=True)
class _Told:
    """A document of ours that lines of the file name. sent_id: None for a payment, whose own row says what is known."""

    source_kind: str
    source_id: str
    public_id: UUID
    sent_id: int | None
    is_known: bool


class _NotTaken(Exception):
    """Lines of one document cannot be taken; the text says why."""


@usecase
def book_payments(*, supplier_id: int, file: BinaryIO, actor: User | None, now: dt.datetime) -> Booking:
    """Match the lines of a supplier's file to what has left to it, by our number, and by nothing else.

    Nothing is counted again, whatever the file says of a sum. Lines of one payment (one for each service) are summed
    for each account before they are compared with what has left; a refund is known by the number of its operation. A
    line that is none of ours, of another sum or of another account is refused and the others stand. A line with a
    reason why the supplier does not take it stays unbooked, and is shown with its register. A register is acknowledged
    when everything in it is booked.

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
    lock_supplier(supplier_id)
    groups, refused = _grouped(supplier_id, lines)
    has_left = _sums_that_left(supplier_id, list(groups))
    supplier = suppliers.supplier_card(supplier_id)

    booked: list[_Told] = []
    known_count = denied_count = 0
    for told, its in groups.items():
        refusals = list(dict.fromkeys(line.refusal for line in its if line.refusal))
        try:
            _check_as_left(its, has_left[told], supplier)
            if refusals:
                _deny(supplier_id, told, "; ".join(refusals), now=now)
                denied_count += 1
            elif told.is_known:
                known_count += 1
            else:
                booked.append(told)
        except _NotTaken as reason:
            refused += [RefusedLine(line.number, str(reason)) for line in its]
    mark_booked(supplier_id, [told.public_id for told in booked if told.sent_id is None], now=now)
    outgoing.note_acknowledged(supplier_id, [told.sent_id for told in booked if told.sent_id is not None], now=now)
    outgoing.follow_booked(supplier_id, now=now)
    audit.note(
        action="outgoing_register.booked",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"supplier:{supplier_id}",
        details={"booked": len(booked), "known": known_count, "denied": denied_count, "refused": len(refused)},
    )
    return Booking(len(booked), known_count, denied_count, sorted(refused, key=lambda line: line.number))


def _grouped(supplier_id: int, lines: Sequence[BookedLine]) -> tuple[dict[_Told, list[BookedLine]], list[RefusedLine]]:
    """Put the lines of each document together, and refuse those that name none; what they name is locked."""
    numbers = list({line.public_id for line in lines if line.public_id is not None})
    payments = {
        payment.public_id: _Told(
            "payment", str(payment.public_id), payment.public_id, None, payment.booked_at is not None
        )
        for payment in lock_paid(supplier_id, numbers)
    }
    others: dict[UUID, dict[str, _Told]] = defaultdict(dict)
    for sent in outgoing.lock_others(supplier_id, numbers):
        if sent.our_number is not None:
            others[sent.our_number][sent.operation_id] = _Told(
                sent.source_kind, sent.source_id, sent.our_number, sent.id, sent.acknowledged_at is not None
            )
    groups: dict[_Told, list[BookedLine]] = defaultdict(list)
    refused = []
    for line in lines:
        try:
            groups[_named_by(line, payments, others)].append(line)
        except _NotTaken as reason:
            refused.append(RefusedLine(line.number, str(reason)))
    return groups, refused


def _named_by(line: BookedLine, payments: Mapping[UUID, _Told], others: Mapping[UUID, Mapping[str, _Told]]) -> _Told:
    """Give the document that a line is of. Raises _NotTaken."""
    if line.public_id is None:
        raise _NotTaken(_("это не наш платёж: номера нет в реестре"))
    went_back = others.get(line.public_id, {})
    if line.operation_id in went_back:
        return went_back[line.operation_id]
    payment = payments.get(line.public_id)
    if line.amount_rub > ZERO and payment is not None:
        return payment
    if went_back and not line.operation_id:
        if len(went_back) == 1:
            return next(iter(went_back.values()))
        raise _NotTaken(_("у этого платежа несколько возвратов: нужен «Номер операции»"))
    if payment is not None:
        raise _NotTaken(_("такого возврата мы не передавали"))
    raise _NotTaken(_("такого платежа у нас нет"))


def _sums_that_left(supplier_id: int, named: Sequence[_Told]) -> dict[_Told, dict[str, Decimal]]:
    """Give what documents have changed, by the number of each account."""
    by_kind: dict[str, dict[str, _Told]] = defaultdict(dict)
    for told in named:
        by_kind[told.source_kind][told.source_id] = told
    sums: dict[_Told, dict[str, Decimal]] = {told: defaultdict(Decimal) for told in named}
    for source_kind, known in by_kind.items():
        for line in ledger.account_lines(supplier_id, source_kind, list(known)):
            sums[known[line.source_id]][line.account_number] += line.amount_rub
    return sums


def _check_as_left(lines: Sequence[BookedLine], has_left: Mapping[str, Decimal], supplier: SupplierCard) -> None:
    """Compare lines of a document with what has left of it: the same accounts, and of each the same sum."""
    said: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        said[supplier.number_normalised(line.account_number)] += line.amount_rub
    if others := sorted(said.keys() - has_left.keys()):
        raise _NotTaken(
            _("оплата другого лицевого счёта: %(ours)s, а в файле %(said)s")
            % {"ours": ", ".join(sorted(has_left)), "said": ", ".join(others)}
        )
    if said != has_left:
        total_rub, left_rub = sum(said.values(), ZERO), sum(has_left.values(), ZERO)
        if total_rub == left_rub:
            raise _NotTaken(_("суммы между лицевыми счетами разделены иначе, чем мы передали"))
        raise _NotTaken(f"{_('сумма не та')}: {total_rub} ≠ {left_rub}")


def _deny(supplier_id: int, told: _Told, refusal: str, *, now: dt.datetime) -> None:
    """Keep why the supplier does not take a document. Raises _NotTaken."""
    if told.is_known:
        raise _NotTaken(_("поставщик уже учёл её раньше, а теперь не принимает: разберитесь с ним"))
    if not outgoing.note_refused(supplier_id, told.source_kind, told.source_id, refusal, now=now):
        raise _NotTaken(_("она ещё не передавалась поставщику"))
