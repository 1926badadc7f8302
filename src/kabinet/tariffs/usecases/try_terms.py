"""Try proposed terms: what they would do if they were approved now."""

import datetime as dt

from django.db import transaction

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs.operations import lock_terms
from kabinet.tariffs.operations.proposing import Outcome, lock_proposal, try_proposed


@usecase
def try_terms(*, supplier_id: int, proposal_id: int, actor: User, now: dt.datetime) -> Outcome:
    """Tell what a proposal would do; nothing is kept. Raises what setting it would raise; NotFound, NotAllowed."""
    check_right(actor, rights.SEE_TARIFFS, supplier_id)
    supplier = lock_terms(supplier_id)
    outcome = try_proposed(supplier, lock_proposal(supplier_id, proposal_id), actor=actor, now=now)
    transaction.set_rollback(True)
    return outcome
