"""Meters come and go: what a new one must be, and the readings with which one begins and ends."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.accounts.models import Account, ProofValue
from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.meters import queries, rules
from kabinet.meters.models import Meter, MeterOutage, MeterScale, Reading
from kabinet.meters.operations.readings import (
    ONE_DAY,
    TakenBeforePrevious,
    consumption_since,
    day_in_words,
    doubt_about,
    is_counting,
    record_reading,
    require_fits_dial,
    require_not_removed,
)
from kabinet.people.models import User
from kabinet.suppliers.queries import SupplierCard

FEWEST_DIGITS, MOST_DIGITS = 3, 9


class ReadingMissing(Refusal):
    code = "reading-missing"
    field = "values_m3"
    message = _("Укажите показание каждой шкалы счётчика: не хватает шкалы %(scale)s.")


class ScalesUnclear(Refusal):
    code = "scales-unclear"
    field = "scales"
    message = _("Укажите шкалы нового счётчика: хотя бы одну и каждую один раз.")


class SerialMissing(Refusal):
    code = "serial-missing"
    field = "serial_number"
    message = _("Укажите заводской номер счётчика: он стоит на самом счётчике и в его паспорте.")


class SerialKnown(Refusal):
    code = "serial-known"
    field = "serial_number"
    message = _(
        "Счётчик № %(serial_number)s у этого счёта уже есть. Если он вернулся после поверки или ремонта, отметьте "
        "конец перерыва в учёте."
    )


class DigitsOutOfRange(Refusal):
    code = "digits-out-of-range"
    field = "digits"
    message = _("Цифр до запятой у счётчика бывает от %(fewest)s до %(most)s.")


class VerificationOver(Refusal):
    code = "verification-over"
    field = "verification_due_on"
    message = _("Поверка кончилась бы раньше %(on)s: такой счётчик не считал бы ни дня. Проверьте дату.")


class OutageBeginsLater(Refusal):
    code = "outage-begins-later"
    message = _("С %(since)s счётчик уже не учитывается. Укажите этот день или более поздний.")


@dataclass(frozen=True)
class Taken:
    """How readings of all scales of a meter were taken.

    on           the day at whose end the dial showed them
    rolled_over  somebody has seen that a dial which shows less passed its last number
    confirmed    somebody has seen that it is much more than usual, and insists
    """

    on: dt.date
    request_id: UUID
    by: User | None
    now: dt.datetime
    rolled_over: bool = False
    confirmed: bool = False


def require_sound(new: rules.NewMeter, *, on: dt.date) -> None:
    """Raises SerialMissing, DigitsOutOfRange, ScalesUnclear, VerificationOver for what cannot be a meter on a day."""
    if not any(sign.isalnum() for sign in new.serial_number):
        raise SerialMissing
    if not FEWEST_DIGITS <= new.digits <= MOST_DIGITS:
        raise DigitsOutOfRange(fewest=FEWEST_DIGITS, most=MOST_DIGITS)
    zones = [scale.zone for scale in new.scales]
    if not zones or len(set(zones)) < len(zones):
        raise ScalesUnclear
    if new.verification_due_on is not None and new.verification_due_on < on:
        raise VerificationOver(on=day_in_words(on))


@transaction_required
def install_meter(account: Account, new: rules.NewMeter, taken: Taken) -> Meter:
    """Write a new meter with its scales and opening readings. Whose the day is: `rules.with_first_days`.

    Its serial number proves from now on who owns the account.
    Raises the refusals of `require_sound`, SerialKnown, ReadingDoesNotFit.
    """
    require_sound(new, on=taken.on)
    if Meter.objects.filter(supplier_id=account.supplier_id, account=account, serial_number=new.serial_number).exists():
        raise SerialKnown(serial_number=new.serial_number)
    meter = Meter.objects.create(
        supplier_id=account.supplier_id,
        account=account,
        serial_number=new.serial_number,
        model_name=new.model_name,
        location=new.location,
        digits=new.digits,
        installed_on=taken.on,
        verification_due_on=new.verification_due_on,
        seal_number=new.seal_number,
        usage_purpose_code=new.usage_purpose_code,
        needs_volume_factor=new.needs_volume_factor,
    )
    for scale in new.scales:
        MeterScale.objects.create(supplier_id=meter.supplier_id, meter=meter, zone=scale.zone, name=scale.name)
    take_opening_readings(meter, {scale.zone: scale.opening_m3 for scale in new.scales}, taken)
    accounts.record_proof(
        account.supplier_id, account.id, ProofValue.Kind.METER_SERIAL, new.serial_number, source=str(meter.id)
    )
    return meter


@transaction_required
def remove_meter(meter: Meter, closing_m3: Mapping[str, Decimal], taken: Taken, supplier: SupplierCard) -> None:
    """End a meter and the outage that it has, if it has one, with the day of its closing readings.

    Raises MeterRemoved, OutageBeginsLater and the refusals of `take_closing_readings`.
    """
    require_not_removed(meter)
    take_closing_readings(meter, closing_m3, taken, supplier)
    outage = MeterOutage.objects.filter(supplier_id=meter.supplier_id, meter=meter, valid_until__isnull=True).first()
    if outage is not None:
        if outage.valid_from > taken.on:
            raise OutageBeginsLater(since=day_in_words(outage.valid_from))
        outage.valid_until = taken.on + ONE_DAY
        outage.save(update_fields=["valid_until"])
    meter.removed_on = taken.on
    meter.save(update_fields=["removed_on"])


@transaction_required
def take_opening_readings(meter: Meter, values_m3: Mapping[str, Decimal], taken: Taken) -> list[Reading]:
    """Store the readings from which a meter counts on, whatever it showed before.

    values_m3  by zone, one for each scale

    Raises ReadingMissing, TakenBeforePrevious, ReadingDoesNotFit.
    """
    readings = []
    for scale in _scales(meter):
        value_m3 = _value_of(scale, values_m3)
        _require_after_last(scale, on=taken.on)
        require_fits_dial(meter, value_m3)
        readings.append(_record(meter, scale, value_m3, taken, Reading.Source.OPENING, volume_m3=Decimal(0)))
    return readings


@transaction_required
def take_closing_readings(
    meter: Meter, values_m3: Mapping[str, Decimal], taken: Taken, supplier: SupplierCard
) -> list[Reading]:
    """Store the last readings of a meter. On a day on which it does not count those that nobody could read may lack.

    values_m3  by zone

    Raises ReadingMissing, the refusals of `consumption_since`, ReadingImplausible, ReadingDoesNotFit.
    """
    must_be_read = is_counting(meter, on=taken.on)
    readings = []
    for scale in _scales(meter):
        _require_after_last(scale, on=taken.on)
        if scale.zone not in values_m3 and not must_be_read:
            continue
        value_m3 = _value_of(scale, values_m3)
        require_fits_dial(meter, value_m3)
        used = consumption_since(
            queries.latest_accepted(scale.supplier_id, scale.id),
            value_m3,
            taken.on,
            meter,
            supplier,
            rolled_over=taken.rolled_over,
            may_be_large=taken.confirmed,
        )
        if not taken.confirmed and (doubt := doubt_about(used, taken.on, scale, supplier)):
            raise doubt
        readings.append(_record(meter, scale, value_m3, taken, Reading.Source.CLOSING, **used))
    return readings


def _scales(meter: Meter) -> list[MeterScale]:
    return list(MeterScale.objects.filter(supplier_id=meter.supplier_id, meter=meter).order_by("zone"))


def _value_of(scale: MeterScale, values_m3: Mapping[str, Decimal]) -> Decimal:
    if scale.zone not in values_m3:
        raise ReadingMissing(scale=str(scale))
    return values_m3[scale.zone]


def _require_after_last(scale: MeterScale, *, on: dt.date) -> None:
    last = queries.latest_accepted(scale.supplier_id, scale.id)
    if last is not None and on < last.taken_on:
        raise TakenBeforePrevious(previous_on=day_in_words(last.taken_on))


def _record(
    meter: Meter, scale: MeterScale, value_m3: Decimal, taken: Taken, source: Reading.Source, **used: object
) -> Reading:
    return record_reading(
        meter,
        scale,
        value_m3=value_m3,
        taken_on=taken.on,
        status=Reading.Status.ACCEPTED,
        source=source,
        author=taken.by,
        request_id=taken.request_id,
        submitted_at=taken.now,
        **used,
    )
