"""Make a register for a supplier: take what has not left, write it down as it leaves."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from decimal import Decimal
from typing import IO
from zoneinfo import ZoneInfo

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.accounts.models import AccountAccess
from kabinet.common.days import local_day
from kabinet.common.db import transaction_required, without_time_limit
from kabinet.common.errors import Refusal
from kabinet.common.tables import csv_file, xlsx_file
from kabinet.people.models import User
from kabinet.registers.formats.out import tables
from kabinet.registers.formats.out.lines import HolderLine, PaymentLine
from kabinet.registers.formats.out.one_c import Requisites, statement_file
from kabinet.registers.models import Dispatch, OutgoingKind, OutgoingRegister, SentDocument, ToldHolder
from kabinet.registers.models.outgoing import Container, Way
from kabinet.registers.operations.outgoing import ask_delivery
from kabinet.registers.queries import leaving
from kabinet.registers.queries.dispatches import dispatch_row, moment_since
from kabinet.registers.queries.outgoing import next_number_out
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.models import Supplier

_CHUNK = 1024 * 1024
_EXTENSIONS = {Container.CSV: "csv", Container.XLSX: "xlsx", Container.ONE_C: "txt"}


class BankDetailsMissing(Refusal):
    code = "register-bank-details-missing"
    message = gettext_lazy(
        "В файле 1С нужен расчётный счёт поставщика, а реквизитов ещё нет. Добавьте их в настройках."
    )


@dataclasses.dataclass(frozen=True)
class _Taken:
    """What leaves in one register. payments: only where that is what leaves."""

    table: tables.Table
    lines_count: int
    amount_rub: Decimal | None = None
    payments: tuple[PaymentLine, ...] = ()


@transaction_required
def make(supplier: Supplier, kind: str, *, made_by: User | None, now: dt.datetime) -> OutgoingRegister | None:
    """Put into one file whatever has not left yet, and have it delivered; None when there is nothing.

    supplier  locked: of two at once the second finds nothing left

    Raises BankDetailsMissing.
    """
    dispatch = dispatch_row(supplier.pk, kind)
    register = OutgoingRegister(
        id=_next_id(),
        supplier=supplier,
        kind=kind,
        number=next_number_out(supplier.pk, kind),
        day=local_day(now, supplier.time_zone),
        made_at=now,
        made_by=made_by,
        container=dispatch.container,
        way=dispatch.way,
    )
    # Programs read these words: they do not change with whoever presses the button. After a window closes there may be
    # hundreds of thousands of readings.
    with translation.override("ru"), without_time_limit():
        taken = _TAKE[OutgoingKind(kind)](register, dispatch, now)
        if taken is None:
            return None
        file = _write(register, dispatch, taken)
    register.lines_count, register.amount_rub = taken.lines_count, taken.amount_rub
    extension = _EXTENSIONS[Container(dispatch.container)]
    register.file_name = f"{supplier.code}_{kind}_{register.number:05}_{register.day:%Y%m%d}.{extension}"
    register.size, register.sha256 = _measured(file)
    register.stored_as = default_storage.save(f"supplier/{supplier.pk}/registers/out/{uuid.uuid4()}", File(file))
    if dispatch.way == Way.DOWNLOAD:
        register.state = OutgoingRegister.State.KEPT
    else:
        ask_delivery(register, now=now)
    register.save(force_insert=True)
    return register


def _take_payments(register: OutgoingRegister, dispatch: Dispatch, now: dt.datetime) -> _Taken | None:
    documents = leaving.documents_to_send(register.supplier_id)
    if not documents:
        return None
    lines = leaving.payment_lines(register.supplier_id, documents)
    SentDocument.objects.bulk_create(
        SentDocument(
            supplier_id=register.supplier_id,
            register_id=register.id,
            source_kind=document.source_kind,
            source_id=document.source_id,
            our_number=None if document.source_kind == "payment" else document.public_id,
            operation_id="" if document.source_kind == "payment" else document.operation_id,
        )
        for document in documents
    )
    return _Taken(
        tables.payments_table(lines),
        lines_count=len(lines),
        amount_rub=sum((line.amount_rub for line in lines), Decimal(0)),
        payments=tuple(lines),
    )


def _take_readings(register: OutgoingRegister, dispatch: Dispatch, now: dt.datetime) -> _Taken | None:
    """Take readings by one statement: there may be hundreds of thousands of them after a window closes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO registers_sentdocument (supplier_id, register_id, source_kind, source_id)
            SELECT %(supplier_id)s, %(register_id)s, source_kind, source_id
            FROM ({leaving.READINGS_TO_SEND}) AS taken
            """,  # noqa: S608  # a constant of ours
            {
                "supplier_id": register.supplier_id,
                "register_id": register.id,
                "since": moment_since(dispatch),
                "most": leaving.MOST_IN_A_FILE,
            },
        )
        taken_count = cursor.rowcount
    if not taken_count:
        return None
    zone = ZoneInfo(register.supplier.time_zone)
    lines = leaving.reading_lines(register.supplier_id, register.id, zone=zone)
    return _Taken(tables.readings_table(lines), lines_count=taken_count)


def _take_attachments(register: OutgoingRegister, dispatch: Dispatch, now: dt.datetime) -> _Taken | None:
    """Tell of accounts that came into cabinets and left them, with contacts where the supplier may know them."""
    holdings = leaving.holdings_to_tell(register.supplier_id, since=moment_since(dispatch))
    told = _tell(register.supplier_id, holdings, level=True, contact=bool(dispatch.contacts_basis))
    lines = [_holder_line(holding, told_id, _event(holding), register) for holding, told_id in told]
    if not dispatch.contacts_basis:
        lines = [_without_contacts(line) for line in lines]
    return _Taken(tables.attachments_table(lines), lines_count=len(lines)) if lines else None


def _take_contacts(register: OutgoingRegister, dispatch: Dispatch, now: dt.datetime) -> _Taken | None:
    """Tell of contacts that are new or changed, and of those that the supplier is to use no longer."""
    holdings = leaving.contacts_to_tell(register.supplier_id)
    told = _tell(register.supplier_id, holdings, level=False, contact=True)
    lines = [
        _holder_line(holding, told_id, _("контакты") if holding.contact_hash else _("больше не использовать"), register)
        for holding, told_id in told
    ]
    return _Taken(tables.contacts_table(lines), lines_count=len(lines)) if lines else None


_TAKE = {
    OutgoingKind.PAYMENTS: _take_payments,
    OutgoingKind.READINGS: _take_readings,
    OutgoingKind.ATTACHMENTS: _take_attachments,
    OutgoingKind.CONTACTS: _take_contacts,
}


def _tell(
    supplier_id: int, holdings: list[leaving.Holding], *, level: bool, contact: bool
) -> list[tuple[leaving.Holding, int]]:
    """Remember what the supplier is told now; give each with the number of its connection.

    level, contact  whether the file says it; what it does not say stays as it was told before
    """
    rows = [
        ToldHolder(
            supplier_id=supplier_id,
            account_id=holding.account_id,
            user_id=holding.user_id,
            level=holding.level if level else holding.told_level,
            contact_hash=holding.contact_hash if contact else holding.told_contact_hash,
        )
        for holding in holdings
    ]
    ToldHolder.objects.bulk_create(
        rows,
        batch_size=5_000,
        update_conflicts=True,
        unique_fields=["supplier", "account_id", "user_id"],
        update_fields=["level", "contact_hash"],
    )
    ToldHolder.objects.filter(supplier_id=supplier_id, level="", contact_hash="").delete()
    return [(holding, row.id) for holding, row in zip(holdings, rows, strict=True)]


def _holder_line(holding: leaving.Holding, told_id: int, event: str, register: OutgoingRegister) -> HolderLine:
    return HolderLine(
        account_number=holding.account_number,
        event=event,
        access_label=str(AccountAccess.Level(holding.level).label) if holding.level else "",
        connection_no=told_id,
        email=holding.email,
        phone=holding.phone,
        told_on=register.day,
    )


def _without_contacts(line: HolderLine) -> HolderLine:
    return dataclasses.replace(line, email="", phone="")


def _event(holding: leaving.Holding) -> str:
    if not holding.level:
        return _("отключён")
    return _("доступ изменён") if holding.told_level else _("подключён")


def _write(register: OutgoingRegister, dispatch: Dispatch, taken: _Taken) -> IO[bytes]:
    table = taken.table
    if dispatch.container == Container.ONE_C:
        return statement_file(taken.payments, _requisites(register), number=register.number, made_at=_local(register))
    if dispatch.container == Container.XLSX:
        return xlsx_file(table.title, table.headings, table.rows)
    return csv_file(table.title, table.headings, table.rows, encoding=dispatch.encoding)


def _requisites(register: OutgoingRegister) -> Requisites:
    details = suppliers.bank_details(register.supplier_id)
    if not details:
        raise BankDetailsMissing
    return Requisites(
        name=register.supplier.full_name,
        inn=register.supplier.inn,
        kpp=register.supplier.kpp,
        account_number=details[0].account_number,
        bank_name=details[0].bank_name,
        bic=details[0].bic,
        correspondent_account=details[0].correspondent_account,
    )


def _local(register: OutgoingRegister) -> dt.datetime:
    return register.made_at.astimezone(ZoneInfo(register.supplier.time_zone))


def _measured(file: IO[bytes]) -> tuple[int, str]:
    """Give the length of a file in bytes and its SHA-256, and leave it at its beginning."""
    size, sha256 = 0, hashlib.sha256()
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        sha256.update(chunk)
    file.seek(0)
    return size, sha256.hexdigest()


def _next_id() -> int:
    """Give the id of a register before it is stored: what leaves in it points there at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('registers_outgoingregister', 'id'))")
        return int(cursor.fetchone()[0])
