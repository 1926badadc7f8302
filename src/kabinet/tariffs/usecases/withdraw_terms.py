"""Withdraw proposed terms: whoever proposed them takes them back."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs.models import TermsProposal
from kabinet.tariffs.operations import lock_terms
from kabinet.tariffs.operations.proposing import check_waits, end_proposal, lock_proposal


@usecase
def withdraw_terms(*, supplier_id: int, proposal_id: int, actor: User, now: dt.datetime) -> TermsProposal:
    """Close one's own proposal. Raises TermsProposalIsOver; NotFound, for another's as well; NotAllowed."""
    check_right(actor, rights.SET_TARIFFS, supplier_id)
    lock_terms(supplier_id)
    proposal = lock_proposal(supplier_id, proposal_id)
    if proposal.asked_by_id != actor.pk:
        raise NotFound
    check_waits(proposal)

    end_proposal(proposal, TermsProposal.State.WITHDRAWN, actor=actor, now=now)
    return proposal
