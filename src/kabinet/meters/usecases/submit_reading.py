"""Submit a reading: the customer tells what the meter shows."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import queries as accounts
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.meters import operations, queries
from kabinet.meters.facts import ReadingSubmitted
from kabinet.meters.models import Reading
from kabinet.meters.operations.readings import (
    MeterNotCounting,
    MeterRemoved,
    ReadingBelowPrevious,
    ReadingDoesNotFit,
    ReadingImplausible,
    RolloverNotConfirmed,
    TakenBeforePrevious,
    VerificationExpired,
    VolumeTooLarge,
)
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers

__all__ = [
    "AccountClosed",
    "FullAccessAsked",
    "MeterNotCounting",
    "MeterRemoved",
    "PhotoMissing",
    "ReadingBelowPrevious",
    "ReadingDoesNotFit",
    "ReadingImplausible",
    "ReadingsPaused",
    "RolloverNotConfirmed",
    "TakenBeforePrevious",
    "TakenInFuture",
    "TakenOutsideWindow",
    "VerificationExpired",
    "VolumeTooLarge",
    "WindowClosed",
    "submit_reading",
]


class AccountClosed(Refusal):
    code = "account-closed"
    message = _("Лицевой счёт закрыт, показания по нему больше не нужны.")


class ReadingsPaused(Refusal):
    code = "readings-paused"
    message = _("Приём показаний приостановлен. %(note)s")


class FullAccessAsked(Refusal):
    code = "reading-needs-full-access"
    message = _("Этот поставщик принимает показания только при полном доступе. Подтвердите, что счёт Ваш.")


class WindowClosed(Refusal):
    code = "window-closed"
    message = _("Сейчас показания не принимаются. Передайте их с %(opens_on)s по %(last_day)s.")


class TakenOutsideWindow(Refusal):
    code = "taken-outside-window"
    field = "taken_on"
    message = _("Показание должно быть снято не раньше %(opens_on)s: это первый день приёма.")


class TakenInFuture(Refusal):
    code = "taken-in-future"
    field = "taken_on"
    message = _("Этот день ещё не наступил. Укажите день, когда Вы сняли показание.")


class PhotoMissing(Refusal):
    code = "photo-missing"
    field = "photo"
    message = _(
        "Расход намного больше обычного, и этот поставщик принимает такое показание только с фотографией счётчика. "
        "Приложите её к показанию в разделе «Показания»."
    )


@usecase
def submit_reading(
    *,
    supplier_id: int,
    meter_id: int,
    value_m3: Decimal,
    taken_on: dt.date,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
    scale_id: int | None = None,
    confirmed: bool = False,
    rolled_over: bool = False,
    has_photo: bool = False,
) -> Reading:
    """Record what the meter shows, with the consumption since the last reading that counts.

    value_m3     what the dial shows, m³
    taken_on     the day it was read, by the supplier's calendar
    request_id   the same id again gives the first reading back and writes nothing, and so does the same number of the
                 same day from the same person
    scale_id     which scale of a meter that has several
    confirmed    the customer has seen that it is much more than usual and insists: it is kept, and somebody looks at it
    rolled_over  the dial has passed its last number
    has_photo    a photo of the meter comes with it: `submit_reading_with_photo`

    Raises AccountClosed, ReadingsPaused, FullAccessAsked, MeterRemoved, VerificationExpired or MeterNotCounting,
    WindowClosed, TakenOutsideWindow, ReadingDoesNotFit, TakenInFuture, TakenBeforePrevious, ReadingBelowPrevious,
    RolloverNotConfirmed, VolumeTooLarge, ReadingImplausible, PhotoMissing, in this order; NotFound for a meter that is
    not this person's.
    Source: supply rules of 21.07.2008 No. 549, 21, 25 and 32; docs/adr/0040, docs/adr/0041.
    """
    account, meter, scale = operations.lock_account_of_meter(supplier_id, meter_id, scale_id, visible_to=actor)
    earlier = queries.reading_by_request(supplier_id, scale.id, request_id)
    if earlier := earlier or queries.same_reading(supplier_id, scale.id, value_m3, taken_on, author=actor):
        return earlier

    supplier = suppliers.supplier_card(supplier_id)
    today = suppliers.local_day(now, supplier)
    if account.is_closed:
        raise AccountClosed
    if supplier.pause_note:
        raise ReadingsPaused(note=supplier.pause_note)
    is_unproven = not accounts.account_card(supplier_id, account.id, visible_to=actor).is_full
    if is_unproven and not supplier.lite_submits_readings:
        raise FullAccessAsked
    operations.require_counting(meter, on=taken_on)
    window = queries.reading_window(supplier, today)
    if not window.is_open_on(today):
        raise WindowClosed(
            opens_on=operations.day_in_words(window.opens_on), last_day=operations.day_in_words(window.last_day)
        )
    if taken_on < window.opens_on:
        raise TakenOutsideWindow(opens_on=operations.day_in_words(window.opens_on))
    operations.require_fits_dial(meter, value_m3)
    if taken_on > today:
        raise TakenInFuture

    previous = queries.latest_accepted(supplier_id, scale.id)
    used = operations.consumption_since(previous, value_m3, taken_on, meter, supplier, rolled_over=rolled_over)
    doubt = operations.doubt_about(used, taken_on, scale, supplier)
    if doubt and not confirmed:
        raise doubt
    if doubt and supplier.requires_photos and not has_photo:
        raise PhotoMissing

    reading = operations.record_reading(
        meter,
        scale,
        value_m3=value_m3,
        taken_on=taken_on,
        status=Reading.Status.QUESTIONABLE if doubt else Reading.Status.ACCEPTED,
        source=Reading.Source.CUSTOMER,
        author=actor,
        is_unproven=is_unproven,
        request_id=request_id,
        submitted_at=now,
        **used,
    )
    outbox.record(ReadingSubmitted(supplier_id=supplier_id, account_id=account.id, reading_id=reading.id))
    return reading
