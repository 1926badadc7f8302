"""Setting a price: shared by one that a person enters and an order of many that is loaded from a file."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.suppliers.models import Service, Supplier
from kabinet.tariffs import rules
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.operations import terms

UNITS_M3 = {Tariff.Unit.M3: 1, Tariff.Unit.THOUSAND_M3: 1000}
FIRST_STEP = Decimal(0)


class PriceNotPositive(Refusal):
    code = "price-not-positive"
    field = "printed_price"
    message = _("Цена должна быть больше нуля.")


class NotSoldByVolume(Refusal):
    code = "service-not-sold-by-volume"
    field = "service_id"
    message = _(
        "По объёму начисляется только основная услуга, а «%(service)s» — нет: такая цена ни на что бы не повлияла. "
        "Плату за услугу задают в карточке лицевого счёта."
    )


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


@transaction_required
def set_price(
    supplier: Supplier,
    service: Service,
    *,
    usage_purpose_code: str,
    zone: str,
    above_m3: Decimal,
    printed_price: Decimal,
    printed_unit: str,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool,
    actor: User | None,
    now: dt.datetime,
) -> terms.Change[Tariff]:
    """Set a price after `lock_terms`; the arguments are those of `set_tariff`, and so is what is raised."""
    supplier_id = supplier.pk
    if not service.is_main:
        raise NotSoldByVolume(service=service.name)
    if printed_price <= 0:
        raise PriceNotPositive
    try:
        price_rub_per_m3 = rules.price_per_m3(printed_price, units_m3=UNITS_M3[Tariff.Unit(printed_unit)])
    except rules.TooPrecise as error:
        raise PriceTooPrecise from error
    terms.check_days(valid_from, valid_until)
    terms.check_purpose(supplier_id, usage_purpose_code)
    if zone and zone not in rules.ZONES:
        raise ZoneUnknown(zone=zone)
    if above_m3 < FIRST_STEP:
        raise StepBelowZero
    steps = Tariff.objects.filter(
        supplier_id=supplier_id, service=service, usage_purpose_code=usage_purpose_code, zone=zone
    )
    first_steps = steps.filter(above_m3=FIRST_STEP).order_by("valid_from")
    if above_m3 > FIRST_STEP and not _covers(list(first_steps), valid_from, valid_until):
        raise FirstStepMissing

    replaced = terms.make_room(
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
    return terms.Change(tariff, terms.affected_since(supplier, valid_from, now=now), bool(replaced))


def _covers(rows: list[Tariff], valid_from: dt.date, valid_until: dt.date | None) -> bool:
    """Tell whether rows, oldest first, hold on every day of [valid_from, valid_until)."""
    day = valid_from
    for row in rows:
        if row.valid_from <= day and (row.valid_until is None or row.valid_until > day):
            if row.valid_until is None or (valid_until is not None and row.valid_until >= valid_until):
                return True
            day = row.valid_until
    return False
