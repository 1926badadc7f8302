"""Documents of staff about what an account owes."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from kabinet.charges.models import Adjustment
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.people.models import User


@dataclass(frozen=True)
class DocumentRow:
    """A document of staff. amount_rub: above zero adds to what is owed. is_restored: of a write-off, taken back.

    approved_by  the second person of one that lowers what is owed; else ""
    """

    id: int
    kind: str
    kind_name: str
    service_id: int
    service_name: str
    period: Month
    amount_rub: Decimal
    reason: str
    made_by: str
    approved_by: str
    made_at: dt.datetime
    is_restored: bool

    @property
    def can_be_restored(self) -> bool:
        return self.kind == Adjustment.Kind.WRITE_OFF and not self.is_restored


def documents_of(supplier_id: int, account_id: int) -> list[DocumentRow]:
    """Give the documents of an account, newest first."""
    own = {"supplier_id": supplier_id, "account_id": account_id}
    restored = set(Adjustment.objects.filter(**own, restores__isnull=False).values_list("restores_id", flat=True))
    rows = Adjustment.objects.filter(**own, service__supplier_id=supplier_id).select_related(
        "service", "made_by", "approved_by"
    )
    return [
        DocumentRow(
            id=row.id,
            kind=row.kind,
            kind_name=str(row.get_kind_display()),
            service_id=row.service_id,
            service_name=row.service.name,
            period=row.period,
            amount_rub=row.amount_rub,
            reason=row.reason,
            made_by=_name(row.made_by),
            approved_by=_name(row.approved_by),
            made_at=row.made_at,
            is_restored=row.id in restored,
        )
        for row in rows.order_by("-id")
    ]


def document_of(supplier_id: int, account_id: int, document_id: int) -> DocumentRow:
    """Give a document of an account. Raises NotFound."""
    for row in documents_of(supplier_id, account_id):
        if row.id == document_id:
            return row
    raise NotFound


def _name(person: User | None) -> str:
    return (person.get_full_name() or person.email) if person else ""
