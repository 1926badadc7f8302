"""The lines of a charged month, of many accounts at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import F

from kabinet.bills.formats import words
from kabinet.bills.formats.bill import BillLine, Part
from kabinet.bills.queries.dials import dial_name, scale_name
from kabinet.charges.models import Charge
from kabinet.charges.queries.explanation.shapes import decimal
from kabinet.common.month import Month
from kabinet.meters.models import Reading

Kind = Charge.Kind

#: How a volume was found where no dial says so, in the language of the sheet.
HOW = {
    Kind.AVERAGE: "по среднему расходу, показаний нет",
    Kind.NORM: "по нормативу потребления",
    Kind.CORRECTION: "перерасчёт по показаниям",
    Kind.OPENING: "остаток из прежнего учёта",
}
PARTS = {
    Kind.BENEFIT: Part.BENEFIT,
    Kind.PENALTY: Part.PENALTY,
    Kind.CORRECTION: Part.RECALCULATION,
    Kind.ADJUSTMENT: Part.RECALCULATION,
    Kind.OPENING: Part.RECALCULATION,
}
_WITH_VOLUME = (Kind.METERED, Kind.AVERAGE, Kind.NORM, Kind.CORRECTION, Kind.IMPORTED)


@dataclass(frozen=True)
class ChargedLines:
    """The lines of an account's month, and the tax that they include: percent and sum.

    charged_on  when the first of them was charged; None without one that was not made by hand
    """

    lines: tuple[BillLine, ...] = ()
    vat: tuple[tuple[str, Decimal], ...] = ()
    charged_on: dt.date | None = None


def charged_lines(supplier_id: int, account_ids: Sequence[int], period: Month) -> dict[int, ChargedLines]:
    """Give the lines of a charged month by account; nothing for those without. A reading shows its dial once."""
    rows = (
        Charge.objects.filter(
            supplier_id=supplier_id, account_id__in=account_ids, period=period, service__supplier_id=F("supplier_id")
        )
        .select_related("service", "reading__meter", "reading__scale", "meter", "scale")
        .order_by("account_id", "service__position", "service_id", "line_no")
    )
    charges = list(rows)
    imported = [charge.account_id for charge in charges if _is_imported_volume(charge)]
    readings = _only_readings(supplier_id, imported, period)
    return {
        account_id: _lines_of(list(group), readings.get(account_id))
        for account_id, group in groupby(charges, key=lambda charge: charge.account_id)
    }


def _lines_of(charges: Sequence[Charge], only_reading: Reading | None) -> ChargedLines:
    vat: defaultdict[str, Decimal] = defaultdict(Decimal)
    for charge in charges:
        percent, vat_rub = charge.inputs.get("vat_percent"), decimal(charge.inputs.get("vat_rub"))
        if percent and vat_rub is not None:
            vat[str(percent)] += vat_rub
    charged_on = min((charge.charged_on for charge in charges if charge.kind != Kind.ADJUSTMENT), default=None)
    return ChargedLines(tuple(_bill_lines(charges, only_reading)), tuple(vat.items()), charged_on)


def _bill_lines(charges: Sequence[Charge], only_reading: Reading | None) -> Iterator[BillLine]:
    shown: set[int] = set()
    before: tuple[Any, ...] | None = None
    for charge in charges:
        reading = only_reading if _is_imported_volume(charge) else charge.reading
        dial = (charge.kind, charge.reading_id, charge.meter_id, charge.scale_id, charge.for_period)
        goes_on = dial == before and charge.kind in _WITH_VOLUME and charge.kind != Kind.IMPORTED
        before = dial
        if goes_on:
            yield _bill_line(charge, goes_on=True)
        elif reading is None or reading.id in shown:
            yield _bill_line(charge, note=_note(charge, _meter_name(charge)))
        else:
            shown.add(reading.id)
            yield _bill_line(
                charge,
                note=_note(charge, dial_name(reading)),
                digits=reading.meter.digits,
                current_m3=reading.value_m3,
                previous_m3=reading.previous_m3,
            )


def _bill_line(charge: Charge, **others: Any) -> BillLine:
    has_volume = charge.kind in _WITH_VOLUME
    return BillLine(
        service_name=charge.service.name,
        volume_m3=charge.volume_m3 if has_volume else None,
        price_rub_per_m3=charge.price_rub_per_m3 if has_volume else None,
        amount_rub=charge.amount_rub,
        part=PARTS.get(Kind(charge.kind), Part.CHARGED),
        formula=charge.formula,
        rule_source=charge.rule_source,
        **others,
    )


def _note(charge: Charge, meter: str) -> str:
    """Say what a line is for: the dial, how its volume was found, the month when it is another one."""
    month = f"за {words.month(charge.for_period)}" if charge.for_period else ""
    how = {
        Kind.BENEFIT: benefit_words(charge.inputs),
        Kind.ADJUSTMENT: str(charge.inputs.get("reason") or "корректировка"),
        **HOW,
    }.get(Kind(charge.kind), "")
    return ", ".join(part for part in (meter if charge.kind in _WITH_VOLUME else "", how, month) if part)


def benefit_words(inputs: Mapping[str, Any]) -> str:
    """Name the benefit of a line by what the line keeps: «льгота: ветеран труда»."""
    return f"льгота: {inputs['name']}" if inputs.get("name") else "льгота"


def _meter_name(charge: Charge) -> str:
    if charge.meter is None:
        return ""
    return scale_name(charge.meter.model_name, charge.meter.serial_number, charge.scale.name if charge.scale else "")


def _is_imported_volume(charge: Charge) -> bool:
    return charge.kind == Kind.IMPORTED and charge.volume_m3 is not None


def _only_readings(supplier_id: int, account_ids: Sequence[int], period: Month) -> dict[int, Reading]:
    """Give the readings behind charges that the supplier computed itself, where there is no doubt which they are."""
    if not account_ids:
        return {}
    found: defaultdict[int, list[Reading]] = defaultdict(list)
    for reading in Reading.objects.filter(
        supplier_id=supplier_id,
        account_id__in=account_ids,
        status=Reading.Status.ACCEPTED,
        used_from__isnull=False,
        taken_on__range=(period.first_day, period.last_day),
    ).select_related("meter", "scale"):
        found[reading.account_id].append(reading)
    return {account_id: readings[0] for account_id, readings in found.items() if len(readings) == 1}
