"""Outages of an account's meters as staff keep them, and a reading that they decide about."""

import datetime as dt
from dataclasses import dataclass

from kabinet.accounts.queries import AccountCard
from kabinet.common.errors import NotFound
from kabinet.meters.models import MeterOutage, Reading
from kabinet.meters.queries.photos import has_photo
from kabinet.meters.queries.readings import ReadingRow

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class OutageRow:
    """Days [valid_from, valid_until) on which a meter does not count; an open end: it still does not."""

    id: int
    meter_id: int
    reason_name: str
    valid_from: dt.date
    valid_until: dt.date | None
    document: str

    @property
    def is_open(self) -> bool:
        return self.valid_until is None

    @property
    def last_day(self) -> dt.date | None:
        return self.valid_until and self.valid_until - ONE_DAY


def outage_rows(supplier_id: int, account_id: int) -> list[OutageRow]:
    """Give what is written of the outages of an account's meters, newest first."""
    rows = MeterOutage.objects.filter(
        supplier_id=supplier_id, meter__supplier_id=supplier_id, meter__account_id=account_id
    ).order_by("-valid_from")
    return [
        OutageRow(row.id, row.meter_id, str(row.get_reason_display()), row.valid_from, row.valid_until, row.document)
        for row in rows
    ]


def outage_reasons() -> list[tuple[str, str]]:
    """Name the reasons that staff may write for an outage: that verification has run out is seen by its date."""
    return [
        (value, str(label)) for value, label in MeterOutage.Reason.choices if value != MeterOutage.Reason.UNVERIFIED
    ]


def reading_row(account: AccountCard, reading_id: int) -> ReadingRow:
    """Give a reading of an account to whoever has its card. Raises NotFound."""
    own = Reading.objects.filter(supplier_id=account.supplier_id, account_id=account.id, id=reading_id)
    row = own.select_related("meter", "scale").first()
    if row is None:
        raise NotFound
    return ReadingRow(
        id=row.id,
        value_m3=row.value_m3,
        volume_m3=row.volume_m3,
        taken_on=row.taken_on,
        submitted_at=row.submitted_at,
        scale_name=row.scale.name,
        source=row.source,
        status=row.status,
        author_id=row.author_id,
        is_rollover=row.is_rollover,
        is_opening=row.used_from is None,
        digits=row.meter.digits,
        meter_serial=row.meter.serial_number,
        review_note=row.review_note,
        has_photo=has_photo(row),
    )
