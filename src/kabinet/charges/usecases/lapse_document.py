"""Let a document that waits fall away: nobody has decided in time, or its account has changed."""

import datetime as dt

from kabinet.charges.models import Proposal
from kabinet.charges.operations.proposing import end_proposal, lock_proposal, why_it_falls_away
from kabinet.common.db import usecase


@usecase
def lapse_document(*, supplier_id: int, proposal_id: int, now: dt.datetime) -> None:
    """Close a proposal that has waited too long or no longer fits; any other is left as it is."""
    proposal = lock_proposal(supplier_id, proposal_id)
    if proposal.state != Proposal.State.WAITING:
        return
    if why := why_it_falls_away(proposal, now=now):
        end_proposal(proposal, Proposal.State.LAPSED, actor=None, now=now, note=why)
