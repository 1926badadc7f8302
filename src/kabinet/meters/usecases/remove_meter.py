"""Remove a meter for good: none comes in its place."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.meters import operations
from kabinet.meters.models import Meter
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


@usecase
def remove_meter(
    *,
    supplier_id: int,
    meter_id: int,
    closing_m3: Mapping[str, Decimal],
    removed_on: dt.date,
    request_id: UUID,
    actor: User | None,
    now: dt.datetime,
    confirmed: bool = False,
    rolled_over: bool = False,
) -> Meter:
    """End a meter with its closing readings; the same day again gives it back and writes nothing.

    A meter that is taken away to come back (verification, repair) has an outage instead: `note_outage`.

    removed_on  its last day; other arguments and what is raised: as `replace_meter` says of the old meter
    """
    accounts.check_keeper(actor, supplier_id)
    account, meter = operations.lock_meter(supplier_id, meter_id)
    if meter.removed_on == removed_on:
        return meter

    supplier = suppliers.supplier_card(supplier_id)
    operations.require_day_reached(removed_on, today=suppliers.local_day(now, supplier), field="removed_on")
    accounts.require_open(account, on=removed_on)
    taken = operations.Taken(
        on=removed_on, request_id=request_id, by=actor, now=now, rolled_over=rolled_over, confirmed=confirmed
    )
    operations.remove_meter(meter, closing_m3, taken, supplier)
    audit.note(
        action="meter.removed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"meter:{meter.id}",
        details={"removed_on": str(removed_on)},
    )
    return meter
