"""Propose a document that lowers what an account owes: the first of two people says how much, and why."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.charges.facts import DocumentProposed
from kabinet.charges.models import Proposal
from kabinet.charges.operations.adjusting import Request, lock_for_document
from kabinet.charges.operations.proposing import check_fits, note_proposal
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.ledger import queries as ledger
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class LowersNothing(Refusal):
    code = "proposal-lowers-nothing"
    field = "amount_rub"
    message = _("Укажите сумму больше нуля: на столько уменьшится то, что счёт должен.")


class AnotherWaits(Refusal):
    code = "proposal-another-waits"
    message = _("По этой услуге один документ уже ждёт второго сотрудника. Дождитесь решения или отзовите его.")


@usecase
def propose_document(
    *,
    supplier_id: int,
    account_id: int,
    service_id: int,
    kind: str,
    amount_rub: Decimal,
    on: dt.date | None = None,
    reason: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Proposal:
    """Keep what is asked until another person decides; nothing is charged or settled before.

    kind        «adjustment», «write_off», or «opening»: an advance that an account came with
    amount_rub  what the document adds to what is owed, so below zero
    on          of an opening balance: the day, by the supplier's calendar
    reason      as the customer will read it: the decision, the court's order
    request_id  the same id again gives the first proposal back and writes nothing

    Raises the refusals above, ReasonMissing; MoreThanDebt for a write-off, what `check_opening` raises for an opening
    balance; NotFound for an account or service of another supplier; NotAllowed.
    Source: docs/adr/0174.
    """
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    request = Request(supplier_id, account_id, service_id, reason, request_id, actor, now)
    lock_for_document(request)
    proposals = Proposal.objects.filter(supplier_id=supplier_id)
    if earlier := proposals.filter(request_id=request_id).first():
        return earlier
    if amount_rub >= 0:
        raise LowersNothing
    if proposals.filter(account_id=account_id, service_id=service_id, state=Proposal.State.WAITING).exists():
        raise AnotherWaits

    balances = ledger.balances_by_service(supplier_id, account_id)
    proposal = Proposal(
        supplier_id=supplier_id,
        account_id=account_id,
        service_id=service_id,
        kind=kind,
        amount_rub=amount_rub,
        on=on,
        reason=reason.strip(),
        owed_rub=next((row.balance_rub for row in balances if row.service_id == service_id), ZERO),
        request_id=request_id,
        asked_by=actor,
        asked_at=now,
    )
    check_fits(proposal, now=now)
    proposal.save()
    note_proposal(proposal, "proposed", actor=actor, now=now)
    outbox.record(DocumentProposed(supplier_id=supplier_id, proposal_id=proposal.id))
    return proposal
