"""Set a tariff: the supplier names the price of a service from a day on."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs import operations, rules
from kabinet.tariffs.models import Tariff

UNITS_M3 = {Tariff.Unit.M3: 1, Tariff.Unit.THOUSAND_M3: 1000}
FIRST_STEP = Decimal(0)


class PriceNotPositive(Refusal):
    code = "price-not-positive"
    field = "printed_price"
    message = _("Цена должна быть больше нуля.")


class PriceTooPrecise(Refusal):
    code = "price-too-precise"
    field = "printed_price"
    message = _("В пересчёте на 1 м³ у цены больше пяти знаков после запятой. Проверьте цену и единицу.")


class ZoneUnknown(Refusal):
    code = "zone-unknown"
    field = "zone"
    message = _("Зоны «%(zone)s» нет. Бывают T1, T2 и T3; для цены, одной на все зоны, оставьте поле пустым.")


class StepBelowZero(Refusal):
    code = "step-below-zero"
    field = "above_m3"
    message = _("Порог ступени — объём за год — не бывает меньше нуля. Для первой ступени введите 0.")


class FirstStepMissing(Refusal):
    code = "first-step-missing"
    field = "above_m3"
    message = _("Сначала задайте на эти дни цену первой ступени, с порогом 0: без неё следующие ступени не действуют.")


class TariffOverlaps(Refusal):
    code = "tariff-overlaps"
    field = "valid_from"
    message = _("На эти дни цена уже задана: она действует с %(since)s. Выберите другие дни или замените ту цену.")


@usecase
def set_tariff(
    *,
    supplier_id: int,
    service_id: int,
    usage_purpose_code: str,
    zone: str = "",
    above_m3: Decimal = FIRST_STEP,
    printed_price: Decimal,
    printed_unit: str,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool = False,
    actor: User | None,
    now: dt.datetime,
) -> operations.Change[Tariff]:
    """Set a price on the days [valid_from, valid_until). A price without an end that began earlier ends there.

    above_m3       the yearly step that the price is of, m³; 0 is the first, and a higher one needs it on the same days
    printed_price  as the order prints it, for `printed_unit`: "m3" or "1000m3"
    source         the order, as people will read it under «Как посчитано»
    replaces       prices that stand on these days give way; before and after them they go on
    actor          None for the operator's terminal

    Days that are over may be priced anew: no released bill changes by it, and the result names the first such month.
    Raises PriceNotPositive, PriceTooPrecise, DaysReversed, PurposeUnknown, ZoneUnknown, StepBelowZero,
    FirstStepMissing, TariffOverlaps; NotFound for a foreign service; NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.SET_TARIFFS, supplier_id)
    supplier = operations.lock_terms(supplier_id)
    service = operations.service_of(supplier_id, service_id)
    if printed_price <= 0:
        raise PriceNotPositive
    try:
        price_rub_per_m3 = rules.price_per_m3(printed_price, units_m3=UNITS_M3[Tariff.Unit(printed_unit)])
    except rules.TooPrecise as error:
        raise PriceTooPrecise from error
    operations.check_days(valid_from, valid_until)
    operations.check_purpose(supplier_id, usage_purpose_code)
    if zone and zone not in rules.ZONES:
        raise ZoneUnknown(zone=zone)
    if above_m3 < FIRST_STEP:
        raise StepBelowZero
    steps = Tariff.objects.filter(
        supplier_id=supplier_id, service=service, usage_purpose_code=usage_purpose_code, zone=zone
    )
    first_steps = steps.filter(above_m3=FIRST_STEP).order_by("valid_from")
    if above_m3 > FIRST_STEP and not operations.covers(first_steps, valid_from, valid_until):
        raise FirstStepMissing

    replaced = operations.make_room(
        steps.filter(above_m3=above_m3),
        valid_from=valid_from,
        valid_until=valid_until,
        replaces=replaces,
        refusal=TariffOverlaps,
        now=now,
    )
    tariff = Tariff.objects.create(
        supplier_id=supplier_id,
        service=service,
        usage_purpose_code=usage_purpose_code,
        zone=zone,
        above_m3=above_m3,
        price_rub_per_m3=price_rub_per_m3,
        printed_price=printed_price,
        printed_unit=printed_unit,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        set_at=now,
    )
    audit.note(
        action="tariff.set",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"tariff:{tariff.id}",
        details={"price_rub_per_m3": str(price_rub_per_m3), "valid_from": str(valid_from), "gave_way": replaced},
    )
    return operations.Change(tariff, operations.affected_since(supplier, valid_from, now=now))
