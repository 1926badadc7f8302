"""Read meters, readings and consumption."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard, FullAccessRequired
from kabinet.common.errors import NotFound
from kabinet.common.month import Month, months_between
from kabinet.meters import rules
from kabinet.meters.models import Meter, Reading
from kabinet.meters.rules import ReadingWindow
from kabinet.people.models import User
from kabinet.suppliers.queries import SupplierCard

SERIAL_LEFT_OPEN = 3
YEARS_OF_HISTORY = 2
METER_COLUMNS = (
    "account_id",
    "id",
    "serial_number",
    "model_name",
    "location",
    "digits",
    "verification_due_on",
    "seal_number",
    "installed_on",
    "removed_on",
)


@dataclass(frozen=True)
class ScaleCard:
    """A scale with the last reading that counts, and the last one that was handed in."""

    id: int
    zone: str
    name: str
    previous_m3: Decimal | None
    previous_on: dt.date | None
    latest_m3: Decimal | None
    latest_on: dt.date | None
    latest_status: str | None

    @property
    def awaits_check(self) -> bool:
        """Whether a reading newer than the one that counts waits for somebody to look at it."""
        return self.latest_status == Reading.Status.QUESTIONABLE

    def has_reading_in(self, window: ReadingWindow) -> bool:
        return self.latest_on is not None and window.is_open_on(self.latest_on)


@dataclass(frozen=True)
class MeterCard:
    """A meter as its customer sees it. Who has not proven the account sees the end of the serial number only."""

    supplier_id: int
    account_id: int
    id: int
    serial_number: str
    model_name: str
    location: str
    digits: int
    verification_due_on: dt.date | None
    seal_number: str
    installed_on: dt.date | None
    removed_on: dt.date | None
    scales: tuple[ScaleCard, ...]

    @property
    def scale(self) -> ScaleCard:
        """The first scale, which is the only one of a gas meter."""
        return self.scales[0]

    @property
    def is_removed(self) -> bool:
        return self.removed_on is not None

    def is_verified_on(self, day: dt.date) -> bool:
        return self.verification_due_on is None or day <= self.verification_due_on

    def scale_by_id(self, scale_id: int | None) -> ScaleCard:
        """Give a scale by its id, the first one for None. Raises NotFound."""
        for scale in self.scales:
            if scale_id in (None, scale.id):
                return scale
        raise NotFound


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
    """What went through all meters of an account in a month; None where no reading says."""

    period: Month
    volume_m3: Decimal | None


def reading_window(supplier: SupplierCard, on: dt.date) -> ReadingWindow:
    """Give the window of days that is open on a day, or else the next one."""
    return rules.window_for(on, opens_day=supplier.reading_opens_day, closes_day=supplier.reading_closes_day)


def meters_of_account(account: AccountCard) -> list[MeterCard]:
    """Give the meters of an account with their last readings, those in use first. Whoever has its card may know."""
    return _meter_cards(account.supplier_id, "meter.account_id = %s", account.id, is_full=account.is_full)


def meter_card(supplier_id: int, meter_id: int, *, visible_to: User) -> MeterCard:
    """Give a meter. Raises NotFound, also for a meter of somebody else's account."""
    account_id = account_id_of_meter(supplier_id, meter_id)
    account = accounts.account_card(supplier_id, account_id, visible_to=visible_to)
    [card] = _meter_cards(supplier_id, "meter.id = %s", meter_id, is_full=account.is_full)
    return card


def account_id_of_meter(supplier_id: int, meter_id: int) -> int:
    """Tell whose meter it is. Raises NotFound."""
    account_id = Meter.objects.filter(supplier_id=supplier_id, id=meter_id).values_list("account_id", flat=True).first()
    if account_id is None:
        raise NotFound
    return account_id


def _meter_cards(supplier_id: int, condition: str, value: int, *, is_full: bool) -> list[MeterCard]:
    """Read meters, their scales and the ends of their readings in one statement, however long the history is."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {", ".join(f"meter.{column}" for column in METER_COLUMNS)},
                   scale.id, scale.zone, scale.name,
                   previous.value_m3, previous.taken_on, latest.value_m3, latest.taken_on, latest.status
            FROM meters_meter AS meter
            JOIN meters_meterscale AS scale ON scale.supplier_id = meter.supplier_id AND scale.meter_id = meter.id
            LEFT JOIN LATERAL (
                SELECT value_m3, taken_on FROM meters_reading
                WHERE supplier_id = scale.supplier_id AND scale_id = scale.id AND status = 'accepted'
                ORDER BY taken_on DESC, id DESC LIMIT 1
            ) AS previous ON true
            LEFT JOIN LATERAL (
                SELECT value_m3, taken_on, status FROM meters_reading
                WHERE supplier_id = scale.supplier_id AND scale_id = scale.id
                ORDER BY taken_on DESC, id DESC LIMIT 1
            ) AS latest ON true
            WHERE meter.supplier_id = %s AND {condition}
            ORDER BY meter.removed_on DESC NULLS FIRST, meter.id, scale.zone
            """,  # noqa: S608 - the condition is one of the two above, the columns are our own
            [supplier_id, value],
        )
        rows = cursor.fetchall()
    cards = []
    for _, group in groupby(rows, key=lambda row: row[1]):
        rows_of_meter = list(group)
        columns: dict[str, Any] = dict(zip(METER_COLUMNS, rows_of_meter[0], strict=False))
        if not is_full:
            columns["serial_number"] = f"…{columns['serial_number'][-SERIAL_LEFT_OPEN:]}"
        scales = tuple(ScaleCard(*row[len(METER_COLUMNS) :]) for row in rows_of_meter)
        cards.append(MeterCard(supplier_id=supplier_id, scales=scales, **columns))
    return cards


def reading_by_request(supplier_id: int, scale_id: int, request_id: UUID) -> Reading | None:
    return Reading.objects.filter(supplier_id=supplier_id, scale_id=scale_id, request_id=request_id).first()


def latest_accepted(supplier_id: int, scale_id: int) -> Reading | None:
    """Give the reading that the next one is compared with."""
    accepted = Reading.objects.filter(supplier_id=supplier_id, scale_id=scale_id, status=Reading.Status.ACCEPTED)
    return accepted.order_by("-taken_on", "-id").first()


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
                   meter.digits, meter.serial_number
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

    A volume counts in the month in which its reading was taken, as on the bill.
    """
    return monthly_consumption_of(supplier_id, [account_id], months)[account_id]


def monthly_consumption_of(
    supplier_id: int, account_ids: Sequence[int], months: Sequence[Month]
) -> dict[int, list[MonthVolume]]:
    """Give of each of several accounts what `monthly_consumption` gives of one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account_id, date_trunc('month', taken_on), sum(volume_m3) FROM meters_reading
            WHERE supplier_id = %s AND account_id = ANY(%s) AND status = 'accepted' AND used_from IS NOT NULL
                AND taken_on BETWEEN %s AND %s
            GROUP BY 1, 2
            """,
            [supplier_id, list(account_ids), min(months).first_day, max(months).last_day],
        )
        volumes = {
            (account_id, Month.of(first_day)): volume_m3 for account_id, first_day, volume_m3 in cursor.fetchall()
        }
    return {
        account_id: [MonthVolume(month, volumes.get((account_id, month))) for month in months]
        for account_id in account_ids
    }


def months_until(last: Month, count: int) -> list[Month]:
    """Give `count` months, the last one being `last`."""
    return list(months_between(last.plus(1 - count), last.next()))
