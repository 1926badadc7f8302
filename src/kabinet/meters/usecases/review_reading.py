"""Review a reading that waits for a check: staff say whether it counts."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.meters import operations
from kabinet.meters.facts import ReadingReviewed
from kabinet.meters.models import Reading
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class ReasonMissing(Refusal):
    code = "review-reason-missing"
    field = "reason"
    message = _("Напишите, почему показание не учтено: это увидит абонент.")


class ReadingDecided(Refusal):
    code = "reading-decided"
    message = _("По этому показанию уже решено: оно больше не на проверке.")


@usecase
def review_reading(
    *, supplier_id: int, reading_id: int, is_accepted: bool, reason: str, actor: User | None, now: dt.datetime
) -> Reading:
    """Let a questionable reading count, or not; the same decision again writes nothing.

    is_accepted  it counts: earlier ones that wait are within it, later ones are compared with it
    reason       what the decision rests on; the customer sees it. One must be given for a reading that does not count

    Raises ReadingDecided, ReasonMissing; NotFound and NotAllowed for whoever lacks the right. Source: docs/adr/0106.
    """
    if actor is not None:
        check_right(actor, rights.REVIEW_READINGS, supplier_id)
    readings = Reading.objects.filter(supplier_id=supplier_id, id=reading_id)
    meter_id = readings.values_list("meter_id", flat=True).first()
    if meter_id is None:
        raise NotFound
    account, meter = operations.lock_meter(supplier_id, meter_id)
    reading = readings.get()
    decision = Reading.Status.ACCEPTED if is_accepted else Reading.Status.REJECTED
    if reading.status == decision:
        return reading

    if reading.status != Reading.Status.QUESTIONABLE:
        raise ReadingDecided
    if not is_accepted and not reason.strip():
        raise ReasonMissing
    reading.status, reading.review_note = decision, reason.strip()
    reading.save(update_fields=["status", "review_note"])
    if is_accepted:
        operations.settle_waiting(reading, meter)
    audit.note(
        action="reading.accepted" if is_accepted else "reading.rejected",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"reading:{reading.id}",
        details={"meter": meter.id},
    )
    outbox.record(ReadingReviewed(supplier_id=supplier_id, account_id=account.id, reading_id=reading.id))
    return reading
