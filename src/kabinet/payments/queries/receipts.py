"""Read cheques: that of a payment, and who cannot write any."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from kabinet.payments import rules
from kabinet.payments.models import Receipt, ReceiptTerms
from kabinet.suppliers.models import Service


@dataclass(frozen=True)
class ReceiptCard:
    """The newest attempt at a payment's cheque; the numbers are those of the cash register, "" until it gave them."""

    state: str
    state_label: str
    registered_at: dt.datetime | None
    document_number: str
    storage_number: str
    fiscal_sign: str

    @property
    def is_done(self) -> bool:
        return self.state == rules.RECEIPT_DONE

    @property
    def is_refused(self) -> bool:
        return self.state == rules.RECEIPT_FAILED


def receipt_card(supplier_id: int, payment_id: int) -> ReceiptCard | None:
    """Show the cheque of a payment to whoever has the payment's card; None where the shop writes none."""
    receipt = Receipt.objects.filter(supplier_id=supplier_id, payment_id=payment_id).order_by("-attempt").first()
    if receipt is None:
        return None
    return ReceiptCard(
        state=receipt.state,
        state_label=receipt.get_state_display(),
        registered_at=receipt.registered_at,
        document_number=receipt.fiscal.get("fiscal_document_number", ""),
        storage_number=receipt.fiscal.get("fiscal_storage_number", ""),
        fiscal_sign=receipt.fiscal.get("fiscal_attribute", ""),
    )


def missing_terms(supplier_id: int, *, on: dt.date, has_fee: bool) -> list[str]:
    """Name what a supplier's cheque could not say on a day, «Газ: аванс».

    has_fee  the payer pays a commission, which is a line of the cheque
    """
    said = set(
        ReceiptTerms.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=on), supplier_id=supplier_id, valid_from__lte=on
        ).values_list("service_id", "case")
    )
    case = ReceiptTerms.Case
    needed = [
        (service, named)
        for service in Service.objects.filter(supplier_id=supplier_id)
        for named in (case.DEBT, case.ADVANCE, *([case.FEE] if service.is_main and has_fee else []))
    ]
    return [f"{service.name}: {named.label}" for service, named in needed if (service.id, named) not in said]
