"""Withdraw a document that waits: whoever proposed it takes it back."""

import datetime as dt

from kabinet.charges.models import Proposal
from kabinet.charges.operations.proposing import check_waits, end_proposal, lock_proposal
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


@usecase
def withdraw_document(*, supplier_id: int, proposal_id: int, actor: User, now: dt.datetime) -> Proposal:
    """Close one's own proposal. Raises ProposalIsOver; NotFound, for another's as well; NotAllowed."""
    check_right(actor, rights.ADJUST_CHARGES, supplier_id)
    proposal = lock_proposal(supplier_id, proposal_id)
    if proposal.asked_by_id != actor.pk:
        raise NotFound
    check_waits(proposal)

    end_proposal(proposal, Proposal.State.WITHDRAWN, actor=actor, now=now)
    return proposal
