"""Registers that leave, as staff and commands see them: what has left, what waits, how each kind is sent."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import NotFound
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import AccountLine
from kabinet.payments.models import Payment
from kabinet.people.queries.staff import staff_name
from kabinet.registers.formats.containers.lines import FileRefused
from kabinet.registers.formats.looking import look_at
from kabinet.registers.formats.profile import ONE_C
from kabinet.registers.models import OutgoingKind, OutgoingRegister, SentDocument
from kabinet.suppliers.models import Supplier

_REFUSED_SHOWN = 50
_KINDS_OF_DOCUMENTS = {
    "payment": _("оплата"),
    "refund": _("возврат"),
    "chargeback": _("отзыв банком"),
    "suspense_allocation": _("оплата, из невыясненных"),
}
_SORTED_BY = ("number", "kind", "state", "made_at", "delivered_at", "acknowledged_at", "lines_count", "amount_rub")
_MEDIA_TYPES = {
    "csv": "text/csv",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class OutgoingRow:
    """A register that left, in a list. made_by is empty for the schedule and for the operator's terminal."""

    id: int
    supplier_id: int
    supplier_name: str
    kind: str
    kind_name: str
    number: int
    day: dt.date
    made_at: dt.datetime
    made_by: str
    container_name: str
    file_name: str
    size: int
    sha256: str
    lines_count: int
    amount_rub: Decimal | None
    way: str
    way_name: str
    state: str
    state_name: str
    tries_count: int
    next_try_at: dt.datetime | None
    problem: str
    delivered_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    acknowledged_by: str

    @property
    def is_acknowledged(self) -> bool:
        return self.acknowledged_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.state == OutgoingRegister.State.WAITING

    @property
    def is_failed(self) -> bool:
        return self.state == OutgoingRegister.State.FAILED

    @property
    def is_delivered(self) -> bool:
        return self.state == OutgoingRegister.State.DELIVERED


@dataclass(frozen=True)
class RefusedDocument:
    """Something of a register that the supplier did not take, and why, in its own words.

    account_numbers  of all accounts that it changed
    amount_rub       below zero for what went back
    """

    kind_name: str
    account_numbers: Sequence[str]
    amount_rub: Decimal
    our_number: str
    refusal: str


@dataclass(frozen=True)
class OutgoingReport:
    """A register that left, and what the supplier has said of it.

    documents_count  payments, refunds and their kin in it; 0 of other kinds
    booked_count     those of them that are on the supplier's books
    refused_count    those that it did not take
    refused          the first of those
    resent_count     those that were refused and leave in another register
    """

    register: OutgoingRow
    documents_count: int
    booked_count: int
    refused_count: int
    refused: Sequence[RefusedDocument]
    resent_count: int


@dataclass(frozen=True)
class FirstLines:
    """What stands at the beginning of a file, in columns; nothing of a file that is too large to be looked at."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def outgoing_kinds() -> list[tuple[str, str]]:
    """Give the kinds of registers that leave: code and what people call it."""
    return [(kind.value, str(kind.label)) for kind in OutgoingKind]


def outgoing_states() -> list[tuple[str, str]]:
    return [(state.value, str(state.label)) for state in OutgoingRegister.State]


def supplier_by_code(code: str) -> Supplier:
    """Find a supplier for a command. Raises NotFound."""
    supplier = Supplier.objects.filter(code=code).first()
    if supplier is None:
        raise NotFound
    return supplier


def registers_out(
    supplier_ids: Sequence[int] | None,
    *,
    kind: str = "",
    state: str = "",
    made_from: dt.date | None = None,
    made_until: dt.date | None = None,
    order_by: str = "-made_at",
    limit: int = 50,
    offset: int = 0,
) -> list[OutgoingRow]:
    """List registers that left to suppliers; None: to every one. order_by: a column of the list, with - downwards.

    state                  `acknowledged`, `unacknowledged`, or where one is that has yet to be confirmed
    made_from, made_until  the first and the last day, by the supplier's calendar
    """
    if order_by.removeprefix("-") not in _SORTED_BY:
        order_by = "-made_at"
    rows = _registers(supplier_ids, kind, state, made_from, made_until)
    rows = rows.select_related("supplier", "made_by", "acknowledged_by")
    return [_row(register) for register in rows.order_by(order_by, "-id")[offset : offset + limit]]


def registers_out_count(
    supplier_ids: Sequence[int] | None, *, kind: str = "", state: str = "", made_until: dt.date | None = None
) -> int:
    """Count what `registers_out` lists."""
    return _registers(supplier_ids, kind, state, None, made_until).count()


def outgoing_report(supplier_id: int, register_id: int) -> OutgoingReport:
    """Give a register that left. Raises NotFound."""
    register = outgoing_row(supplier_id, register_id)
    if register.kind != OutgoingKind.PAYMENTS:
        return OutgoingReport(_row(register), 0, 0, 0, [], 0)
    told = register.documents.filter(supplier_id=supplier_id)
    current = told.filter(released_at__isnull=True)
    public_ids = current.filter(source_kind="payment").values_list("source_id", flat=True)
    booked = Payment.objects.filter(supplier_id=supplier_id, public_id__in=list(public_ids), booked_at__isnull=False)
    refused = current.filter(refused_at__isnull=False)
    return OutgoingReport(
        _row(register),
        documents_count=current.count(),
        booked_count=booked.count() + current.filter(acknowledged_at__isnull=False).count(),
        refused_count=refused.count(),
        refused=_refused(supplier_id, list(refused.order_by("id")[:_REFUSED_SHOWN])),
        resent_count=told.filter(released_at__isnull=False).count(),
    )


def _refused(supplier_id: int, documents: Sequence[SentDocument]) -> list[RefusedDocument]:
    """Give refused documents with what they changed, as the ledger has it."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        by_kind[document.source_kind].append(document.source_id)
    lines: dict[tuple[str, str], list[AccountLine]] = defaultdict(list)
    for source_kind, source_ids in by_kind.items():
        for line in ledger.account_lines(supplier_id, source_kind, source_ids):
            lines[line.source_kind, line.source_id].append(line)
    found = []
    for document in documents:
        its = lines[document.source_kind, document.source_id]
        found.append(
            RefusedDocument(
                kind_name=str(_KINDS_OF_DOCUMENTS[document.source_kind]),
                account_numbers=sorted({line.account_number for line in its}),
                amount_rub=sum((line.amount_rub for line in its), Decimal(0)),
                our_number=str(document.our_number or document.source_id),
                refusal=document.refusal,
            )
        )
    return found


