"""Record a reading: staff write down what a scale showed, on any day, also a control reading."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.meters import operations, queries
from kabinet.meters.models import Reading
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


@usecase
def record_reading(
    *,
    supplier_id: int,
    meter_id: int,
    value_m3: Decimal,
    taken_on: dt.date,
    request_id: UUID,
    actor: User | None,
    now: dt.datetime,
    scale_id: int | None = None,
    by_inspector: bool = False,
    confirmed: bool = False,
    rolled_over: bool = False,
) -> Reading:
    """Record what the meter shows as staff have learnt it: nobody asks whether the window is open.

    value_m3      what the dial shows, m³
    taken_on      the day at whose end it did, by the supplier's calendar: the last day before a new price, for one
    request_id    the same id again gives the first reading back and writes nothing
    scale_id      which scale of a meter that has several
    by_inspector  an inspector read it on the spot; else the customer told it
    confirmed     staff have seen that it is much more than usual, or more than is taken at once, and it counts
    rolled_over   the dial has passed its last number

    Raises AccountIsClosed, MeterRemoved, VerificationExpired or MeterNotCounting, ReadingDoesNotFit, DayInFuture,
    TakenBeforePrevious, ReadingBelowPrevious, RolloverNotConfirmed, VolumeTooLarge, ReadingImplausible, in this order;
    NotFound and NotAllowed for whoever lacks the right. Source: docs/adr/0106.
    """
    accounts.check_keeper(actor, supplier_id)
    account, meter, scale = operations.lock_account_of_meter(supplier_id, meter_id, scale_id)
    if earlier := queries.reading_by_request(supplier_id, scale.id, request_id):
        return earlier

    supplier = suppliers.supplier_card(supplier_id)
    accounts.require_open(account, on=taken_on)
    operations.require_counting(meter, on=taken_on)
    operations.require_fits_dial(meter, value_m3)
    operations.require_day_reached(taken_on, today=suppliers.local_day(now, supplier), field="taken_on")
    used = operations.consumption_since(
        queries.latest_accepted(supplier_id, scale.id),
        value_m3,
        taken_on,
        meter,
        supplier,
        rolled_over=rolled_over,
        may_be_large=confirmed,
    )
    doubt = operations.doubt_about(used, taken_on, scale, supplier)
    if doubt and not confirmed:
        raise doubt

    reading = operations.record_reading(
        meter,
        scale,
        value_m3=value_m3,
        taken_on=taken_on,
        status=Reading.Status.ACCEPTED,
        source=Reading.Source.INSPECTOR if by_inspector else Reading.Source.OPERATOR,
        author=actor,
        request_id=request_id,
        submitted_at=now,
        **used,
    )
    audit.note(
        action="reading.recorded",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"meter:{meter.id}",
        details={"reading": reading.id, "taken_on": str(taken_on), "source": reading.source},
    )
    return reading
