"""Read what the worker has counted for the first page of the office."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.charges.models import Figure
from kabinet.charges.rules import DebtOfAge, by_age
from kabinet.common.money import ZERO
from kabinet.common.month import Month


@dataclass(frozen=True)
class Debts:
    """What customers owe. undated_rub: of no month, for it came as a balance, not as a charge."""

    total_rub: Decimal
    debtors_count: int
    ages: Sequence[DebtOfAge]
    undated_rub: Decimal


@dataclass(frozen=True)
class WindowDay:
    """A day of the window in which readings are taken.

    place   its number in the window, from 1
    day     None when suppliers whose windows differ are summed
    count   scales of which a reading came first on this day; None for a day that is still to come
    before  the same of the window before
    """

    place: int
    day: dt.date | None
    count: int | None
    before: int


@dataclass(frozen=True)
class Received:
    """Readings of the present window, or of the last one. before: how many there were by this day of the one before."""

    days: Sequence[WindowDay]
    count: int
    expected: int
    before: int

    @property
    def percent(self) -> int:
        return 100 * self.count // self.expected if self.expected else 0

    @property
    def percent_before(self) -> int:
        return 100 * self.before // self.expected if self.expected else 0


@dataclass(frozen=True)
class Figures:
    """counted_at: the oldest of the suppliers' countings."""

    debts: Debts
    received: Received
    counted_at: dt.datetime


def figures(supplier_ids: Sequence[int] | None, *, today: dt.date) -> Figures | None:
    """Sum the figures of suppliers; None: of every supplier. Gives None where nothing was counted yet. One query."""
    rows = Figure.objects.order_by("on", "supplier_id")
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=supplier_ids)
    by_kind: dict[str, list[Figure]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    if not by_kind:
        return None
    debtors = by_kind[Figure.Kind.DEBTORS]
    return Figures(
        debts=Debts(
            total_rub=_rub(debtors),
            debtors_count=sum(row.count for row in debtors),
            ages=by_age(
                [(Month.of(row.on), row.amount_rub) for row in by_kind[Figure.Kind.UNPAID] if row.on],
                this_month=Month.of(today),
            ),
            undated_rub=_rub(by_kind[Figure.Kind.UNDATED]),
        ),
        received=_received(by_kind[Figure.Kind.READINGS], by_kind[Figure.Kind.SCALES], today),
        counted_at=min(row.counted_at for found in by_kind.values() for row in found),
    )


def _received(readings: Iterable[Figure], scales: Sequence[Figure], today: dt.date) -> Received:
    """Lay the windows of suppliers over each other: first day on first day."""
    opens_on = {row.supplier_id: row.on for row in scales}
    present: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    before: dict[int, list[int]] = defaultdict(list)
    for row in readings:
        opened_on = opens_on[row.supplier_id]
        if row.on and opened_on and row.on >= opened_on:
            present[row.supplier_id].append((row.on, row.count))
        else:
            before[row.supplier_id].append(row.count)

    counts: dict[int, list[int | None]] = defaultdict(list)
    counts_before: dict[int, int] = defaultdict(int)
    days: dict[int, set[dt.date]] = defaultdict(set)
    for rows in present.values():
        for place, (day, count) in enumerate(rows, start=1):
            counts[place].append(count if day <= today else None)
            days[place].add(day)
    for earlier in before.values():
        for place, count in enumerate(earlier, start=1):
            counts_before[place] += count
    laid = [
        WindowDay(
            place=place,
            day=next(iter(days[place])) if len(days[place]) == 1 else None,
            count=sum(known) if (known := [count for count in counts[place] if count is not None]) else None,
            before=counts_before[place],
        )
        for place in sorted(counts)
    ]
    return Received(
        days=laid,
        count=sum(day.count for day in laid if day.count is not None),
        expected=sum(row.count for row in scales),
        before=sum(day.before for day in laid if day.count is not None),
    )


def _rub(rows: Iterable[Figure]) -> Decimal:
    return sum((row.amount_rub for row in rows), ZERO)
