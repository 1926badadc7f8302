"""Set a tariff: the supplier names the price of a service from a day on."""

import datetime as dt
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.suppliers.models import Service
from kabinet.tariffs import rules
from kabinet.tariffs.models import Tariff

UNITS_M3 = {Tariff.Unit.M3: 1, Tariff.Unit.THOUSAND_M3: 1000}


class PriceNotPositive(Refusal):
    code = "price-not-positive"
    field = "printed_price"
    message = _("Цена должна быть больше нуля.")


class PriceTooPrecise(Refusal):
    code = "price-too-precise"
    field = "printed_price"
    message = _("В пересчёте на 1 м³ у цены больше пяти знаков после запятой. Проверьте цену и единицу.")


class TariffDaysReversed(Refusal):
    code = "tariff-days-reversed"
    field = "valid_until"
    message = _("Цена должна закончиться позже, чем начнётся.")


class TariffOverlaps(Refusal):
    code = "tariff-overlaps"
    field = "valid_from"
    message = _("На эти дни цена уже задана: она действует с %(since)s. Выберите другие дни.")


@usecase
def set_tariff(
    *,
    supplier_id: int,
    service_id: int,
    usage_purpose_code: str,
    printed_price: Decimal,
    printed_unit: str,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    actor: User | None,
    now: dt.datetime,
) -> Tariff:
    """Set a price on the days [valid_from, valid_until). A price without an end that began earlier ends there.

    printed_price  as the order prints it, for `printed_unit`: "m3" or "1000m3"
    source         the order, as people will read it under «Как посчитано»

    Raises PriceNotPositive, PriceTooPrecise, TariffDaysReversed, TariffOverlaps; NotFound for a foreign service.
    """
    service = Service.objects.select_for_update().filter(supplier_id=supplier_id, id=service_id).first()
    if service is None:
        raise NotFound
    if printed_price <= 0:
        raise PriceNotPositive
    try:
        price_rub_per_m3 = rules.price_per_m3(printed_price, units_m3=UNITS_M3[Tariff.Unit(printed_unit)])
    except rules.TooPrecise as error:
        raise PriceTooPrecise from error
    if valid_until is not None and valid_until <= valid_from:
        raise TariffDaysReversed

    same = Tariff.objects.filter(supplier_id=supplier_id, service=service, usage_purpose_code=usage_purpose_code)
    same.filter(valid_from__lt=valid_from, valid_until__isnull=True).update(valid_until=valid_from)
    overlapping = same.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=valid_from))
    if valid_until is not None:
        overlapping = overlapping.filter(valid_from__lt=valid_until)
    if other := overlapping.order_by("valid_from").first():
        raise TariffOverlaps(since=other.valid_from.strftime("%d.%m.%Y"))

    tariff = Tariff.objects.create(
        supplier_id=supplier_id,
        service=service,
        usage_purpose_code=usage_purpose_code,
        price_rub_per_m3=price_rub_per_m3,
        printed_price=printed_price,
        printed_unit=printed_unit,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
    )
    audit.note(
        action="tariff.set", actor=actor, now=now, supplier_id=supplier_id, subject=f"tariff:{tariff.id}", details={}
    )
    return tariff
