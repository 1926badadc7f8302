"""Readings: what was shown when, whether it counts, and what was used."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from kabinet.accounts.queries import AccountCard, FullAccessRequired
from kabinet.common.month import Month, months_between
from kabinet.meters import rules
from kabinet.meters.models import Meter, Reading
from kabinet.meters.rules import ReadingWindow
from kabinet.people.models import User
from kabinet.suppliers.queries import SupplierCard

YEARS_OF_HISTORY = 2


@dataclass(frozen=True)
class ReadingRow:
    """A line of the history: what, when, from where, by whom, and whether it counts."""

    id: int
    value_m3: Decimal
    volume_m3: Decimal
    taken_on: dt.date
    submitted_at: dt.datetime
    scale_name: str
    source: str
    status: str
    author_id: int | None
    is_rollover: bool
    is_opening: bool
    digits: int
    meter_serial: str
    review_note: str
    has_photo: bool

    @property
    def source_name(self) -> str:
        return str(Reading.Source(self.source).label)

    @property
    def status_name(self) -> str:
        return str(Reading.Status(self.status).label)

    @property
    def is_accepted(self) -> bool:
        return self.status == Reading.Status.ACCEPTED

    @property
    def is_questionable(self) -> bool:
        return self.status == Reading.Status.QUESTIONABLE


@dataclass(frozen=True)
class MonthVolume:
    """What went through all meters of an account in a month.

    volume_m3  None where no reading says
    is_shared  some of it is the month's share of a volume between readings that lie further apart
    """

    period: Month
    volume_m3: Decimal | None
    is_shared: bool = False


def reading_window(supplier: SupplierCard, on: dt.date) -> ReadingWindow:
    """Give the window of days that is open on a day, or else the next one."""
    return rules.window_for(on, opens_day=supplier.reading_opens_day, closes_day=supplier.reading_closes_day)


def latest_windows(supplier: SupplierCard, on: dt.date) -> tuple[ReadingWindow, ReadingWindow]:
    """Give the last window that has opened by a day and the one before it, the earlier first."""
    days = {"opens_day": supplier.reading_opens_day, "closes_day": supplier.reading_closes_day}
    first_days = (Month.of(on).plus(-back).first_day for back in range(4))
    found = [rules.window_for(day, **days) for day in (on, *first_days)]
    opened = sorted({window for window in found if window.opens_on <= on}, key=lambda window: window.opens_on)
    return opened[-2], opened[-1]


def reading_by_request(supplier_id: int, scale_id: int, request_id: UUID) -> Reading | None:
    return Reading.objects.filter(supplier_id=supplier_id, scale_id=scale_id, request_id=request_id).first()


def latest_accepted(supplier_id: int, scale_id: int) -> Reading | None:
    """Give the reading that the next one is compared with."""
    accepted = Reading.objects.filter(supplier_id=supplier_id, scale_id=scale_id, status=Reading.Status.ACCEPTED)
    return accepted.order_by("-taken_on", "-id").first()


def same_reading(
    supplier_id: int, scale_id: int, value_m3: Decimal, taken_on: dt.date, *, author: User
) -> Reading | None:
    """Give the last reading that counts when the same person has said just that of that day, as from another tab."""
    latest = latest_accepted(supplier_id, scale_id)
    if latest and (latest.author_id, latest.taken_on, latest.value_m3) == (author.pk, taken_on, value_m3):
        return latest
    return None


def is_read_after(meter: Meter, day: dt.date) -> bool:
    """Say whether a reading that counts, an opening one included, was taken after a day."""
    rows = Reading.objects.filter(supplier_id=meter.supplier_id, meter=meter, status=Reading.Status.ACCEPTED)
    return rows.filter(taken_on__gt=day).exists()


def meter_opened_by_request(supplier_id: int, account_id: int, request_id: UUID) -> Meter | None:
    """Give the meter that a request installed at an account; None: it has not yet."""
    opening = Reading.objects.filter(
        supplier_id=supplier_id, account_id=account_id, request_id=request_id, source=Reading.Source.OPENING
    )
    return Meter.objects.filter(supplier_id=supplier_id, id__in=opening.values("meter_id")).first()


def usual_volume_m3(supplier_id: int, scale_id: int, *, since: dt.date, until: dt.date) -> Decimal | None:
    """Give what a scale usually counts on the days [since, until), by its last two years; None when unknown."""
    readings = Reading.objects.filter(
        supplier_id=supplier_id,
        scale_id=scale_id,
        status=Reading.Status.ACCEPTED,
        taken_on__gte=since.replace(year=since.year - YEARS_OF_HISTORY, day=1),
    )
    history = [used for reading in readings if (used := reading.consumption)]
    return rules.usual_volume_m3(history, since=since, until=until)


def reading_history(
    account: AccountCard, *, limit: int, offset: int = 0, meter_id: int | None = None
) -> list[ReadingRow]:
    """Give readings of an account or of one of its meters, newest first, leaving out the `offset` newest.

    Raises FullAccessRequired for somebody who has not proven the account.
    """
    if not account.is_full:
        raise FullAccessRequired
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT reading.id, reading.value_m3, reading.volume_m3, reading.taken_on, reading.submitted_at, scale.name,
                   reading.source, reading.status, reading.author_id, reading.is_rollover, reading.used_from IS NULL,
                   meter.digits, meter.serial_number, reading.review_note,
                   EXISTS (
                       SELECT FROM meters_readingphoto AS photo
                       WHERE photo.supplier_id = reading.supplier_id AND photo.reading_id = reading.id
                   )
            FROM meters_reading AS reading
            JOIN meters_meter AS meter ON meter.supplier_id = reading.supplier_id AND meter.id = reading.meter_id
            JOIN meters_meterscale AS scale ON scale.supplier_id = reading.supplier_id AND scale.id = reading.scale_id
            WHERE reading.supplier_id = %(supplier_id)s AND reading.account_id = %(account_id)s
                AND (%(meter_id)s::bigint IS NULL OR reading.meter_id = %(meter_id)s::bigint)
            ORDER BY reading.taken_on DESC, reading.id DESC
            LIMIT %(limit)s OFFSET %(offset)s
            """,
            {
                "supplier_id": account.supplier_id,
                "account_id": account.id,
                "meter_id": meter_id,
                "limit": limit,
                "offset": offset,
            },
        )
        return [ReadingRow(*row) for row in cursor.fetchall()]


