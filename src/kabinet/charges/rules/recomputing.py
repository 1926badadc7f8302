"""What a month should have been, less what was charged for it: a line for whatever differs. Plain values.

Source: docs/adr/0123.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import AccountMonth, Accrued, ChargedLine, Line, Terms
from kabinet.charges.rules.accrual import NOTHING_CHARGED, accrue
from kabinet.charges.rules.benefits import BENEFIT, GRANT_FACTS, grant_of, month_of
from kabinet.charges.rules.consumption import CORRECTION, IMPORTED
from kabinet.charges.rules.words import CORRECTION_RULE, number, rub, signed
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.meters.rules import Meter

#: A service, the grant of a benefit of it if it is about one, a meter, and its scale.
Key = tuple[int, tuple[str, str] | None, int | None, int | None]


@dataclass
class Compared:
    """Lines of one thing: what is due for it, and what was charged."""

    due: list[Line] = field(default_factory=list)
    charged: list[ChargedLine] = field(default_factory=list)

    @property
    def amount_rub(self) -> Decimal:
        return _total_rub(self.due) - _total_rub(self.charged)

    @property
    def volume_m3(self) -> Decimal:
        return _volume_m3(self.due) - _volume_m3(self.charged)


def recompute(account: AccountMonth, terms: Terms, *, reason: str) -> Accrued:
    """Give the lines that make a charged month what it should have been; oddities where that cannot be told.

    The month is computed anew as it was computed then: of what was charged before it, and of the readings that it was
    charged by. A reading that came later has been charged, and has corrected it, in a later month; the days of the norm
    that it left as they were are computed by it now, when the supplier leaves that to its staff (docs/adr/0152). What
    the supplier charged in its own program stays as it is: nothing is corrected.
    account  with all that has been charged, in later months too
    """
    charged = [line for line in account.charged if month_of(line) == account.period]
    due = accrue(_as_then(account, charged), terms)
    if any(oddity.kind in NOTHING_CHARGED for oddity in due.oddities):
        return Accrued((), due.oddities)
    if any(line.kind == IMPORTED for line in charged):
        return Accrued((), ())
    return Accrued(difference_lines(due.lines, charged, month=account.period, reason=reason), ())


def _as_then(account: AccountMonth, charged: Sequence[ChargedLine]) -> AccountMonth:
    """Give the account as accrual of the month saw it, with what has been found since of the months before it.

    charged  what was charged for the month
    """
    later = _readings_of(line for line in account.charged if month_of(line) > account.period)
    before = account.charged_reading_ids - later - _readings_of(charged)
    known = account.charged_reading_ids - later
    return replace(
        account,
        meters=tuple(_with_readings(meter, known) for meter in account.meters),
        charged=tuple(line for line in account.charged if month_of(line) < account.period),
        charged_reading_ids=before,
    )


def _readings_of(lines: Iterable[ChargedLine]) -> frozenset[int]:
    return frozenset(line.reading_id for line in lines if line.reading_id)


def _with_readings(meter: Meter, known: Collection[int]) -> Meter:
    """Leave out the readings of a meter that were charged later or not at all; opening ones are never charged."""
    scales = tuple(
        replace(scale, readings=tuple(item for item in scale.readings if item.id in known or item.used_from is None))
        for scale in meter.scales
    )
    return replace(meter, scales=scales)


def difference_lines(
    due: Sequence[Line], charged: Sequence[ChargedLine], *, month: Month, reason: str
) -> tuple[Line, ...]:
    """Give the lines that make what was charged for a month what is due for it; none where both are equal.

    The lines go under the month in which they are made: those of the month itself stand as they were released.
    due      the month computed anew
    charged  what stands in charges for it, with earlier corrections of it
    """
    compared: dict[Key, Compared] = defaultdict(Compared)
    for line in due:
        compared[_key(line)].due.append(line)
    for old in charged:
        compared[_key(old)].charged.append(old)
    return tuple(_line(key, item, month, reason) for key, item in compared.items() if item.amount_rub or item.volume_m3)


def _key(line: Line | ChargedLine) -> Key:
    return line.service_id, grant_of(line), line.meter_id, line.scale_id


def _line(key: Key, item: Compared, month: Month, reason: str) -> Line:
    service_id, grant, meter_id, scale_id = key
    lines: list[Line | ChargedLine] = [*item.due, *item.charged]
    since = min((line.used_since for line in lines if line.used_since), default=None)
    until = max((line.used_until for line in lines if line.used_until), default=None)
    due_rub, charged_rub = _total_rub(item.due), _total_rub(item.charged)
    due_m3, charged_m3 = _volume_m3(item.due), _volume_m3(item.charged)
    has_volume = any(line.volume_m3 for line in lines)
    sums = f"{rub(due_rub)} ₽ − {rub(charged_rub)} ₽ = {rub(item.amount_rub)} ₽".replace("− −", "+ ")
    volumes = f"{signed(due_m3)} м³ − {signed(charged_m3)} м³ = {signed(item.volume_m3)} м³; "
    inputs: dict[str, Any] = {
        "month": str(month),
        "reason": reason,
        "due": [_due(line) for line in item.due],
        "due_rub": rub(due_rub),
        "charged": [_charged(line) for line in item.charged],
        "charged_rub": rub(charged_rub),
    }
    if grant is not None:
        inputs |= {name: lines[0].inputs[name] for name in GRANT_FACTS if name in lines[0].inputs}
    if has_volume:
        inputs |= {"due_m3": signed(due_m3), "charged_m3": signed(charged_m3), "line_m3": signed(item.volume_m3)}
    return Line(
        service_id=service_id,
        kind=CORRECTION if grant is None else BENEFIT,
        amount_rub=item.amount_rub,
        volume_m3=item.volume_m3 if has_volume else None,
        formula=(volumes if has_volume else "") + sums,
        inputs=inputs,
        rule_source=CORRECTION_RULE,
        meter_id=meter_id,
        scale_id=scale_id,
        used_since=since,
        used_until=until,
        for_period=month,
    )


def _due(line: Line) -> dict[str, str]:
    return {
        "kind": line.kind,
        "since": str(line.used_since or ""),
        "until": str(line.used_until or ""),
        "volume_m3": signed(line.volume_m3 or Decimal(0)),
        "price": number(line.price_rub_per_m3) if line.price_rub_per_m3 is not None else "",
        "amount_rub": rub(line.amount_rub),
    }


def _charged(line: ChargedLine) -> dict[str, str]:
    return {
        "charge_id": str(line.charge_id),
        "kind": line.kind,
        "period": str(line.period),
        "since": str(line.used_since or ""),
        "until": str(line.used_until or ""),
        "volume_m3": signed(line.volume_m3),
        "amount_rub": rub(line.amount_rub),
    }


def _total_rub(lines: Sequence[Line] | Sequence[ChargedLine]) -> Decimal:
    return sum((line.amount_rub for line in lines), ZERO)


def _volume_m3(lines: Sequence[Line] | Sequence[ChargedLine]) -> Decimal:
    return sum((line.volume_m3 or Decimal(0) for line in lines), Decimal(0))
