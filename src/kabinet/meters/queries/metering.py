"""What accrual is told of meters: many accounts at once, by a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from kabinet.common.days import Days
from kabinet.meters import rules
from kabinet.meters.models import Meter, MeterOutage, MeterScale, Reading

YEARS_KNOWN = 2


def metering_of(supplier_id: int, account_ids: Sequence[int], *, until: dt.date) -> dict[int, tuple[rules.Meter, ...]]:
    """Give the meters of accounts with all that consumption before the day `until` is computed from.

    The readings are those that count, taken in the two years before that day; a meter removed earlier is left out. Each
    account asked for has its entry, one without a meter an empty one. Four queries, however many accounts.
    """
    since = known_since(until)
    meters = [
        meter
        for meter in Meter.objects.filter(supplier_id=supplier_id, account_id__in=account_ids).order_by("id")
        if meter.removed_on is None or meter.removed_on >= since
    ]
    meter_ids = [meter.id for meter in meters]
    outages = outages_of(supplier_id, meter_ids, since=since)
    scales = _scales_of(supplier_id, meter_ids, since=since, until=until)

    by_account: dict[int, list[rules.Meter]] = {account_id: [] for account_id in account_ids}
    for meter in meters:
        by_account[meter.account_id].append(
            rules.Meter(
                id=meter.id,
                serial_number=meter.serial_number,
                digits=meter.digits,
                usage_purpose_code=meter.usage_purpose_code,
                needs_volume_factor=meter.needs_volume_factor,
                installed_on=meter.installed_on,
                removed_on=meter.removed_on,
                verification_due_on=meter.verification_due_on,
                outages=outages[meter.id],
                scales=scales[meter.id],
            )
        )
    return {account_id: rules.with_first_days(found) for account_id, found in by_account.items()}


def known_outages(meter: Meter) -> rules.KnownOutages:
    """Give what is known of the days on which a meter does not count; `rules.outage_on` tells of a day."""
    [outages] = outages_of(meter.supplier_id, [meter.id]).values()
    return rules.KnownOutages(meter.removed_on, meter.verification_due_on, outages)


def outages_of(
    supplier_id: int, meter_ids: Sequence[int], *, since: dt.date = dt.date.min
) -> dict[int, tuple[rules.Outage, ...]]:
    """Give what is written of the outages of meters that last beyond a day, oldest first; `()` for those without."""
    found: dict[int, list[rules.Outage]] = {meter_id: [] for meter_id in meter_ids}
    rows = MeterOutage.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=since), supplier_id=supplier_id, meter_id__in=meter_ids
    )
    for meter_id, reason, valid_from, valid_until in rows.order_by("valid_from").values_list(
        "meter_id", "reason", "valid_from", "valid_until"
    ):
        found[meter_id].append(rules.Outage(Days(valid_from, valid_until), reason))
    return {meter_id: tuple(outages) for meter_id, outages in found.items()}


def _scales_of(
    supplier_id: int, meter_ids: Sequence[int], *, since: dt.date, until: dt.date
) -> dict[int, tuple[rules.Scale, ...]]:
    readings: dict[int, list[rules.Reading]] = defaultdict(list)
    rows = Reading.objects.filter(
        supplier_id=supplier_id,
        meter_id__in=meter_ids,
        status=Reading.Status.ACCEPTED,
        taken_on__gte=since,
        taken_on__lt=until,
    ).order_by("taken_on", "id")
    columns = ("id", "taken_on", "value_m3", "previous_m3", "used_from", "volume_m3", "is_rollover")
    for row in rows.values_list("scale_id", *columns):
        readings[row[0]].append(rules.Reading(*row[1:]))

    scales: dict[int, list[rules.Scale]] = {meter_id: [] for meter_id in meter_ids}
    found = MeterScale.objects.filter(supplier_id=supplier_id, meter_id__in=meter_ids).order_by("zone")
    for scale_id, meter_id, zone in found.values_list("id", "meter_id", "zone"):
        scales[meter_id].append(rules.Scale(scale_id, zone, tuple(readings[scale_id])))
    return {meter_id: tuple(of_meter) for meter_id, of_meter in scales.items()}


def known_since(until: dt.date) -> dt.date:
    """Give the first day of the readings that `metering_of` gives."""
    return _years_before(until, YEARS_KNOWN)


def _years_before(day: dt.date, years: int) -> dt.date:
    """Give the same day so many years ago; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