def file_of_outgoing(supplier_id: int, register_id: int) -> tuple[Path, str]:
    """Tell where the file of a register is stored, and under which name it leaves. Raises NotFound."""
    register = outgoing_row(supplier_id, register_id)
    return register.path, register.file_name


def first_lines_of(supplier_id: int, register_id: int) -> FirstLines:
    """Give the first lines of a register as they left. Raises NotFound."""
    try:
        look = look_at(outgoing_row(supplier_id, register_id).path)
    except FileRefused:
        return FirstLines([], [])
    if look.container != ONE_C:
        return FirstLines(look.headings, [cells for _line_no, cells in look.lines[1:]])
    rows = [cells for _line_no, cells in look.lines]
    filled = [place for place in range(len(look.headings)) if any(cells[place] for cells in rows)]
    return FirstLines(
        [look.headings[place] for place in filled], [[cells[place] for place in filled] for cells in rows]
    )


def media_type_of(file_name: str) -> str:
    """Tell what a file that leaves is, for those who hand it over."""
    return _MEDIA_TYPES[file_name.rpartition(".")[2]]


def outgoing_by_number(supplier_id: int, kind: str, number: int) -> OutgoingRegister:
    """Give a register as it left. Raises NotFound."""
    register = OutgoingRegister.objects.filter(supplier_id=supplier_id, kind=kind, number=number).first()
    if register is None:
        raise NotFound
    return register


def next_number_out(supplier_id: int, kind: str) -> int:
    rows = OutgoingRegister.objects.filter(supplier_id=supplier_id, kind=kind)
    return (rows.aggregate(newest=Max("number"))["newest"] or 0) + 1


def to_deliver(now: dt.datetime) -> list[tuple[int, int]]:
    """Name the registers whose moment to be delivered has come: supplier and register."""
    rows = OutgoingRegister.objects.filter(state=OutgoingRegister.State.WAITING, next_try_at__lte=now)
    return list(rows.order_by("next_try_at", "id").values_list("supplier_id", "id"))


def outgoing_row(supplier_id: int, register_id: int) -> OutgoingRegister:
    """Give the row of a register. Raises NotFound."""
    rows = OutgoingRegister.objects.select_related("supplier", "made_by", "acknowledged_by")
    register = rows.filter(supplier_id=supplier_id, id=register_id).first()
    if register is None:
        raise NotFound
    return register


def _registers(
    supplier_ids: Sequence[int] | None, kind: str, state: str, made_from: dt.date | None, made_until: dt.date | None
) -> QuerySet[OutgoingRegister]:
    rows = OutgoingRegister.objects.all()
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=supplier_ids)
    if kind:
        rows = rows.filter(kind=kind)
    if state in ("acknowledged", "unacknowledged"):
        rows = rows.filter(acknowledged_at__isnull=state == "unacknowledged")
    elif state:
        rows = rows.filter(state=state, acknowledged_at__isnull=True)
    if made_from:
        rows = rows.filter(day__gte=made_from)
    if made_until:
        rows = rows.filter(day__lte=made_until)
    return rows


def _row(register: OutgoingRegister) -> OutgoingRow:
    return OutgoingRow(
        id=register.id,
        supplier_id=register.supplier_id,
        supplier_name=register.supplier.name,
        kind=register.kind,
        kind_name=str(register.get_kind_display()),
        number=register.number,
        day=register.day,
        made_at=register.made_at,
        made_by=staff_name(register.made_by),
        container_name=str(register.get_container_display()),
        file_name=register.file_name,
        size=register.size,
        sha256=register.sha256,
        lines_count=register.lines_count,
        amount_rub=register.amount_rub,
        way=register.way,
        way_name=str(register.get_way_display()),
        state=register.state,
        state_name=str(register.get_state_display()),
        tries_count=register.tries_count,
        next_try_at=register.next_try_at,
        problem=register.problem,
        delivered_at=register.delivered_at,
        acknowledged_at=register.acknowledged_at,
        acknowledged_by=staff_name(register.acknowledged_by),
    )
