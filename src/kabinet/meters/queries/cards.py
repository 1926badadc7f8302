"""Meters as people see them: the dial, the last readings, and whether it counts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard
from kabinet.common.days import Days
from kabinet.common.errors import NotFound
from kabinet.meters import rules
from kabinet.meters.models import Meter, Reading
from kabinet.meters.rules import Outage, ReadingWindow
from kabinet.people.models import User

SERIAL_LEFT_OPEN = 3
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
OUTAGE_COLUMNS = ("reason", "valid_from", "valid_until")


@dataclass(frozen=True)
class ScaleCard:
    """A scale with the last reading that counts, and the last one that counts or waits for a check.

    refused_m3, refused_on, refused_why, refused_author_id
        the last one that does not count although it came after all that do, and what was said of it
    """

    id: int
    zone: str
    name: str
    previous_m3: Decimal | None
    previous_on: dt.date | None
    latest_m3: Decimal | None
    latest_on: dt.date | None
    latest_status: str | None
    latest_id: int | None
    latest_author_id: int | None
    latest_has_photo: bool | None
    latest_photo_asked_at: dt.datetime | None
    refused_m3: Decimal | None
    refused_on: dt.date | None
    refused_why: str | None
    refused_author_id: int | None

    @property
    def awaits_check(self) -> bool:
        """Whether a reading newer than the one that counts waits for somebody to look at it."""
        return self.latest_status == Reading.Status.QUESTIONABLE

    def takes_photo_of(self, user_id: int, *, is_full: bool) -> bool:
        """Whether a person may add a photo to the reading that waits: under lite access only to their own."""
        return self.awaits_check and (is_full or self.latest_author_id == user_id)

    def is_refused_since(self, day: dt.date) -> bool:
        """Whether the last reading that was handed in does not count, and was taken on a day or after it."""
        return self.refused_on is not None and self.refused_on >= day

    def has_reading_in(self, window: ReadingWindow) -> bool:
        return self.latest_on is not None and window.is_open_on(self.latest_on)


@dataclass(frozen=True)
class MeterCard:
    """A meter as its customer sees it. Who has not proven the account sees the end of the serial number only.

    outages  the newest that is written: all that a screen of today asks about
    """

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
    outages: tuple[Outage, ...]
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

    def outage_on(self, day: dt.date) -> Outage | None:
        """Give the outage that the meter has on a day, a verification that has run out among them; None: it counts."""
        return rules.outage_on(self, day)

    def scale_by_id(self, scale_id: int | None) -> ScaleCard:
        """Give a scale by its id, the first one for None. Raises NotFound."""
        for scale in self.scales:
            if scale_id in (None, scale.id):
                return scale
        raise NotFound


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
                   {", ".join(f"outage.{column}" for column in OUTAGE_COLUMNS)},
                   scale.id, scale.zone, scale.name,
                   previous.value_m3, previous.taken_on,
                   latest.value_m3, latest.taken_on, latest.status, latest.id, latest.author_id,
                   EXISTS (
                       SELECT FROM meters_readingphoto
                       WHERE supplier_id = scale.supplier_id AND reading_id = latest.id
                   ),
                   latest.photo_asked_at,
                   refused.value_m3, refused.taken_on, refused.review_note, refused.author_id
            FROM meters_meter AS meter
            JOIN meters_meterscale AS scale ON scale.supplier_id = meter.supplier_id AND scale.meter_id = meter.id
            LEFT JOIN LATERAL (
                SELECT value_m3, taken_on FROM meters_reading
                WHERE supplier_id = scale.supplier_id AND scale_id = scale.id AND status = 'accepted'
                ORDER BY taken_on DESC, id DESC LIMIT 1
            ) AS previous ON true
            LEFT JOIN LATERAL (
                SELECT id, value_m3, taken_on, status, author_id, photo_asked_at FROM meters_reading
                WHERE supplier_id = scale.supplier_id AND scale_id = scale.id AND status <> 'rejected'
                ORDER BY taken_on DESC, id DESC LIMIT 1
            ) AS latest ON true
            LEFT JOIN LATERAL (
                SELECT value_m3, taken_on, review_note, author_id FROM meters_reading
                WHERE supplier_id = scale.supplier_id AND scale_id = scale.id AND status = 'rejected'
                    AND review_note <> '' AND source IN ('customer', 'operator', 'inspector')
                    AND taken_on >= previous.taken_on AND id > latest.id
                ORDER BY taken_on DESC, id DESC LIMIT 1
            ) AS refused ON true
            LEFT JOIN LATERAL (
                SELECT reason, valid_from, valid_until FROM meters_meteroutage
                WHERE supplier_id = meter.supplier_id AND meter_id = meter.id
                ORDER BY valid_from DESC LIMIT 1
            ) AS outage ON true
            WHERE meter.supplier_id = %s AND {condition}
            ORDER BY meter.removed_on DESC NULLS FIRST, meter.id, scale.zone
            """,  # noqa: S608 - the condition is one of the two above, the columns are our own
            [supplier_id, value],
        )
        rows = cursor.fetchall()
    first_of_scale = len(METER_COLUMNS) + len(OUTAGE_COLUMNS)
    cards = []
    for _, group in groupby(rows, key=lambda row: row[1]):
        rows_of_meter = list(group)
        columns: dict[str, Any] = dict(zip(METER_COLUMNS, rows_of_meter[0], strict=False))
        if not is_full:
            columns["serial_number"] = f"…{columns['serial_number'][-SERIAL_LEFT_OPEN:]}"
        reason, valid_from, valid_until = rows_of_meter[0][len(METER_COLUMNS) : first_of_scale]
        outages = (Outage(Days(valid_from, valid_until), reason),) if reason else ()
        scales = tuple(ScaleCard(*row[first_of_scale:]) for row in rows_of_meter)
        cards.append(MeterCard(supplier_id=supplier_id, outages=outages, scales=scales, **columns))
    return cards
