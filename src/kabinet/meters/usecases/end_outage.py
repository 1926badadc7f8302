"""End an outage: the meter is sealed, repaired or back in its place, and counts again."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.meters import operations
from kabinet.meters.models import MeterOutage
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class EndsBeforeBeginning(Refusal):
    code = "outage-ends-before-beginning"
    field = "ended_on"
    message = _("Перерыв начался %(since)s. Укажите этот день или более поздний.")


class OutageEnded(Refusal):
    code = "outage-ended"
    message = _("Этот перерыв в учёте уже кончился: последний день был %(last_day)s.")


@usecase
def end_outage(
    *,
    supplier_id: int,
    outage_id: int,
    ended_on: dt.date,
    opening_m3: Mapping[str, Decimal],
    request_id: UUID,
    actor: User | None,
    now: dt.datetime,
) -> MeterOutage:
    """Write the last day on which the meter did not count, and what it showed then: counting begins there.

    ended_on    the day on which it was sealed; the meter counts from the day after if it is verified
    opening_m3  what each scale showed at the end of that day, by zone
    request_id  the id of the readings; the same day again gives the outage back and writes nothing

    Raises OutageEnded, DayInFuture, EndsBeforeBeginning, AccountIsClosed, MeterRemoved, ReadingMissing,
    TakenBeforePrevious, ReadingDoesNotFit; NotFound and NotAllowed for whoever lacks the right. Source: docs/adr/0105.
    """
    accounts.check_keeper(actor, supplier_id)
    outages = MeterOutage.objects.filter(supplier_id=supplier_id, id=outage_id)
    meter_id = outages.values_list("meter_id", flat=True).first()
    if meter_id is None:
        raise NotFound
    account, meter = operations.lock_meter(supplier_id, meter_id)
    outage, counts_from = outages.get(), ended_on + operations.ONE_DAY
    if outage.valid_until == counts_from:
        return outage

    if outage.valid_until is not None:
        raise OutageEnded(last_day=operations.day_in_words(outage.valid_until - operations.ONE_DAY))
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    operations.require_day_reached(ended_on, today=today, field="ended_on")
    if ended_on < outage.valid_from:
        raise EndsBeforeBeginning(since=operations.day_in_words(outage.valid_from))
    accounts.require_open(account, on=ended_on)
    operations.require_not_removed(meter)

    outage.valid_until = counts_from
    outage.save(update_fields=["valid_until"])
    taken = operations.Taken(on=ended_on, request_id=request_id, by=actor, now=now)
    operations.take_opening_readings(meter, opening_m3, taken)
    audit.note(
        action="outage.ended",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"meter:{meter.id}",
        details={"outage": outage.id, "ended_on": str(ended_on)},
    )
    return outage
