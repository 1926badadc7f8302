"""Decline proposed terms: a second person says why not."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs.models import TermsProposal
from kabinet.tariffs.operations import lock_terms
from kabinet.tariffs.operations.proposing import check_waits, end_proposal, lock_proposal
from kabinet.tariffs.usecases.approve_terms import SamePerson


class NoteMissing(Refusal):
    code = "terms-note-missing"
    field = "note"
    message = _("Напишите, почему: это прочтёт тот, кто предложил.")


@usecase
def decline_terms(*, supplier_id: int, proposal_id: int, note: str, actor: User, now: dt.datetime) -> TermsProposal:
    """Close a proposal; nothing is set. note: why, as whoever proposed it will read.

    Raises NoteMissing, SamePerson, TermsProposalIsOver; NotFound, NotAllowed.
    """
    check_right(actor, rights.APPROVE_TARIFFS, supplier_id)
    lock_terms(supplier_id)
    proposal = lock_proposal(supplier_id, proposal_id)
    if proposal.asked_by_id == actor.pk:
        raise SamePerson
    check_waits(proposal)
    if not note.strip():
        raise NoteMissing

    end_proposal(proposal, TermsProposal.State.DECLINED, actor=actor, now=now, note=note.strip())
    return proposal
