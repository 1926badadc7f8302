"""What of a supplier's own has been set already, many suppliers at once: for the list of what is still missing."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from kabinet.suppliers.models import BankDetails, BankDetailsChange, Supplier, UsagePurpose

#: Of all suppliers of the installation only so many are looked at, the newest first: who is set up now is among them.
MOST_SUPPLIERS = 20


@dataclass(frozen=True)
class SettingUp:
    """details_wait: bank details have been asked for and have not taken effect."""

    id: int
    name: str
    is_billed_elsewhere: bool
    accepts_payments: bool
    has_contacts: bool
    has_details: bool
    details_wait: bool
    has_purposes: bool


def suppliers_setting_up(supplier_ids: Collection[int] | None) -> list[SettingUp]:
    """Tell how far these suppliers are, the newest first; None: those of the whole installation."""
    own = {"supplier_id": OuterRef("pk")}
    rows = Supplier.objects.annotate(
        has_details=Exists(BankDetails.objects.filter(**own)),
        details_wait=Exists(BankDetailsChange.objects.filter(**own, applied_at=None, withdrawn_at=None)),
        has_purposes=Exists(UsagePurpose.objects.filter(**own)),
    )
    if supplier_ids is not None:
        rows = rows.filter(pk__in=supplier_ids)
    return [
        SettingUp(
            id=row.pk,
            name=row.name,
            is_billed_elsewhere=row.billing == Supplier.Billing.EXTERNAL,
            accepts_payments=row.accepts_payments,
            has_contacts=bool(row.phone or row.email),
            has_details=row.has_details,
            details_wait=row.details_wait,
            has_purposes=row.has_purposes,
        )
        for row in rows.order_by("-pk")[:MOST_SUPPLIERS]
    ]
