"""What a reading in time would have meant for a month that was charged by an estimate, and what can still be done."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kabinet.accounts.queries import AccountCard
from kabinet.charges import queries as charges
from kabinet.charges.queries import ChargeCard, LaterReading
from kabinet.common.month import Month
from kabinet.meters import queries as meters
from kabinet.meters.queries import MeterCard
from kabinet.suppliers import queries as suppliers

SILENT = "silent"


@dataclass(frozen=True)
class Advice:
    """What is said under the estimates of a month, once for all its lines.

    later         what the readings said that came afterwards
    meter         the meter whose reading helps; None when none does
    last_day      of the window that is open or opens next
    months_left   of months that may still be charged by the mean; None where the norm holds already
    why           why there was no reading, as `ChargeCard.estimated_because`
    """

    later: LaterReading | None
    meter: MeterCard | None
    last_day: dt.date
    months_left: int | None
    why: str

    @property
    def is_last_by_mean(self) -> bool:
        return self.months_left == 0


def advice_of(account: AccountCard, lines: Sequence[ChargeCard], *, now: dt.datetime) -> Advice | None:
    """Advise on the estimates among the lines of a month; None when there are none."""
    estimated = [line for line in lines if line.is_estimated]
    if not estimated:
        return None
    supplier = suppliers.supplier_card(account.supplier_id)
    today = suppliers.local_day(now, supplier)
    later = charges.later_readings(account.supplier_id, account.id, [line.id for line in estimated])
    line = estimated[0]
    meter = _silent_meter(line, meters.meters_of_account(account))
    return Advice(
        later=next(iter(later.values()), None),
        meter=None if account.is_closed else meter,
        last_day=meters.reading_window(supplier, today).last_day,
        months_left=_months_left(account.supplier_id, line) if meter else None,
        why=line.estimated_because,
    )


def _silent_meter(line: ChargeCard, cards: Sequence[MeterCard]) -> MeterCard | None:
    """Give the meter of a line if it only lacks a reading, and still does."""
    meter = next((card for card in cards if card.id == line.meter_id and not card.is_removed), None)
    if meter is None or line.estimated_because != SILENT or line.last_day is None:
        return None
    heard_on = meter.scale.previous_on
    return meter if heard_on is None or heard_on <= line.last_day else None


def _months_left(supplier_id: int, line: ChargeCard) -> int | None:
    """Tell how many months in a row may be charged by the mean after this one; None for a line by the norm."""
    at_most = charges.months_by_mean(supplier_id, line.period)
    heard_on = line.inputs.get("last_reading_on")
    if line.kind != "average" or at_most is None or not heard_on:
        return None
    heard_in = Month.of(dt.date.fromisoformat(heard_on))
    silent_for = (line.period.year - heard_in.year) * 12 + line.period.month - heard_in.month
    return max(at_most - silent_for, 0)
