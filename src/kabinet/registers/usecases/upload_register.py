"""Upload a register: a supplier's file is taken as it is, before anything in it is read."""

import datetime as dt
import hashlib
import uuid
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries
from kabinet.registers.formats.containers.lines import LARGEST_FILE
from kabinet.registers.models import Register
from kabinet.registers.operations import lock_supplier
from kabinet.suppliers.models import Supplier

#: What only a supplier with billing of its own sends; balances of one that is billed here are what it came with.
BILLED_ELSEWHERE = ("charges",)
_CHUNK = 1024 * 1024


class FileEmpty(Refusal):
    code = "register-file-empty"
    field = "file"
    message = _("Файл пустой. Выгрузите его заново и загрузите ещё раз.")


class FileTooLarge(Refusal):
    code = "register-file-too-large"
    field = "file"
    message = _("Файл больше %(most_mib)s МиБ. Разделите его на несколько и загрузите по одному.")


class FileKnown(Refusal):
    code = "register-file-known"
    field = "file"
    message = _(
        "Этот файл уже загружен %(uploaded_on)s: реестр № %(number)s. Второй раз его проводить не нужно; "
        "если тот загружен по ошибке, снимите его или отмените."
    )


class BilledHere(Refusal):
    code = "register-billed-here"
    field = "kind"
    message = _("Этому поставщику начисляем мы: начисления реестром не принимаются, они посчитаны здесь.")


@usecase
def upload_register(
    *, supplier_id: int, kind: str, file_name: str, file: BinaryIO, actor: User | None, now: dt.datetime
) -> Register:
    """Store a file for a supplier, under the next number. Its format is chosen next: `read_register`.

    kind       a value of ``models.incoming.Kind``
    file_name  as whoever sends it calls it; it is only shown
    file       open for reading at any place
    actor      None: the operator's terminal

    Raises the refusals above; NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.LOAD_REGISTERS, supplier_id)
    supplier = lock_supplier(supplier_id)
    if supplier.billing == Supplier.Billing.KABINET and kind in BILLED_ELSEWHERE:
        raise BilledHere
    size, sha256 = _measured(file)
    if not size:
        raise FileEmpty
    if size > LARGEST_FILE:
        raise FileTooLarge(most_mib=LARGEST_FILE // 2**20)
    if known := queries.register_of_file(supplier_id, kind, sha256):
        raise FileKnown(number=known.number, uploaded_on=f"{known.uploaded_at:%d.%m.%Y}")

    file.seek(0)
    register = Register.objects.create(
        supplier_id=supplier_id,
        kind=kind,
        number=queries.next_number_in(supplier_id),
        file_name=file_name[-250:],
        stored_as=default_storage.save(f"supplier/{supplier_id}/registers/{uuid.uuid4()}", File(file)),
        size=size,
        sha256=sha256,
        uploaded_by=actor,
        uploaded_at=now,
    )
    audit.note(
        action="register.uploaded",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"kind": kind, "sha256": sha256},
    )
    return register


def _measured(file: BinaryIO) -> tuple[int, str]:
    """Give the length of a file in bytes, and its SHA-256; of one that is too long, of its beginning."""
    size, sha256 = 0, hashlib.sha256()
    file.seek(0)
    while size <= LARGEST_FILE and (chunk := file.read(_CHUNK)):
        size += len(chunk)
        sha256.update(chunk)
    return size, sha256.hexdigest()
