"""Read cheques: that of a payment, and who cannot write any."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from kabinet.payments import rules
from kabinet.payments.models import Receipt, ReceiptTerms, Shop
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


def missing_terms(shop: Shop, *, on: dt.date) -> list[str]:
    """Name what a cheque of a shop could not say on a day, «gas: advance»; nothing where it writes none."""
    if not shop.sends_receipts:
        return []
    said = set(
        ReceiptTerms.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=on), supplier_id=shop.supplier_id, valid_from__lte=on
        ).values_list("service_id", "case")
    )
    cases = [ReceiptTerms.Case.DEBT, ReceiptTerms.Case.ADVANCE]
    needed = [
        (service, case)
        for service in Service.objects.filter(supplier_id=shop.supplier_id)
        for case in (*cases, *([ReceiptTerms.Case.FEE] if service.is_main and shop.payer_commission_percent else []))
    ]
    return [f"{service.name}: {case.label}" for service, case in needed if (service.id, case) not in said]
