"""Read what has yet to leave to a supplier, and what has left."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Max
from django.utils.translation import gettext as _

from kabinet.common.errors import NotFound
from kabinet.ledger import queries as ledger
from kabinet.payments import rules
from kabinet.payments.models import Chargeback, Payment, Refund, SuspenseAllocation
from kabinet.registers.formats.payments import PaymentLine
from kabinet.registers.models import PaymentRegister, SentDocument
from kabinet.suppliers.models import Supplier


@dataclass(frozen=True)
class Document:
    """Something that changed accounts and leaves once. public_id, gateway_payment_id: of the payment it belongs to."""

    source_kind: str
    source_id: str
    kind_label: str
    public_id: UUID
    gateway_payment_id: str


def supplier_by_code(code: str) -> Supplier:
    """Find a supplier for a command. Raises NotFound."""
    supplier = Supplier.objects.filter(code=code).first()
    if supplier is None:
        raise NotFound
    return supplier


def suppliers_billed_elsewhere() -> list[int]:
    """Name the suppliers whose own billing is the book of record."""
    return list(Supplier.objects.filter(billing=Supplier.Billing.EXTERNAL).order_by("id").values_list("id", flat=True))


def register_by_number(supplier_id: int, number: int) -> PaymentRegister:
    """Give a register as it left. Raises NotFound."""
    register = PaymentRegister.objects.filter(supplier_id=supplier_id, number=number).first()
    if register is None:
        raise NotFound
    return register


def next_number(supplier_id: int) -> int:
    newest = PaymentRegister.objects.filter(supplier_id=supplier_id).aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def documents_to_send(supplier_id: int) -> list[Document]:
    """Give what changed accounts and has not left yet, payments before what went back of them."""
    others = SentDocument.objects.filter(supplier_id=supplier_id).exclude(source_kind="payment")
    sent = set(others.values_list("source_kind", "source_id"))
    documents = [
        *_payments(supplier_id),
        *_allocations(supplier_id),
        *_refunds(supplier_id),
        *_chargebacks(supplier_id),
    ]
    return [document for document in documents if (document.source_kind, document.source_id) not in sent]


def lines_of(supplier_id: int, documents: Iterable[Document]) -> list[PaymentLine]:
    """Give the lines of documents as the ledger has them: one for each service of each account."""
    by_kind: dict[str, dict[str, Document]] = {}
    for document in documents:
        by_kind.setdefault(document.source_kind, {})[document.source_id] = document
    return [
        PaymentLine(
            public_id=known[line.source_id].public_id,
            kind_label=known[line.source_id].kind_label,
            account_number=line.account_number,
            service_code=line.service_code,
            amount_rub=line.amount_rub,
            moved_on=line.occurred_on,
            gateway_payment_id=known[line.source_id].gateway_payment_id,
        )
        for source_kind, known in by_kind.items()
        for line in ledger.account_lines(supplier_id, source_kind, list(known))
    ]


def _payments(supplier_id: int) -> list[Document]:
    """Give paid payments; their own rows say which have left, so that years of them are not read again."""
    rows = Payment.objects.filter(supplier_id=supplier_id, state=rules.PAID, sent_at__isnull=True)
    return [
        Document("payment", str(public_id), _("оплата"), public_id, gateway_payment_id)
        for public_id, gateway_payment_id in rows.order_by("paid_at", "id").values_list(
            "public_id", "gateway_payment_id"
        )
    ]


def _allocations(supplier_id: int) -> list[Document]:
    """Money that a person took out of suspense: it is known by the number of that decision."""
    rows = SuspenseAllocation.objects.filter(
        supplier_id=supplier_id, suspended_sum__supplier_id=F("supplier_id")
    ).select_related("suspended_sum")
    return [
        Document(
            "suspense_allocation",
            str(row.id),
            _("оплата, из невыясненных"),
            row.request_id,
            row.suspended_sum.gateway_payment_id,
        )
        for row in rows.order_by("id")
    ]


def _refunds(supplier_id: int) -> list[Document]:
    rows = Refund.objects.filter(
        supplier_id=supplier_id, state=rules.REFUND_DONE, payment__supplier_id=F("supplier_id")
    ).select_related("payment")
    return [
        Document("refund", str(row.public_id), _("возврат"), row.payment.public_id, row.payment.gateway_payment_id)
        for row in rows.order_by("done_at", "id")
        if row.payment
    ]


def _chargebacks(supplier_id: int) -> list[Document]:
    rows = Chargeback.objects.filter(supplier_id=supplier_id, payment__supplier_id=F("supplier_id"))
    return [
        Document("chargeback", str(row.id), _("отзыв банком"), row.payment.public_id, row.payment.gateway_payment_id)
        for row in rows.select_related("payment").order_by("id")
    ]
