"""Submit a reading: the customer tells what the meter shows."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import queries as accounts
from kabinet.accounts.models import Account
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.meters import operations, queries, rules
from kabinet.meters.facts import ReadingSubmitted
from kabinet.meters.models import Meter, Reading
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard


class AccountClosed(Refusal):
    code = "account-closed"
    message = _("Лицевой счёт закрыт, показания по нему больше не нужны.")


class MeterRemoved(Refusal):
    code = "meter-removed"
    message = _("Этот счётчик снят %(removed_on)s. Передайте показание нового счётчика.")


class VerificationExpired(Refusal):
    code = "verification-expired"
    message = _(
        "Срок поверки счётчика истёк %(due_on)s, его показания не учитываются. Закажите поверку и сообщите поставщику."
    )


class WindowClosed(Refusal):
    code = "window-closed"
    message = _("Сейчас показания не принимаются. Передайте их с %(opens_on)s по %(last_day)s.")


class TakenOutsideWindow(Refusal):
    code = "taken-outside-window"
    field = "taken_on"
    message = _("Показание должно быть снято не раньше %(opens_on)s: это первый день приёма.")


class ReadingDoesNotFit(Refusal):
    code = "reading-does-not-fit"
    field = "value_m3"
    message = _("Введите целое число кубометров, не больше %(digits)s цифр: чёрные цифры счётчика, без красных.")


class TakenInFuture(Refusal):
    code = "taken-in-future"
    field = "taken_on"
    message = _("Этот день ещё не наступил. Укажите день, когда Вы сняли показание.")


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
) -> Reading:
    """Record what the meter shows, with the consumption since the last reading that counts.

    value_m3     what the dial shows, m³
    taken_on     the day it was read, by the supplier's calendar
    request_id   the same id again gives the first reading back and writes nothing
    scale_id     which scale of a meter that has several
    confirmed    the customer has seen that it is much more than usual and insists: it is kept, and somebody looks at it
    rolled_over  the dial has passed its last number

    Raises AccountClosed, MeterRemoved, VerificationExpired, WindowClosed, TakenOutsideWindow, ReadingDoesNotFit,
    TakenInFuture, TakenBeforePrevious, ReadingBelowPrevious, RolloverNotConfirmed, VolumeTooLarge, ReadingImplausible,
    in this order; NotFound for a meter that is not this person's.
    Source: supply rules of 21.07.2008 No. 549, 21, 25 and 32; docs/adr/0040, docs/adr/0041.
    """
    account, meter, scale = operations.lock_account_of_meter(supplier_id, meter_id, scale_id, visible_to=actor)
    if earlier := queries.reading_by_request(supplier_id, scale.id, request_id):
        return earlier

    supplier = suppliers.supplier_card(supplier_id)
    today = suppliers.local_day(now, supplier)
    _require_meter_in_use(account, meter, on=taken_on)
    window = queries.reading_window(supplier, today)
    if not window.is_open_on(today):
        raise WindowClosed(opens_on=_day(window.opens_on), last_day=_day(window.last_day))
    if taken_on < window.opens_on:
        raise TakenOutsideWindow(opens_on=_day(window.opens_on))
    if not rules.fits_dial(value_m3, digits=meter.digits):
        raise ReadingDoesNotFit(digits=meter.digits)
    if taken_on > today:
        raise TakenInFuture

    previous = queries.latest_accepted(supplier_id, scale.id)
    status = Reading.Status.ACCEPTED
    consumption: dict[str, Any] = {"volume_m3": Decimal(0)}
    if previous is not None:
        consumption = _consumption_since(previous, value_m3, taken_on, meter, supplier, rolled_over=rolled_over)
        usual_m3 = queries.usual_volume_m3(
            supplier_id, scale.id, since=consumption["used_from"], until=taken_on + dt.timedelta(days=1)
        )
        is_plausible = rules.is_plausible(consumption["volume_m3"], usual_m3=usual_m3, ratio=supplier.plausible_ratio)
        if usual_m3 is not None and not is_plausible:
            if not confirmed:
                raise ReadingImplausible(volume_m3=_number(consumption["volume_m3"]), usual_m3=_number(usual_m3))
            status = Reading.Status.QUESTIONABLE

    reading = operations.record_reading(
        meter,
        scale,
        value_m3=value_m3,
        taken_on=taken_on,
        status=status,
        source=Reading.Source.CUSTOMER,
        author=actor,
        is_unproven=not accounts.account_card(supplier_id, account.id, visible_to=actor).is_full,
        request_id=request_id,
        submitted_at=now,
        **consumption,
    )
    outbox.record(ReadingSubmitted(supplier_id=supplier_id, account_id=account.id, reading_id=reading.id))
    return reading


def _require_meter_in_use(account: Account, meter: Meter, *, on: dt.date) -> None:
    if account.is_closed:
        raise AccountClosed
    if meter.removed_on is not None:
        raise MeterRemoved(removed_on=_day(meter.removed_on))
    if meter.verification_due_on is not None and on > meter.verification_due_on:
        raise VerificationExpired(due_on=_day(meter.verification_due_on))


def _consumption_since(
    previous: Reading, value_m3: Decimal, taken_on: dt.date, meter: Meter, supplier: SupplierCard, *, rolled_over: bool
) -> dict[str, Any]:
    """Give the columns that say what was used since a reading, or refuse: below it, before it, or too much at once."""
    before = {"previous_m3": _number(previous.value_m3), "previous_on": _day(previous.taken_on)}
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
    volume_m3 = rules.consumption_m3(
        previous_m3=previous.value_m3, current_m3=value_m3, digits=meter.digits, rolled_over=is_rollover
    )
    if volume_m3 > supplier.max_volume_m3:
        raise VolumeTooLarge(volume_m3=_number(volume_m3), max_volume_m3=_number(supplier.max_volume_m3))
    return {
        "previous_m3": previous.value_m3,
        "used_from": previous.taken_on + dt.timedelta(days=1),
        "volume_m3": volume_m3,
        "is_rollover": is_rollover,
    }


def _day(day: dt.date) -> str:
    return day.strftime("%d.%m.%Y")


def _number(value_m3: Decimal) -> str:
    return f"{value_m3:.0f}"
