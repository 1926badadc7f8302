"""Registers that leave, as staff and commands see them: what has left, what waits, how each kind is sent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from kabinet.common.days import day_start
from kabinet.common.errors import NotFound
from kabinet.payments.models import Payment
from kabinet.registers.formats.containers.lines import FileRefused
from kabinet.registers.formats.looking import look_at
from kabinet.registers.formats.profile import ONE_C
from kabinet.registers.models import Dispatch, OutgoingKind, OutgoingRegister
from kabinet.registers.models.outgoing import Container, Encoding, Way
from kabinet.registers.queries import leaving
from kabinet.registers.rules import rhythm
from kabinet.suppliers.models import Supplier

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
class OutgoingReport:
    """A register that left, and what the supplier has said of it.

    payments_count, booked_count  payments in it, and those of them that are on the supplier's books; 0 of other kinds
    """

    register: OutgoingRow
    payments_count: int
    booked_count: int


@dataclass(frozen=True)
class FirstLines:
    """What stands at the beginning of a file, in columns; nothing of a file that is too large to be looked at."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class DispatchCard:
    """How files of a kind leave, or would leave if somebody pressed the button: `is_set` tells whether staff chose.

    has_secret            a password or a key is kept
    fingerprint           of the server that is recognised; empty: none is
    offered_fingerprint   of the server that was asked last and waits to be recognised
    next_due_on           the day for which the schedule makes the next file; None: by the button only
    last_register         the newest register of the kind; None when nothing has left
    """

    supplier_id: int
    supplier_name: str
    kind: str
    kind_name: str
    is_set: bool
    container: str
    container_name: str
    encoding: str
    encoding_name: str
    rhythm: str
    rhythm_name: str
    weekday: int
    month_day: int
    hour: int
    since: dt.date | None
    contacts_basis: str
    way: str
    way_name: str
    host: str
    port: int
    user_name: str
    folder: str
    has_secret: bool
    fingerprint: str
    offered_fingerprint: str
    email: str
    changed_by: str
    changed_at: dt.datetime | None
    last_register: OutgoingRow | None

    @property
    def needs_host_key(self) -> bool:
        """Whether nothing is sent until somebody recognises the server."""
        return self.way == Way.SFTP and not self.fingerprint


def outgoing_kinds() -> list[tuple[str, str]]:
    """Give the kinds of registers that leave: code and what people call it."""
    return [(kind.value, str(kind.label)) for kind in OutgoingKind]


def outgoing_states() -> list[tuple[str, str]]:
    return [(state.value, str(state.label)) for state in OutgoingRegister.State]


def containers_of(kind: str) -> list[tuple[str, str]]:
    """Give the shapes in which files of a kind may leave."""
    is_payments = kind == OutgoingKind.PAYMENTS
    return [(shape.value, str(shape.label)) for shape in Container if is_payments or shape != Container.ONE_C]


def encodings() -> list[tuple[str, str]]:
    return [(encoding.value, str(encoding.label)) for encoding in Encoding]


def rhythms() -> list[tuple[str, str]]:
    return [(each.value, str(each.label)) for each in Dispatch.Rhythm]


def ways_of(kind: str) -> list[tuple[str, str]]:
    """Give the ways in which files of a kind may leave: people's contacts do not go by letter."""
    return [(way.value, str(way.label)) for way in Way if way != Way.EMAIL or not has_contacts(kind)]


def needs_basis(supplier_id: int, kind: str) -> bool:
    """Tell whether files of a kind wait for a document by which people's contacts may be told."""
    return kind == OutgoingKind.CONTACTS and not dispatch_row(supplier_id, kind).contacts_basis


def has_contacts(kind: str) -> bool:
    """Tell whether files of a kind may hold e-mails and phones of people."""
    return kind in (OutgoingKind.ATTACHMENTS, OutgoingKind.CONTACTS)


def supplier_by_code(code: str) -> Supplier:
    """Find a supplier for a command. Raises NotFound."""
    supplier = Supplier.objects.filter(code=code).first()
    if supplier is None:
        raise NotFound
    return supplier


def kinds_for(supplier: Supplier) -> list[str]:
    """Name the kinds that a supplier can get: no payments where bills are made here."""
    is_billed_here = supplier.billing == Supplier.Billing.KABINET
    return [kind.value for kind in OutgoingKind if not (is_billed_here and kind == OutgoingKind.PAYMENTS)]


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
    payments = booked = 0
    if register.kind == OutgoingKind.PAYMENTS:
        public_ids = register.documents.filter(supplier_id=supplier_id, source_kind="payment").values_list(
            "source_id", flat=True
        )
        found = Payment.objects.filter(supplier_id=supplier_id, public_id__in=list(public_ids))
        counted = found.aggregate(payments=Count("id"), booked=Count("id", filter=Q(booked_at__isnull=False)))
        payments, booked = counted["payments"], counted["booked"]
    return OutgoingReport(_row(register), payments, booked)


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


