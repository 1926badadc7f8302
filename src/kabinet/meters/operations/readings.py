"""How a reading is judged against the one before it, and how it is stored."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.meters import queries, rules
from kabinet.meters.models import Meter, MeterOutage, MeterScale, Reading
from kabinet.suppliers.queries import SupplierCard

ONE_DAY = dt.timedelta(days=1)


class MeterRemoved(Refusal):
    code = "meter-removed"
    message = _("Этот счётчик снят %(removed_on)s. Передайте показание нового счётчика.")


class VerificationExpired(Refusal):
    code = "verification-expired"
    message = _(
        "Срок поверки счётчика истёк %(due_on)s, его показания не учитываются. Закажите поверку и сообщите поставщику."
    )


class MeterNotCounting(Refusal):
    code = "meter-not-counting"
    message = _(
        "С %(since)s показания этого счётчика не учитываются: %(reason)s. Их снова примут, когда это исправят и "
        "поставщик запишет начальное показание."
    )


class ReadingDoesNotFit(Refusal):
    code = "reading-does-not-fit"
    field = "value_m3"
    message = _("Введите целое число кубометров, не больше %(digits)s цифр: чёрные цифры счётчика, без красных.")


class DayInFuture(Refusal):
    code = "day-in-future"
    message = _("Этот день ещё не наступил. Укажите сегодняшний день или прошедший.")

    def __init__(self, field: str, **values: Any) -> None:
        super().__init__(**values)
        self.field = field


class TakenBeforePrevious(Refusal):
    code = "taken-before-previous"
    field = "taken_on"
    message = _("Уже есть показание от %(previous_on)s. Укажите этот день или более поздний.")


class ReadingBelowPrevious(Refusal):
    code = "reading-below-previous"
    field = "value_m3"
    message = _("Показание меньше предыдущего: %(previous_m3)s от %(previous_on)s. Проверьте число на счётчике.")


class RolloverNotConfirmed(Refusal):
    code = "rollover-not-confirmed"
    field = "value_m3"
    message = _(
        "Показание меньше предыдущего: %(previous_m3)s от %(previous_on)s. Проверьте число. Если счётчик прошёл "
        "через ноль и начал считать сначала, отметьте это ниже."
    )


class VolumeTooLarge(Refusal):
    code = "volume-too-large"
    field = "value_m3"
    message = _(
        "Получается расход %(volume_m3)s м³, столько не принимается за один раз (не больше %(max_volume_m3)s м³). "
        "Проверьте число, а если оно верное, напишите поставщику."
    )


class ReadingImplausible(Refusal):
    code = "reading-implausible"
    field = "value_m3"
    message = _(
        "Расход %(volume_m3)s м³ намного больше обычного (около %(usual_m3)s м³). Проверьте число или подтвердите "
        "его ниже."
    )


def is_counting(meter: Meter, *, on: dt.date) -> bool:
    """Say whether a meter that is in its place counts on a day."""
    return rules.outage_on(queries.known_outages(meter), on) is None


def require_not_removed(meter: Meter) -> None:
    """Raises MeterRemoved for a meter that was taken away for good."""
    if meter.removed_on is not None:
        raise MeterRemoved(removed_on=day_in_words(meter.removed_on))


def require_counting(meter: Meter, *, on: dt.date) -> None:
    """Let through a meter that counts on a day. Raises MeterRemoved, VerificationExpired, MeterNotCounting."""
    require_not_removed(meter)
    outage = rules.outage_on(queries.known_outages(meter), on)
    if outage is None:
        return
    if outage.reason == rules.UNVERIFIED and meter.verification_due_on is not None:
        raise VerificationExpired(due_on=day_in_words(meter.verification_due_on))
    raise MeterNotCounting(
        since=day_in_words(outage.days.since), reason=MeterOutage.Reason(outage.reason).label.lower()
    )


def require_fits_dial(meter: Meter, value_m3: Decimal) -> None:
    """Raises ReadingDoesNotFit for a number that the dial cannot show."""
    if not rules.fits_dial(value_m3, digits=meter.digits):
        raise ReadingDoesNotFit(digits=meter.digits)


def require_day_reached(day: dt.date, *, today: dt.date, field: str) -> None:
    """Raises DayInFuture, beside the field that the day was typed into."""
    if day > today:
        raise DayInFuture(field)


def consumption_since(
    previous: Reading | None,
    value_m3: Decimal,
    taken_on: dt.date,
    meter: Meter,
    supplier: SupplierCard,
    *,
    rolled_over: bool,
    may_be_large: bool = False,
) -> dict[str, Any]:
    """Give the columns that say what was used since a reading, or refuse: below it, before it, or too much at once.

    previous      the last reading that counts; None where counting begins
    rolled_over   somebody has seen that the dial passed its last number
    may_be_large  more than the supplier takes at once is let through: its own staff have seen it

    Raises TakenBeforePrevious, ReadingBelowPrevious, RolloverNotConfirmed, VolumeTooLarge.
    """
    if previous is None:
        return {"volume_m3": Decimal(0)}
    before = {"previous_m3": _number(previous.value_m3), "previous_on": day_in_words(previous.taken_on)}
    if taken_on < previous.taken_on:
        raise TakenBeforePrevious(previous_on=before["previous_on"])
    is_rollover = value_m3 < previous.value_m3
    if is_rollover:
        may_roll_over = supplier.allow_rollover and rules.rollover_is_plausible(
            previous_m3=previous.value_m3,
            current_m3=value_m3,
            digits=meter.digits,
            max_volume_m3=supplier.max_volume_m3,
        )
        if not may_roll_over:
            raise ReadingBelowPrevious(**before)
        if not rolled_over:
            raise RolloverNotConfirmed(**before)
    used = _used_since(previous, value_m3, meter, is_rollover=is_rollover)
    if used["volume_m3"] > supplier.max_volume_m3 and not may_be_large:
        raise VolumeTooLarge(volume_m3=_number(used["volume_m3"]), max_volume_m3=_number(supplier.max_volume_m3))
    return used


def doubt_about(
    used: dict[str, Any], taken_on: dt.date, scale: MeterScale, supplier: SupplierCard
) -> ReadingImplausible | None:
    """Give the refusal for a volume much larger than what the scale usually counts on as many such days; None: fine.

    used  the columns of `consumption_since`
    """
    if "used_from" not in used:
        return None
    usual_m3 = queries.usual_volume_m3(scale.supplier_id, scale.id, since=used["used_from"], until=taken_on + ONE_DAY)
    is_plausible = rules.is_plausible(used["volume_m3"], usual_m3=usual_m3, ratio=supplier.plausible_ratio)
    if usual_m3 is None or is_plausible:
        return None
    return ReadingImplausible(volume_m3=_number(used["volume_m3"]), usual_m3=_number(usual_m3))


@transaction_required
def record_reading(meter: Meter, scale: MeterScale, **values: Any) -> Reading:
    """Store a reading. One that counts settles those that wait for a check."""
    reading = Reading.objects.create(
        supplier_id=meter.supplier_id, account_id=meter.account_id, meter=meter, scale=scale, **values
    )
    if reading.status == Reading.Status.ACCEPTED:
        settle_waiting(reading, meter)
    return reading


@transaction_required
def settle_waiting(accepted: Reading, meter: Meter) -> None:
    """Say of readings that wait for a check what one that counts means for them.

    Those up to its day wait no more: what they tell is within its own consumption. Later ones are compared with it from
    now on, and are not counted when they cannot follow it. An opening reading parts them: what was used before it is
    within no reading after it, so those on its other side stay as they are.
    """
    of_scale = Reading.objects.filter(supplier_id=accepted.supplier_id, scale_id=accepted.scale_id)
    first_day = accepted.used_from or accepted.taken_on + ONE_DAY
    opening = of_scale.filter(status=Reading.Status.ACCEPTED, used_from__isnull=True).aggregate(
        before=Max("taken_on", filter=Q(taken_on__lt=first_day)),
        after=Min("taken_on", filter=Q(taken_on__gte=first_day)),
    )
    waiting = of_scale.filter(
        status=Reading.Status.QUESTIONABLE,
        taken_on__gt=opening["before"] or dt.date.min,
        taken_on__lte=opening["after"] or dt.date.max,
    )
    waiting.filter(taken_on__lte=accepted.taken_on).update(status=Reading.Status.REJECTED)
    for later in waiting.filter(taken_on__gt=accepted.taken_on):
        is_below = later.value_m3 < accepted.value_m3
        if is_below and not later.is_rollover:
            later.status = Reading.Status.REJECTED
        else:
            used = _used_since(accepted, later.value_m3, meter, is_rollover=is_below)
            later.previous_m3, later.used_from = used["previous_m3"], used["used_from"]
            later.volume_m3, later.is_rollover = used["volume_m3"], used["is_rollover"]
        later.save(update_fields=["status", "previous_m3", "used_from", "volume_m3", "is_rollover"])


@transaction_required
def stop_counting(reading: Reading, meter: Meter, *, note: str) -> None:
    """Let the last reading of a scale that counts not count: the next one is compared with the one before it.

    Doubtful ones that it has settled wait again, unless the one before settles them as well. Those have no note: it is
    people who write one.
    note  why, as the customer reads it
    """
    reading.status, reading.review_note = Reading.Status.REJECTED, note
    reading.save(update_fields=["status", "review_note"])
    before = queries.latest_accepted(reading.supplier_id, reading.scale_id)
    if before is None:
        return
    Reading.objects.filter(
        supplier_id=reading.supplier_id,
        scale_id=reading.scale_id,
        status=Reading.Status.REJECTED,
        review_note="",
        taken_on__gt=before.taken_on,
    ).update(status=Reading.Status.QUESTIONABLE)
    settle_waiting(before, meter)


def day_in_words(day: dt.date) -> str:
    return day.strftime("%d.%m.%Y")


def _used_since(previous: Reading, value_m3: Decimal, meter: Meter, *, is_rollover: bool) -> dict[str, Any]:
    return {
        "previous_m3": previous.value_m3,
        "used_from": previous.taken_on + ONE_DAY,
        "volume_m3": rules.consumption_m3(
            previous_m3=previous.value_m3, current_m3=value_m3, digits=meter.digits, rolled_over=is_rollover
        ),
        "is_rollover": is_rollover,
    }


def _number(value_m3: Decimal) -> str:
    return f"{value_m3:.0f}"
