"""Verify a meter: from an act of verification (поверка) on, it counts until the next one is due."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.meters import operations, queries, rules
from kabinet.meters.models import Meter, MeterOutage
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class DueTooEarly(Refusal):
    code = "verification-due-too-early"
    field = "due_on"
    message = _("Следующая поверка должна быть позже этой, %(verified_on)s. Проверьте даты в свидетельстве.")


@usecase
def verify_meter(
    *,
    supplier_id: int,
    meter_id: int,
    verified_on: dt.date,
    due_on: dt.date,
    opening_m3: Mapping[str, Decimal],
    document: str,
    request_id: UUID,
    actor: User | None,
    now: dt.datetime,
) -> Meter:
    """Write the new date. When the old one had passed, keep those days as an outage and begin counting anew.

    verified_on  the day of the act: when the verification had run out, the last day that does not count
    due_on       the last day on which the meter counts without the next verification; the same one again writes nothing
    opening_m3   what each scale showed at the end of `verified_on`, by zone; not looked at where counting went on, nor
                 where it is told so late that the meter has been read since: it counts from that reading on
    document     the act or certificate
    request_id   the id of the readings

    A meter that has another outage at that time (taken away, faulty) counts again when that ends: `end_outage`.

    Raises DayInFuture, DueTooEarly, AccountIsClosed, MeterRemoved, ReadingMissing, TakenBeforePrevious,
    ReadingDoesNotFit; NotFound and NotAllowed for whoever lacks the right. Source: docs/adr/0105.
    """
    accounts.check_keeper(actor, supplier_id)
    account, meter = operations.lock_meter(supplier_id, meter_id)
    if meter.verification_due_on == due_on:
        return meter

    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    operations.require_day_reached(verified_on, today=today, field="verified_on")
    if due_on <= verified_on:
        raise DueTooEarly(verified_on=operations.day_in_words(verified_on))
    accounts.require_open(account, on=verified_on)
    operations.require_not_removed(meter)

    known, counts_from = queries.known_outages(meter), verified_on + operations.ONE_DAY
    expired = rules.expired_days(known, before=counts_from)
    MeterOutage.objects.bulk_create(
        MeterOutage(
            supplier_id=supplier_id,
            meter=meter,
            reason=MeterOutage.Reason.UNVERIFIED,
            valid_from=days.since,
            valid_until=days.until,
            document=document,
        )
        for days in expired
    )
    counts_again = rules.outage_on(replace(known, verification_due_on=due_on), counts_from) is None
    if expired and counts_again and not queries.is_read_after(meter, verified_on):
        taken = operations.Taken(on=verified_on, request_id=request_id, by=actor, now=now)
        operations.take_opening_readings(meter, opening_m3, taken)
    meter.verification_due_on = due_on
    meter.save(update_fields=["verification_due_on"])
    audit.note(
        action="meter.verified",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"meter:{meter.id}",
        details={"verified_on": str(verified_on), "due_on": str(due_on), "document": document},
    )
    return meter
