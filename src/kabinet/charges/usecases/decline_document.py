"""Decline a document that waits: a second person says why not."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.charges.models import Proposal
from kabinet.charges.operations.proposing import check_waits, end_proposal, lock_proposal
from kabinet.charges.usecases.approve_document import SamePerson
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class NoteMissing(Refusal):
    code = "proposal-note-missing"
    field = "note"
    message = _("Напишите, почему: это прочтёт тот, кто предложил.")


@usecase
def decline_document(*, supplier_id: int, proposal_id: int, note: str, actor: User, now: dt.datetime) -> Proposal:
    """Close a proposal; nothing is written. note: why, as whoever proposed it will read.

    Raises NoteMissing, SamePerson, ProposalIsOver; NotFound, NotAllowed.
    """
    check_right(actor, rights.APPROVE_ADJUSTMENTS, supplier_id)
    proposal = lock_proposal(supplier_id, proposal_id)
    if proposal.asked_by_id == actor.pk:
        raise SamePerson
    check_waits(proposal)
    if not note.strip():
        raise NoteMissing

    end_proposal(proposal, Proposal.State.DECLINED, actor=actor, now=now, note=note.strip())
    return proposal
