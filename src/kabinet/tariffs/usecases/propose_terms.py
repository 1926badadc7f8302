"""Propose terms: the first of two people says which price, norm, factor, benefit or order of prices is to hold."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs.facts import TermsProposed
from kabinet.tariffs.models import TermsProposal
from kabinet.tariffs.operations import lock_terms
from kabinet.tariffs.operations.proposing import as_kept, note_proposal, try_proposed


@usecase
def propose_terms(
    *, supplier_id: int, kind: str, given: Mapping[str, Any], actor: User, now: dt.datetime
) -> TermsProposal:
    """Keep what is asked until another person decides; bills go by what was approved before.

    kind   «price», «norm», «factor», «benefit», or «order»: a file of prices, which is approved as a whole
    given  the arguments of `set_tariff`, `set_norm`, `set_volume_factor`, `save_benefit`; of an order those of
           `load_price_order` with its `file_name`

    The same once more while it waits is the same proposal. Raises what setting it would raise, and OrderDoesNotFit;
    NotFound, NotAllowed. Source: docs/adr/0175.
    """
    check_right(actor, rights.SET_TARIFFS, supplier_id)
    supplier = lock_terms(supplier_id)
    proposal = TermsProposal(
        supplier_id=supplier_id,
        kind=TermsProposal.Kind(kind),
        values=as_kept(given),
        asked_by=actor,
        asked_at=now,
    )
    same = TermsProposal.objects.filter(supplier_id=supplier_id, kind=kind, values=proposal.values)
    if earlier := same.filter(state=TermsProposal.State.WAITING).first():
        return earlier
    try_proposed(supplier, proposal, actor=actor, now=now)
    proposal.save()
    note_proposal(proposal, "proposed", actor=actor, now=now)
    outbox.record(TermsProposed(supplier_id=supplier_id, proposal_id=proposal.id))
    return proposal
