"""Set a norm: how much is taken to be used where no meter tells, as an act of the region prints it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.tariffs import operations
from kabinet.tariffs.models import Norm


@usecase
def set_norm(
    *,
    supplier_id: int,
    region_code: str,
    usage_purpose_code: str,
    unit: str,
    unit_code: str = "",
    unit_name: str = "",
    printed_value: Decimal,
    printed_period: str,
    profile: Sequence[Decimal] | None,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool = False,
    is_trial: bool = False,
    actor: User | None,
    now: dt.datetime,
) -> operations.Change[Norm]:
    """Set a norm on the days [valid_from, valid_until). A norm without an end that began earlier ends there.

    region_code    as the accounts name it; "" for every region that has none of its own
    unit           "person", "m2" or "unit"; for the last, `unit_code` and `unit_name` say which
    printed_value  as the act prints it, m³ for `printed_period`: "month" or "year"
    profile        m³ for January to December; None when each month has `printed_value`
    replaces       norms that stand on these days give way; before and after them they go on
    is_trial       nothing is kept: it raises what it would raise, and tells which months it would touch
    actor          None for the operator's terminal; a member of staff only tries: `propose_terms`

    Raises NormNotPositive, NormUnitMissing, NormProfileMissing, NormProfileIncomplete, NormProfileBelowZero,
    NormProfileSumsToAnother, DaysReversed, PurposeUnknown, NormOverlaps, TakesTwo; NotFound; NotAllowed.
    Source: docs/adr/0101.
    """
    operations.check_one_may(actor, supplier_id, is_trial=is_trial)
    change = operations.set_norm(
        operations.lock_terms(supplier_id),
        region_code=region_code,
        usage_purpose_code=usage_purpose_code,
        unit=unit,
        unit_code=unit_code,
        unit_name=unit_name,
        printed_value=printed_value,
        printed_period=printed_period,
        profile=profile,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        replaces=replaces,
        actor=actor,
        now=now,
    )
    transaction.set_rollback(is_trial)
    return change
