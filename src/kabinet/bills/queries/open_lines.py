"""The lines of a month that is not charged yet."""

import datetime as dt
from collections.abc import Iterator, Sequence

from kabinet.accounts.queries import AccountCard
from kabinet.bills.formats.bill import BillLine
from kabinet.bills.queries.dials import dial_name, scale_name
from kabinet.charges import queries as charges
from kabinet.charges.rules import MeteredLine, PriceMissing
from kabinet.common.month import Month
from kabinet.meters import queries as meters
from kabinet.meters.models import Reading
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs import queries as tariffs


def open_lines(account: AccountCard, period: Month, *, today: dt.date) -> Iterator[BillLine]:
    """Give a line for each scale in use: with what has been handed in this month, else to be filled in by hand."""
    supplier_id = account.supplier_id
    service_id = suppliers.main_service_id(supplier_id)
    [service_name] = [service.name for service in suppliers.services(supplier_id) if service.id == service_id]
    handed_in = {
        reading.scale_id: reading
        for reading in charges.uncharged_readings(supplier_id, account.id).select_related("meter", "scale")
    }
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
            yield from _estimated_lines(account, service_name, reading)


def _estimated_lines(account: AccountCard, service_name: str, reading: Reading) -> Iterator[BillLine]:
    """Give the lines that accrual will make of a reading; without a sum when no price is known."""
    for number, line in enumerate(_priced(account, reading) or [None]):
        yield BillLine(
            service_name=service_name,
            note="" if number else dial_name(reading),
            goes_on=bool(number),
            digits=0 if number else reading.meter.digits,
            current_m3=None if number else reading.value_m3,
            previous_m3=None if number else reading.previous_m3,
            volume_m3=line.volume_m3 if line else reading.volume_m3,
            price_rub_per_m3=line.price_rub_per_m3 if line else None,
            amount_rub=line.amount_rub if line else None,
        )


def _priced(account: AccountCard, reading: Reading) -> Sequence[MeteredLine]:
    consumption = reading.consumption
    if consumption is None:
        return []
    try:
        [lines] = charges.priced(account.supplier_id, account.usage_purpose_code, [consumption])
    except PriceMissing:
        return []
    return lines


def _scales_in_use(cards: Sequence[MeterCard]) -> Iterator[tuple[MeterCard, ScaleCard]]:
    for meter in cards:
        if not meter.is_removed:
            for scale in meter.scales:
                yield meter, scale