def waiting_to_leave_count(supplier_id: int, kind: str) -> int:
    """Count what the next file of a kind would hold: documents for payments, lines for other kinds."""
    if kind == OutgoingKind.PAYMENTS:
        return len(leaving.documents_to_send(supplier_id))
    since = moment_since(dispatch_row(supplier_id, kind))
    if kind == OutgoingKind.READINGS:
        return leaving.readings_to_send_count(supplier_id, since=since)
    if kind == OutgoingKind.ATTACHMENTS:
        return len(leaving.holdings_to_tell(supplier_id, since=since))
    return len(leaving.contacts_to_tell(supplier_id))


def dispatches_of(supplier_id: int) -> list[DispatchCard]:
    """Give how each kind that a supplier can get leaves."""
    supplier = Supplier.objects.get(pk=supplier_id)
    return [dispatch_card(supplier_id, kind) for kind in kinds_for(supplier)]


def dispatch_card(supplier_id: int, kind: str) -> DispatchCard:
    """Give how files of a kind leave. Raises NotFound for a kind that this supplier does not get."""
    supplier = Supplier.objects.filter(pk=supplier_id).first()
    if supplier is None or kind not in kinds_for(supplier):
        raise NotFound
    row = dispatch_row(supplier_id, kind)
    newest = registers_out([supplier_id], kind=kind, order_by="-number", limit=1)
    return DispatchCard(
        supplier_id=supplier_id,
        supplier_name=supplier.name,
        kind=kind,
        kind_name=str(OutgoingKind(kind).label),
        is_set=row.changed_at is not None,
        container=row.container,
        container_name=str(row.get_container_display()),
        encoding=row.encoding,
        encoding_name=str(row.get_encoding_display()),
        rhythm=row.rhythm,
        rhythm_name=str(row.get_rhythm_display()),
        weekday=row.weekday,
        month_day=row.month_day,
        hour=row.hour,
        since=row.since,
        contacts_basis=row.contacts_basis,
        way=row.way,
        way_name=str(row.get_way_display()),
        host=row.host,
        port=row.port,
        user_name=row.user_name,
        folder=row.folder,
        has_secret=bool(row.sealed_secret),
        fingerprint=row.fingerprint,
        offered_fingerprint=row.offered_fingerprint,
        email=row.email,
        changed_by=row.changed_by.email if row.changed_by else "",
        changed_at=row.changed_at,
        last_register=newest[0] if newest else None,
    )


def dispatch_row(supplier_id: int, kind: str) -> Dispatch:
    """Give how files of a kind leave; where staff have not chosen, a row that is not stored.

    Files are CSV and kept for download then; those of payments are made every day, so that no money is forgotten.
    """
    found = Dispatch.objects.select_related("supplier", "changed_by").filter(supplier_id=supplier_id, kind=kind).first()
    rhythm_unset = Dispatch.Rhythm.DAILY if kind == OutgoingKind.PAYMENTS else Dispatch.Rhythm.BY_HAND
    return found or Dispatch(supplier_id=supplier_id, kind=kind, rhythm=rhythm_unset)


def moment_since(dispatch: Dispatch) -> dt.datetime | None:
    """Give the moment from which things leave; None: all do."""
    return day_start(dispatch.since, dispatch.supplier.time_zone) if dispatch.since else None


def due_dispatches(now: dt.datetime) -> list[tuple[int, str]]:
    """Name the supplier and the kind of each schedule whose day has come and has not been served."""
    rows = list(Dispatch.objects.select_related("supplier").order_by("id"))
    chosen = [row.supplier_id for row in rows if row.kind == OutgoingKind.PAYMENTS]
    unset = Supplier.objects.filter(billing=Supplier.Billing.EXTERNAL).exclude(id__in=chosen).order_by("id")
    rows += [dispatch_row(supplier.pk, OutgoingKind.PAYMENTS) for supplier in unset]
    return [(row.supplier_id, row.kind) for row in rows if is_due(row, now)]


def is_due(dispatch: Dispatch, now: dt.datetime) -> bool:
    due_on = due_on_by(dispatch, now)
    return due_on is not None and (dispatch.last_due_on is None or dispatch.last_due_on < due_on)


def due_on_by(dispatch: Dispatch, now: dt.datetime) -> dt.date | None:
    """Give the last day of a schedule that has come by a moment; None for what leaves by the button only."""
    return rhythm.last_due_on(
        dispatch.rhythm,
        weekday=dispatch.weekday,
        month_day=dispatch.month_day,
        hour=dispatch.hour,
        local_now=now.astimezone(ZoneInfo(dispatch.supplier.time_zone)),
    )


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
        made_by=register.made_by.email if register.made_by else "",
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
        acknowledged_by=register.acknowledged_by.email if register.acknowledged_by else "",
    )
