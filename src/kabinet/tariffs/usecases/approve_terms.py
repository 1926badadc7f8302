"""Approve terms: a second person lets a price, norm, factor, benefit or order of prices hold."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs.models import TermsProposal
from kabinet.tariffs.operations import lock_terms
from kabinet.tariffs.operations.proposing import (
    check_waits,
    end_proposal,
    is_overdue,
    lapse,
    lock_proposal,
    set_proposed,
)


class SamePerson(Refusal):
    code = "terms-same-person"
    message = _("Это предложили Вы. Подтвердить должен другой сотрудник.")


@dataclass(frozen=True)
class Approved:
    """A proposal that was decided. affected_since: the first month that is over and is touched, see `Change`."""

    proposal: TermsProposal
    affected_since: Month | None = None


@usecase
def approve_terms(*, supplier_id: int, proposal_id: int, actor: User, now: dt.datetime) -> Approved:
    """Set what was proposed, all of it or nothing. Approved again: it stays as it is.

    It comes back `lapsed`, with the reason in `note` and nothing set, when it has waited too long, or when other terms
    were approved meanwhile so that it no longer fits.

    Raises SamePerson, TermsProposalIsOver; NotFound, NotAllowed. Source: docs/adr/0175.
    """
    check_right(actor, rights.APPROVE_TARIFFS, supplier_id)
    supplier = lock_terms(supplier_id)
    proposal = lock_proposal(supplier_id, proposal_id)
    if proposal.asked_by_id == actor.pk:
        raise SamePerson
    if proposal.state == TermsProposal.State.APPROVED:
        return Approved(proposal)
    check_waits(proposal)

    if is_overdue(proposal, now=now):
        lapse(proposal, now=now)
        return Approved(proposal)
    try:
        with transaction.atomic():
            outcome = set_proposed(supplier, proposal, actor=actor, now=now)
    except Refusal as no_longer_fits:
        lapse(proposal, why=str(no_longer_fits), now=now)
        return Approved(proposal)
    end_proposal(proposal, TermsProposal.State.APPROVED, actor=actor, now=now)
    return Approved(proposal, outcome.affected_since)
