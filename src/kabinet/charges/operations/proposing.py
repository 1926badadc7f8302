"""Documents that wait for a second person: who may touch them, whether they still fit, how they end."""

import datetime as dt
from uuid import uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.charges.models import Adjustment, Proposal
from kabinet.charges.operations import documents
from kabinet.charges.operations.adjusting import Request
from kabinet.charges.queries.proposals import WAITS
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User


class ProposalIsOver(Refusal):
    code = "proposal-over"
    message = gettext_lazy("Об этом документе уже решили: %(state)s.")


@transaction_required
def lock_proposal(supplier_id: int, proposal_id: int) -> Proposal:
    """Give a proposal with the account that it is of locked. Raises NotFound."""
    proposals = Proposal.objects.filter(supplier_id=supplier_id)
    account_id = proposals.filter(id=proposal_id).values_list("account_id", flat=True).first()
    if account_id is None:
        raise NotFound
    accounts.lock_account(supplier_id, account_id)
    return proposals.select_related("asked_by").get(id=proposal_id)


def check_waits(proposal: Proposal) -> None:
    """Raise ProposalIsOver for one that was decided."""
    if proposal.state != Proposal.State.WAITING:
        raise ProposalIsOver(state=proposal.get_state_display())


def as_asked(proposal: Proposal, *, now: dt.datetime) -> Request:
    """Give what a document is made with: by whoever asked, on the day on which it is decided.

    Its id is made of the proposal's: the form that a proposal came from may have made a document of its own before.
    """
    return Request(
        supplier_id=proposal.supplier_id,
        account_id=proposal.account_id,
        service_id=proposal.service_id,
        reason=proposal.reason,
        request_id=uuid5(proposal.request_id, "document"),
        actor=proposal.asked_by,
        now=now,
    )


def why_it_falls_away(proposal: Proposal, *, now: dt.datetime) -> str:
    """Say why a document cannot be made any more: nobody decided in time, or its account has changed. Else ""."""
    if now >= proposal.asked_at + WAITS:
        return _("Решения не было слишком долго.")
    try:
        check_fits(proposal, now=now)
    except Refusal as no_longer_fits:
        return str(no_longer_fits)
    return ""


def check_fits(proposal: Proposal, *, now: dt.datetime) -> None:
    """Raise what would keep the document from being made: MoreThanDebt, or what `check_opening` raises."""
    request = as_asked(proposal, now=now)
    if proposal.kind == Proposal.Kind.WRITE_OFF:
        documents.check_debt(request, -proposal.amount_rub)
    if proposal.on is not None:
        documents.check_opening(request, proposal.on)


@transaction_required
def make_document(proposal: Proposal, *, approved_by: User, now: dt.datetime) -> Adjustment:
    """Write the document. Raises what `check_fits` raises."""
    request = as_asked(proposal, now=now)
    if proposal.kind == Proposal.Kind.WRITE_OFF:
        return documents.write_off(request, -proposal.amount_rub, approved_by=approved_by)
    if proposal.on is not None:
        return documents.set_opening(request, proposal.amount_rub, proposal.on, approved_by=approved_by)
    return documents.adjust(request, proposal.amount_rub, approved_by=approved_by)


@transaction_required
def end_proposal(
    proposal: Proposal, state: Proposal.State, *, actor: User | None, now: dt.datetime, note: str = ""
) -> None:
    """Keep how a proposal has ended. actor: None for one that has fallen away."""
    proposal.state, proposal.note = state, note
    proposal.decided_by, proposal.decided_at = actor, now
    proposal.save(update_fields=["state", "note", "decided_by", "decided_at", "document"])
    note_proposal(proposal, state, actor=actor, now=now)


@transaction_required
def note_proposal(proposal: Proposal, act: str, *, actor: User | None, now: dt.datetime) -> None:
    """Write in the audit trail what became of a proposal."""
    audit.note(
        action=f"document.{act}",
        actor=actor,
        now=now,
        supplier_id=proposal.supplier_id,
        subject=f"proposal:{proposal.pk}",
        details={
            "account": proposal.account_id,
            "service": proposal.service_id,
            "kind": proposal.kind,
            "amount_rub": str(proposal.amount_rub),
        },
    )
