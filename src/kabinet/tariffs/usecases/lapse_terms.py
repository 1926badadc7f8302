"""Let proposed terms fall away that nobody has decided about in time."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.tariffs.models import TermsProposal
from kabinet.tariffs.operations import lock_terms
from kabinet.tariffs.operations.proposing import is_overdue, lapse, lock_proposal


@usecase
def lapse_terms(*, supplier_id: int, proposal_id: int, now: dt.datetime) -> None:
    """Close a proposal that has waited too long; any other is left as it is."""
    lock_terms(supplier_id)
    proposal = lock_proposal(supplier_id, proposal_id)
    if proposal.state == TermsProposal.State.WAITING and is_overdue(proposal, now=now):
        lapse(proposal, now=now)