def monthly_consumption(supplier_id: int, account_id: int, months: Sequence[Month]) -> list[MonthVolume]:
    """Give the consumption of an account by month, one entry per month asked for, in their order.

    A volume counts in the month in which its reading was taken, as on the bill. Where readings were missing, it is
    shared between the months that had none, day by day. Readings after the last month that is asked for do not count.
    """
    return monthly_consumption_of(supplier_id, [account_id], months)[account_id]


def monthly_consumption_of(
    supplier_id: int, account_ids: Sequence[int], months: Sequence[Month]
) -> dict[int, list[MonthVolume]]:
    """Give of each of several accounts what `monthly_consumption` gives of one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account_id, used_from, taken_on + 1, sum(volume_m3) FROM meters_reading
            WHERE supplier_id = %s AND account_id = ANY(%s) AND status = 'accepted' AND used_from IS NOT NULL
                AND taken_on BETWEEN %s AND %s
            GROUP BY account_id, taken_on, used_from
            """,
            [supplier_id, list(account_ids), min(months).first_day, max(months).last_day],
        )
        rows = cursor.fetchall()
    volumes: dict[tuple[int, Month], Decimal] = {}
    shared: set[tuple[int, Month]] = set()
    for account_id, since, until, volume_m3 in rows:
        shares = rules.Consumption(since, until, volume_m3).by_month_m3()
        for month, share_m3 in shares.items():
            volumes[account_id, month] = volumes.get((account_id, month), Decimal(0)) + share_m3
        if len(shares) > 1:
            shared.update((account_id, month) for month in shares)
    return {
        account_id: [
            MonthVolume(month, volumes.get((account_id, month)), (account_id, month) in shared) for month in months
        ]
        for account_id in account_ids
    }


def months_until(last: Month, count: int) -> list[Month]:
    """Give `count` months, the last one being `last`."""
    return list(months_between(last.plus(1 - count), last.next()))
