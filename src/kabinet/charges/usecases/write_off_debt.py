"""Write off a debt: the supplier gives up what an account owes for a service."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.charges.models import Adjustment
from kabinet.charges.operations.adjusting import ADJUSTMENT_SOURCE, Request, add_document, lock_for_document
from kabinet.charges.operations.settling import allocate_payment
from kabinet.charges.queries.unpaid import unpaid_charges
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class SumTooSmall(Refusal):
    code = "write-off-too-small"
    field = "amount_rub"
    message = _("Укажите, сколько списать: сумму больше нуля.")


class MoreThanDebt(Refusal):
    code = "write-off-more-than-debt"
    field = "amount_rub"
    message = _("Долг по этой услуге сейчас %(debt_rub)s\u00a0₽: больше списать нельзя.")


@usecase
def write_off_debt(
    *,
    supplier_id: int,
    account_id: int,
    service_id: int,
    amount_rub: Decimal,
    reason: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Adjustment:
    """Settle the oldest charges of a service at the supplier's own cost.

    amount_rub  how much, above zero
    reason      as the customer reads it: the decision, the court's order
    request_id  the same id again gives the first document back and writes nothing

    Raises the refusals above, ReasonMissing; NotFound for an account or service of another supplier; NotAllowed.
    Source: docs/adr/0118.
    """
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    request = Request(supplier_id, account_id, service_id, reason, request_id, actor, now)
    if earlier := lock_for_document(request):
        return earlier
    if amount_rub <= 0:
        raise SumTooSmall
    unpaid = [item for item in unpaid_charges(supplier_id, account_id) if item.service_id == service_id]
    debt_rub = sum((item.amount_rub for item in unpaid), ZERO)
    if amount_rub > debt_rub:
        raise MoreThanDebt(debt_rub=debt_rub)

    period = Month.of(request.today)
    document = add_document(request, Adjustment.Kind.WRITE_OFF, -amount_rub, period)
    transfers = ledger.post(
        supplier_id=supplier_id,
        source_kind=ADJUSTMENT_SOURCE,
        source_id=document.id,
        movements=[
            ledger.Movement(
                debit_book_id=ledger.supplier_book(supplier_id, "write_offs"),
                credit_book_id=ledger.customer_book(supplier_id, account_id, service_id),
                amount_rub=amount_rub,
                kind="write_off",
                period=period,
                occurred_on=request.today,
            )
        ],
        now=now,
    )
    allocate_payment(supplier_id, account_id, transfers)
    return document
