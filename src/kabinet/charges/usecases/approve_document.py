"""Approve a document that lowers what an account owes: a second person lets it be written."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.charges.models import Proposal
from kabinet.charges.operations.proposing import (
    check_waits,
    end_proposal,
    lock_proposal,
    make_document,
    why_it_falls_away,
)
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class SamePerson(Refusal):
    code = "proposal-same-person"
    message = _("Этот документ предложили Вы. Провести его должен другой сотрудник.")


@usecase
def approve_document(*, supplier_id: int, proposal_id: int, actor: User, now: dt.datetime) -> Proposal:
    """Write the document in the supplier's current month. Approved again: the same one, written once.

    It comes back `lapsed`, with the reason in `note` and nothing written, when it has waited too long, or when the
    account has changed so that the sum no longer fits.

    Raises SamePerson, ProposalIsOver; NotFound, NotAllowed. Source: docs/adr/0174.
    """
    check_right(actor, rights.APPROVE_ADJUSTMENTS, supplier_id)
    proposal = lock_proposal(supplier_id, proposal_id)
    if proposal.asked_by_id == actor.pk:
        raise SamePerson
    if proposal.state == Proposal.State.APPROVED:
        return proposal
    check_waits(proposal)

    if why := why_it_falls_away(proposal, now=now):
        end_proposal(proposal, Proposal.State.LAPSED, actor=None, now=now, note=why)
        return proposal
    proposal.document = make_document(proposal, approved_by=actor, now=now)
    end_proposal(proposal, Proposal.State.APPROVED, actor=actor, now=now)
    return proposal
