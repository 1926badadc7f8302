"""What documents of staff share: their refusals, their lines of charges, their transfers."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.charges.models import Adjustment, Charge
from kabinet.charges.operations.settling import allocate_advances
from kabinet.charges.queries.unpaid import CHARGE_SOURCE
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.models import Service

#: Of the transfers that documents post which have no line of charges.
ADJUSTMENT_SOURCE = "adjustment"


class SumIsZero(Refusal):
    code = "adjustment-sum-zero"
    field = "amount_rub"
    message = _("Укажите сумму: больше нуля увеличит долг, меньше нуля уменьшит.")


class ReasonMissing(Refusal):
    code = "adjustment-reason-missing"
    field = "reason"
    message = _("Напишите причину: её увидит и плательщик.")


@dataclass(frozen=True)
class Request:
    """What every document is asked with. The same `request_id` again gives the first document back."""

    supplier_id: int
    account_id: int
    service_id: int
    reason: str
    request_id: UUID
    actor: User
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return suppliers.local_day(self.now, suppliers.supplier_card(self.supplier_id))


@transaction_required
def lock_for_document(request: Request) -> Adjustment | None:
    """Lock the account of a document; give the one that the same request has made before.

    Raises NotFound for an account or service of another supplier, ReasonMissing.
    """
    accounts.lock_account(request.supplier_id, request.account_id)
    if earlier := Adjustment.objects.filter(supplier_id=request.supplier_id, request_id=request.request_id).first():
        return earlier
    if not Service.objects.filter(supplier_id=request.supplier_id, id=request.service_id).exists():
        raise NotFound
    if not request.reason.strip():
        raise ReasonMissing
    return None


@transaction_required
def add_document(
    request: Request,
    kind: Adjustment.Kind,
    amount_rub: Decimal,
    period: Month,
    *,
    charge: Charge | None = None,
    restores: Adjustment | None = None,
    approved_by: User | None = None,
) -> Adjustment:
    """Write a document, and in the audit trail that it was made: by whoever has approved it, where it takes two."""
    document = Adjustment.objects.create(
        supplier_id=request.supplier_id,
        account_id=request.account_id,
        service_id=request.service_id,
        kind=kind,
        period=period,
        amount_rub=amount_rub,
        reason=request.reason.strip(),
        charge=charge,
        restores=restores,
        request_id=request.request_id,
        made_by=request.actor,
        made_at=request.now,
        approved_by=approved_by,
    )
    audit.note(
        action=_ACTIONS[kind],
        actor=approved_by or request.actor,
        now=request.now,
        supplier_id=request.supplier_id,
        subject=f"adjustment:{document.id}",
        details={"account": request.account_id, "service": request.service_id, "amount_rub": str(amount_rub)},
    )
    return document


_ACTIONS = {
    Adjustment.Kind.ADJUSTMENT: "charge.adjusted",
    Adjustment.Kind.WRITE_OFF: "debt.written_off",
    Adjustment.Kind.RESTORATION: "debt.restored",
    Adjustment.Kind.OPENING: "opening_balance.set",
}


@transaction_required
def charge_by_document(
    request: Request, kind: Charge.Kind, amount_rub: Decimal, period: Month, *, charged_on: dt.date
) -> Charge:
    """Add the line of a document to a month's charges, post it, and let it settle or be settled at once."""
    supplier_id, account_id, service_id = request.supplier_id, request.account_id, request.service_id
    lines = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, service_id=service_id, period=period)
    charge = Charge.objects.create(
        supplier_id=supplier_id,
        account_id=account_id,
        service_id=service_id,
        period=period,
        line_no=(lines.aggregate(last=Max("line_no"))["last"] or 0) + 1,
        kind=kind,
        amount_rub=amount_rub,
        inputs={"reason": request.reason.strip()},
        charged_on=charged_on,
    )
    customers = ledger.customer_book(supplier_id, account_id, service_id)
    own = ledger.supplier_book(supplier_id, _own_book(charge))
    debit, credit = (customers, own) if amount_rub > 0 else (own, customers)
    ledger.post(
        supplier_id=supplier_id,
        source_kind=CHARGE_SOURCE,
        source_id=charge.id,
        movements=[ledger.Movement(debit, credit, abs(amount_rub), kind, period, charged_on)],
        now=request.now,
    )
    allocate_advances(supplier_id, account_id)
    return charge


def _own_book(charge: Charge) -> str:
    if charge.kind == Charge.Kind.OPENING:
        return "opening"
    return "penalty_income" if charge.service.code == Service.PENALTY else "revenue"
