"""What a letter about a reading that does not count says."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.accounts import queries as accounts
from kabinet.meters import rules
from kabinet.meters.models import Reading
from kabinet.meters.queries.metering import known_outages
from kabinet.meters.queries.readings import reading_window
from kabinet.meters.rules import ReadingWindow
from kabinet.suppliers import queries as suppliers


@dataclass(frozen=True)
class NotCountedLetter:
    """What people are told of a reading that staff do not count, and what is to be done until when.

    reader_ids  who has proven the account, and whoever handed the reading in
    reason      what staff have said, on one line
    later       (number in m³, day) of another one that came after it; then nothing is to be done
    window      when the right one is taken: days that have begun or the next; None: none is taken of this meter
    is_open     those days have begun
    """

    reader_ids: Sequence[int]
    account_number: str
    supplier_name: str
    value_m3: Decimal
    digits: int
    taken_on: dt.date
    reason: str
    later: tuple[Decimal, dt.date] | None
    window: ReadingWindow | None
    is_open: bool


def not_counted_letter(supplier_id: int, reading_id: int, *, now: dt.datetime) -> NotCountedLetter | None:
    """Give what is true of a reading now; None for one that counts or waits.

    Who has not proven the account knows of own readings only. Source: docs/adr/0210.
    """
    rows = Reading.objects.filter(supplier_id=supplier_id, id=reading_id, status=Reading.Status.REJECTED)
    reading = rows.select_related("account", "meter", "supplier").first()
    if reading is None:
        return None
    of_scale = Reading.objects.filter(supplier_id=supplier_id, scale_id=reading.scale_id, id__gt=reading.id)
    later = of_scale.exclude(status=Reading.Status.REJECTED).order_by("taken_on", "id").last()
    supplier = suppliers.supplier_card(supplier_id)
    today = suppliers.local_day(now, supplier)
    window = reading_window(supplier, today)
    takes_none = (
        reading.account.closed_on is not None
        or bool(supplier.pause_note)
        or reading.meter.removed_on is not None
        or rules.outage_on(known_outages(reading.meter), today) is not None
    )
    return NotCountedLetter(
        reader_ids=[
            holder.user_id
            for holder in accounts.holders(supplier_id, reading.account_id)
            if holder.is_full or holder.user_id == reading.author_id
        ],
        account_number=reading.account.number,
        supplier_name=reading.supplier.name,
        value_m3=reading.value_m3,
        digits=reading.meter.digits,
        taken_on=reading.taken_on,
        reason=" ".join(reading.review_note.split()),
        later=(later.value_m3, later.taken_on) if later else None,
        window=None if takes_none else window,
        is_open=window.is_open_on(today),
    )
