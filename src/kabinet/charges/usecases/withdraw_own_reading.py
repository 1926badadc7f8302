"""Withdraw one's own reading: a customer has mistyped it and notices while readings are still taken."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.charges.operations.withdrawing import BeingCharged, TooLateToWithdraw, withdraw
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.meters import operations as meters
from kabinet.meters import queries as metering
from kabinet.meters.models import Reading
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers

__all__ = ["BeingCharged", "TakingIsOver", "TooLateToWithdraw", "withdraw_own_reading"]


class TakingIsOver(Refusal):
    code = "reading-taking-is-over"
    message = gettext_lazy(
        "Приём показаний закончился %(last_day)s, и другого показания сейчас не передать. Напишите поставщику, "
        "он исправит число."
    )


@usecase
def withdraw_own_reading(*, supplier_id: int, reading_id: int, actor: User, now: dt.datetime) -> Reading:
    """Let the reading that this person has handed in not count; withdrawn again, nothing is written.

    Only within the window that it was handed in for: afterwards the right one could not be handed in.

    Raises TakingIsOver, TooLateToWithdraw, BeingCharged; NotFound for a reading that somebody else has handed in.
    Source: docs/adr/0207.
    """
    readings = Reading.objects.filter(
        supplier_id=supplier_id, id=reading_id, author=actor, source=Reading.Source.CUSTOMER
    )
    meter_id = readings.values_list("meter_id", flat=True).first()
    if meter_id is None:
        raise NotFound
    _account, meter = meters.lock_meter(supplier_id, meter_id, visible_to=actor)
    reading = readings.get()
    if reading.status == Reading.Status.REJECTED:
        return reading
    supplier = suppliers.supplier_card(supplier_id)
    window = metering.reading_window(supplier, reading.taken_on)
    if not window.is_open_on(suppliers.local_day(now, supplier)):
        raise TakingIsOver(last_day=meters.day_in_words(window.last_day))
    withdraw(reading, meter, note=_("Отозвано тем, кто его передал."), actor=actor, now=now, is_own=True)
    return reading
