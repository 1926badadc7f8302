"""Set a tariff: the supplier names the price of a service from a day on."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.tariffs import operations
from kabinet.tariffs.models import Tariff

#: A price without steps is that of its first step.
FIRST_STEP = Decimal(0)


@usecase
def set_tariff(
    *,
    supplier_id: int,
    service_id: int,
    usage_purpose_code: str,
    zone: str = "",
    above_m3: Decimal = FIRST_STEP,
    printed_price: Decimal,
    printed_unit: str,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool = False,
    is_trial: bool = False,
    actor: User | None,
    now: dt.datetime,
) -> operations.Change[Tariff]:
    """Set a price on the days [valid_from, valid_until). A price without an end that began earlier ends there.

    above_m3       the yearly step that the price is of, m³; 0 is the first, and a higher one needs it on the same days
    printed_price  as the order prints it, for `printed_unit`: "m3" or "1000m3"
    source         the order, as people will read it under «Как посчитано»
    replaces       prices that stand on these days give way; before and after them they go on
    is_trial       nothing is kept: it raises what it would raise, and tells which months it would touch
    actor          None for the operator's terminal; a member of staff only tries: `propose_terms`

    Days that are over may be priced anew: no released bill changes by it, and the result names the first such month.
    Raises NotSoldByVolume, PriceNotPositive, PriceTooPrecise, DaysReversed, PurposeUnknown, ZoneUnknown,
    StepBelowZero, FirstStepMissing, TariffOverlaps, TakesTwo; NotFound for a foreign service; NotAllowed.
    """
    operations.check_one_may(actor, supplier_id, is_trial=is_trial)
    supplier = operations.lock_terms(supplier_id)
    change = operations.set_price(
        supplier,
        operations.service_of(supplier_id, service_id),
        usage_purpose_code=usage_purpose_code,
        zone=zone,
        above_m3=above_m3,
        printed_price=printed_price,
        printed_unit=printed_unit,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        replaces=replaces,
        actor=actor,
        now=now,
    )
    transaction.set_rollback(is_trial)
    return change
