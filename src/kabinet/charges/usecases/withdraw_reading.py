"""Withdraw a reading: staff say that the number was wrong, before anything is charged by it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.charges.operations.withdrawing import BeingCharged, TooLateToWithdraw, withdraw
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.meters import operations as meters
from kabinet.meters.models import Reading
from kabinet.people.models import User

__all__ = ["BeingCharged", "ReasonMissing", "TooLateToWithdraw", "withdraw_reading"]


class ReasonMissing(Refusal):
    code = "withdraw-reason-missing"
    field = "reason"
    message = _("Напишите, почему показание не учитывается: это увидит абонент.")


@usecase
def withdraw_reading(
    *, supplier_id: int, reading_id: int, reason: str, actor: User | None, now: dt.datetime
) -> Reading:
    """Let the last reading of a scale not count any longer; withdrawn again, nothing is written.

    It stays in the history with the reason, and the next reading is compared with the one before it. What is charged
    already is corrected instead (`correct_month`).

    reason  the customer sees it

    Raises ReasonMissing, TooLateToWithdraw, BeingCharged; NotFound and NotAllowed for whoever lacks the right.
    Source: docs/adr/0207.
    """
    accounts.check_keeper(actor, supplier_id)
    readings = Reading.objects.filter(supplier_id=supplier_id, id=reading_id)
    meter_id = readings.values_list("meter_id", flat=True).first()
    if meter_id is None:
        raise NotFound
    _account, meter = meters.lock_meter(supplier_id, meter_id)
    reading = readings.get()
    if reading.status == Reading.Status.REJECTED:
        return reading
    if not reason.strip():
        raise ReasonMissing
    withdraw(reading, meter, note=reason.strip(), actor=actor, now=now)
    return reading
