"""Set a volume factor: what a volume that a meter in the cold shows is multiplied by."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.tariffs import operations
from kabinet.tariffs.models import VolumeFactor


@usecase
def set_volume_factor(
    *,
    supplier_id: int,
    region_code: str,
    factor: Decimal,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool = False,
    is_trial: bool = False,
    actor: User | None,
    now: dt.datetime,
) -> operations.Change[VolumeFactor]:
    """Set a factor on the days [valid_from, valid_until). A factor without an end that began earlier ends there.

    region_code  as the accounts name it; "" for every region that has none of its own
    replaces     factors that stand on these days give way; before and after them they go on
    is_trial     nothing is kept: it raises what it would raise, and tells which months it would touch
    actor        None for the operator's terminal; a member of staff only tries: `propose_terms`

    Raises FactorNotPositive, DaysReversed, FactorOverlaps, TakesTwo; NotFound; NotAllowed.
    """
    operations.check_one_may(actor, supplier_id, is_trial=is_trial)
    change = operations.set_factor(
        operations.lock_terms(supplier_id),
        region_code=region_code,
        factor=factor,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        replaces=replaces,
        actor=actor,
        now=now,
    )
    transaction.set_rollback(is_trial)
    return change
