"""The lines of a charged month."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from kabinet.bills.formats.bill import BillLine
from kabinet.bills.queries.dials import dial_name
from kabinet.charges.models import Charge
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.meters.models import Reading


def charged_lines(supplier_id: int, account_id: int, period: Month) -> Iterator[BillLine]:
    """Give the lines of a charged month. A reading whose consumption fell under two prices shows its dial once."""
    rows = (
        Charge.objects.filter(
            supplier_id=supplier_id, account_id=account_id, period=period, service__supplier_id=F("supplier_id")
        )
        .select_related("service", "reading__meter", "reading__scale")
        .order_by("service__position", "service_id", "line_no")
    )
    shown: set[int] = set()
    for charge in rows:
        is_metered = charge.volume_m3 is not None
        reading = charge.reading
        if is_metered and charge.kind == Charge.Kind.IMPORTED:
            reading = _only_reading(supplier_id, account_id, period)
        if reading is None or reading.id in shown:
            yield _charge_line(charge, note="")
        else:
            shown.add(reading.id)
            yield _charge_line(
                charge,
                note=dial_name(reading),
                digits=reading.meter.digits,
                current_m3=reading.value_m3,
                previous_m3=reading.previous_m3,
            )


def _charge_line(charge: Charge, **dial: Any) -> BillLine:
    return BillLine(
        service_name=charge.service.name,
        volume_m3=charge.volume_m3,
        price_rub_per_m3=charge.price_rub_per_m3,
        amount_rub=charge.amount_rub,
        benefit_rub=ZERO,
        formula=charge.formula,
        rule_source=charge.rule_source,
        **dial,
    )


def _only_reading(supplier_id: int, account_id: int, period: Month) -> Reading | None:
    """Give the reading behind a charge that the supplier computed itself, when there is no doubt which it is."""
    readings = Reading.objects.filter(
        supplier_id=supplier_id,
        account_id=account_id,
        status=Reading.Status.ACCEPTED,
        used_from__isnull=False,
        taken_on__range=(period.first_day, period.last_day),
    ).select_related("meter", "scale")[:2]
    return readings[0] if len(readings) == 1 else None
