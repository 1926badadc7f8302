"""Note an outage: a meter does not count from a day on."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.audit import operations as audit
from kabinet.common.days import Days
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.meters import operations, queries, rules
from kabinet.meters.models import MeterOutage
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class ReasonIsADate(Refusal):
    code = "outage-reason-is-a-date"
    field = "reason"
    message = _("Что поверка истекла, видно по её сроку: отмечать это отдельно не нужно.")


class OutageKnown(Refusal):
    code = "outage-known"
    field = "since"
    message = _("На эти дни у счётчика уже записан перерыв в учёте, с %(since)s. Сначала отметьте его конец.")


class OutageBeforeMeter(Refusal):
    code = "outage-before-meter"
    field = "since"
    message = _("Счётчик установлен %(installed_on)s. Укажите этот день или более поздний.")


@usecase
def note_outage(
    *,
    supplier_id: int,
    meter_id: int,
    reason: str,
    since: dt.date,
    document: str,
    actor: User | None,
    now: dt.datetime,
) -> MeterOutage:
    """Write that a meter does not count from a day on, until `end_outage`; the same again writes nothing.

    reason    `seal_damaged`, `faulty`, or `removed` for a meter that was taken away to come back
    since     the first such day; for what an inspection found, the day after the last inspection
    document  the act

    Readings taken on such days stay where they are: accrual does not count by them.

    Raises ReasonIsADate, DayInFuture, AccountIsClosed, MeterRemoved, OutageBeforeMeter, OutageKnown; NotFound and
    NotAllowed for whoever lacks the right. Source: docs/adr/0105.
    """
    accounts.check_keeper(actor, supplier_id)
    account, meter = operations.lock_meter(supplier_id, meter_id)
    open_ones = MeterOutage.objects.filter(supplier_id=supplier_id, meter=meter, valid_until__isnull=True)
    if earlier := open_ones.filter(reason=reason, valid_from=since).first():
        return earlier

    if reason == rules.UNVERIFIED:
        raise ReasonIsADate
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    operations.require_day_reached(since, today=today, field="since")
    accounts.require_open(account, on=since)
    operations.require_not_removed(meter)
    if meter.installed_on is not None and since < meter.installed_on:
        raise OutageBeforeMeter(installed_on=operations.day_in_words(meter.installed_on))
    for known in queries.known_outages(meter).outages:
        if known.days.overlaps(Days(since, None)):
            raise OutageKnown(since=operations.day_in_words(known.days.since))

    outage = MeterOutage.objects.create(
        supplier_id=supplier_id, meter=meter, reason=MeterOutage.Reason(reason), valid_from=since, document=document
    )
    audit.note(
        action="outage.noted",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"meter:{meter.id}",
        details={"outage": outage.id, "reason": reason, "since": str(since), "document": document},
    )
    return outage
