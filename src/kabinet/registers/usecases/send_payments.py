"""Send payments to a supplier whose own billing is the book of record: write the next register."""

import datetime as dt
import hashlib

from django.utils.translation import gettext_lazy as _

from kabinet.common.days import local_day
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.payments.operations.tracking import mark_sent
from kabinet.registers import operations, queries
from kabinet.registers.formats.payments import write_payments
from kabinet.registers.models import PaymentRegister, SentDocument
from kabinet.suppliers.models import Supplier


class BilledHere(Refusal):
    code = "billed-here"
    message = _("Этому поставщику начисляем мы: реестр платежей ему не нужен.")


@usecase
def send_payments(*, supplier_id: int, now: dt.datetime) -> PaymentRegister | None:
    """Put into one file whatever changed accounts and has not left yet; None when there is nothing.

    Each payment, refund, chargeback and decision about suspense leaves once; two at once make one register.
    Raises BilledHere.
    """
    supplier = operations.lock_supplier(supplier_id)
    if supplier.billing != Supplier.Billing.EXTERNAL:
        raise BilledHere
    documents = queries.documents_to_send(supplier_id)
    if not documents:
        return None

    lines = queries.lines_of(supplier_id, documents)
    content = write_payments(lines)
    register = PaymentRegister.objects.create(
        supplier_id=supplier_id,
        number=queries.next_number(supplier_id),
        day=local_day(now, supplier.time_zone),
        made_at=now,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        lines_count=len(lines),
    )
    SentDocument.objects.bulk_create(
        SentDocument(
            supplier_id=supplier_id,
            register=register,
            source_kind=document.source_kind,
            source_id=document.source_id,
        )
        for document in documents
    )
    mark_sent(supplier_id, [document.public_id for document in documents if document.source_kind == "payment"], now=now)
    return register
