"""The lines of a month that is not charged yet."""

import datetime as dt
from collections.abc import Iterator, Sequence

from kabinet.accounts.queries import AccountCard
from kabinet.bills.formats.bill import BillLine, Part
from kabinet.bills.queries.charged_lines import HOW, PARTS, Kind, benefit_words
from kabinet.bills.queries.dials import dial_name, scale_name
from kabinet.charges import queries as charges
from kabinet.charges.rules import Line
from kabinet.common.month import Month
from kabinet.meters import queries as meters
from kabinet.meters.models import Reading
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs import queries as tariffs


def open_lines(account: AccountCard, period: Month, *, today: dt.date) -> Iterator[BillLine]:
    """Give a line for each scale in use: with what has been handed in this month, else to be filled in by hand.

    After them stands what accrual will charge or give back together with those readings: benefits, and estimates of
    days that turned out to be none.
    """
    supplier_id = account.supplier_id
    service_id = suppliers.main_service_id(supplier_id)
    [service_name] = [service.name for service in suppliers.services(supplier_id) if service.id == service_id]
    handed_in = {
        reading.scale_id: reading
        for reading in charges.uncharged_readings(supplier_id, account.id).select_related("meter", "scale")
    }
    lines = charges.uncharged_lines(supplier_id, account.id)
    price = tariffs.price_on(supplier_id, service_id, account.usage_purpose_code, day=today)
    for meter, scale in _scales_in_use(meters.meters_of_account(account)):
        reading = handed_in.get(scale.id)
        if reading is None:
            yield BillLine(
                service_name=service_name,
                note=scale_name(meter.model_name, meter.serial_number, scale.name),
                digits=meter.digits,
                previous_m3=scale.previous_m3,
                price_rub_per_m3=price.price_rub_per_m3 if price else None,
            )
        else:
            yield from _lines_of(reading, lines, service_name)
    yield from (_line_beside(line, service_name) for line in lines if line.reading_id is None)


def _lines_of(reading: Reading, lines: Sequence[Line], service_name: str) -> Iterator[BillLine]:
    """Give the lines that accrual will make of a reading; without a sum when no price is known."""
    own = [line for line in lines if line.reading_id == reading.id]
    for number, line in enumerate(own or [None]):
        how = HOW.get(Kind(line.kind)) if line else None
        yield BillLine(
            service_name=service_name,
            note="" if number else ", ".join(filter(None, (dial_name(reading), how))),
            goes_on=bool(number),
            digits=0 if number else reading.meter.digits,
            current_m3=None if number else reading.value_m3,
            previous_m3=None if number else reading.previous_m3,
            volume_m3=line.volume_m3 if line else reading.volume_m3,
            price_rub_per_m3=line.price_rub_per_m3 if line else None,
            amount_rub=line.amount_rub if line else None,
            part=PARTS.get(Kind(line.kind), Part.CHARGED) if line else Part.CHARGED,
        )


def _line_beside(line: Line, service_name: str) -> BillLine:
    kind = Kind(line.kind)
    return BillLine(
        service_name=service_name,
        note=benefit_words(line.inputs) if kind == Kind.BENEFIT else HOW.get(kind, ""),
        amount_rub=line.amount_rub,
        part=PARTS.get(kind, Part.CHARGED),
    )


def _scales_in_use(cards: Sequence[MeterCard]) -> Iterator[tuple[MeterCard, ScaleCard]]:
    for meter in cards:
        if not meter.is_removed:
            for scale in meter.scales:
                yield meter, scale
