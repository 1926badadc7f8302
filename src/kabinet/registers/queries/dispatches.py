"""How each kind of register leaves to a supplier, what waits for the next one, and when it is due."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kabinet.common.days import day_start
from kabinet.common.errors import NotFound
from kabinet.people.queries.staff import staff_name
from kabinet.registers.models import Dispatch, OutgoingKind
from kabinet.registers.models.outgoing import Container, Encoding, Way
from kabinet.registers.queries import leaving
from kabinet.registers.queries.outgoing import OutgoingRow, registers_out
from kabinet.registers.rules import rhythm
from kabinet.suppliers.models import Supplier


@dataclass(frozen=True)
class DispatchCard:
    """How files of a kind leave, or would leave if somebody pressed the button: `is_set` tells whether staff chose.

    has_secret            a password or a key is kept
    fingerprint           of the server that is recognised; empty: none is
    offered_fingerprint   of the server that was asked last and waits to be recognised
    asked_by              who waits for the next file, which is being made; empty: nobody has asked, or they are gone
    problem               why the last one that was asked for by the button could not be made
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
    is_being_made: bool
    asked_by: str
    problem: str
    last_register: OutgoingRow | None

    @property
    def needs_host_key(self) -> bool:
        """Whether nothing is sent until somebody recognises the server."""
        return self.way == Way.SFTP and not self.fingerprint


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


def kinds_for(supplier: Supplier) -> list[str]:
    """Name the kinds that a supplier can get: no payments where bills are made here."""
    is_billed_here = supplier.billing == Supplier.Billing.KABINET
    return [kind.value for kind in OutgoingKind if not (is_billed_here and kind == OutgoingKind.PAYMENTS)]


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
        changed_by=staff_name(row.changed_by),
        changed_at=row.changed_at,
        is_being_made=row.asked_at is not None,
        asked_by=staff_name(row.asked_by) if row.asked_at else "",
        problem=row.problem,
        last_register=newest[0] if newest else None,
    )


def dispatch_row(supplier_id: int, kind: str) -> Dispatch:
    """Give how files of a kind leave; where staff have not chosen, a row that is not stored.

    Files are CSV and kept for download then; those of payments are made every day, so that no money is forgotten.
    """
    rows = Dispatch.objects.select_related("supplier", "changed_by", "asked_by")
    found = rows.filter(supplier_id=supplier_id, kind=kind).first()
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


def asked_dispatches() -> list[tuple[int, str]]:
    """Name the supplier and the kind of each file that somebody has asked for by the button and waits for."""
    asked = Dispatch.objects.filter(asked_at__isnull=False)
    return list(asked.order_by("asked_at", "id").values_list("supplier_id", "kind"))


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
