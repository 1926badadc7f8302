"""Replace a meter: the old one ends with its closing readings, the new one begins with its opening ones."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.meters import operations, queries, rules
from kabinet.meters.models import Meter
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


@usecase
def replace_meter(
    *,
    supplier_id: int,
    meter_id: int,
    closing_m3: Mapping[str, Decimal],
    new: rules.NewMeter,
    replaced_on: dt.date,
    request_id: UUID,
    actor: User | None,
    now: dt.datetime,
    confirmed: bool = False,
    rolled_over: bool = False,
) -> Meter:
    """Take a meter away and put another in its place, and give the new one: all of it or nothing.

    closing_m3   what each scale of the old meter showed, by its zone; those of one that does not count may lack
    replaced_on  the old meter's last day; the new one counts from the day after
    request_id   the same id again gives the first meter back and writes nothing
    confirmed    staff have seen that a closing reading means much more than usual
    rolled_over  staff have seen that a dial which shows less has passed its last number

    Raises DayInFuture, AccountIsClosed, MeterRemoved, OutageBeginsLater; for closing readings ReadingMissing,
    ReadingDoesNotFit, TakenBeforePrevious, ReadingBelowPrevious, RolloverNotConfirmed, VolumeTooLarge,
    ReadingImplausible; for the new meter SerialMissing, DigitsOutOfRange, ScalesUnclear, VerificationOver, SerialKnown,
    ReadingDoesNotFit; NotFound and NotAllowed for whoever lacks the right. Source: docs/adr/0107.
    """
    accounts.check_keeper(actor, supplier_id)
    account, old = operations.lock_meter(supplier_id, meter_id)
    if earlier := queries.meter_opened_by_request(supplier_id, account.id, request_id):
        return earlier

    supplier = suppliers.supplier_card(supplier_id)
    operations.require_day_reached(replaced_on, today=suppliers.local_day(now, supplier), field="replaced_on")
    accounts.require_open(account, on=replaced_on)
    taken = operations.Taken(
        on=replaced_on, request_id=request_id, by=actor, now=now, rolled_over=rolled_over, confirmed=confirmed
    )
    operations.remove_meter(old, closing_m3, taken, supplier)
    meter = operations.install_meter(account, new, taken)
    audit.note(
        action="meter.replaced",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account.id}",
        details={"old": old.id, "new": meter.id, "replaced_on": str(replaced_on)},
    )
    return meter
