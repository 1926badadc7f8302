"""What a month should have been, less what was charged for it: a line for whatever differs. Plain values.

Source: docs/adr/0123.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import AccountMonth, Accrued, ChargedLine, Line, Terms
from kabinet.charges.rules.accrual import NOTHING_CHARGED, accrue
from kabinet.charges.rules.actual import first_scale
from kabinet.charges.rules.benefits import BENEFIT, GRANT_FACTS, benefit_lines, grant_of, month_of
from kabinet.charges.rules.consumption import AVERAGE, CORRECTION, IMPORTED, NORM, lines_of_meter, settled_by
from kabinet.charges.rules.drafts import (
    STEP,
    Case,
    Share,
    as_charged,
    days_of,
    in_order,
    is_moved,
    line_with_vat,
    price_of,
    step_of,
    with_charged,
)
from kabinet.charges.rules.fees import FIXED
from kabinet.charges.rules.spans import Span, merged, month_span
from kabinet.charges.rules.steps import moved_now, step_drafts
from kabinet.charges.rules.stretches import Stretch, amount_of, differing, volume_of
from kabinet.charges.rules.undue import CORRECTS, is_of_fee, undue_drafts, undue_fees
from kabinet.charges.rules.vat import percent_of, with_vat_said
from kabinet.charges.rules.words import CORRECTION_RULE, days_text, number, rub, signed
from kabinet.common.days import Days
from kabinet.common.month import Month
from kabinet.meters.rules import Meter

#: A service, the grant of a benefit if it is one, what sum of a month it is if it is one, a meter, its scale, a step of
#: the year, a rate of VAT.
Key = tuple[int, tuple[str, str] | None, str, int | None, int | None, Decimal | None, Decimal | None]

#: A meter and its scale; neither for what is not about one.
Place = tuple[int | None, int | None]

#: Of a correction: that it makes a benefit of so much a month right.
MONTHLY = "monthly"


def recompute(account: AccountMonth, terms: Terms, *, reason: str) -> Accrued:
    """Give the lines that make a charged month what it should have been; oddities where that cannot be told.

    The month is computed anew as it was computed then: of what was charged before it, and of the readings that it was
    charged by. A reading that came later has been charged, and has corrected it, in a later month; the days of the norm
    that it left as they were are computed by it now, when the supplier leaves that to its staff (docs/adr/0152). On
    all others it has made what was charged equal to what is due, so it is the later month that such days are corrected
    with. What the supplier charged in its own program stays as it is: nothing is corrected.
    account  with all that has been charged, in later months too
    """
    account = with_vat_said(account, terms.vat_rates)
    charged = [line for line in account.charged if month_of(line) == account.period]
    if any(line.kind == IMPORTED for line in charged):
        return Accrued((), ())
    undue = _undue_lines(account, terms)
    account = with_charged(account, undue)
    charged += [as_charged(line, account.period) for line in undue]
    computed = accrue(_as_then(account, charged), terms)
    if any(oddity.kind in NOTHING_CHARGED for oddity in computed.oddities):
        return Accrued((), computed.oddities)
    case = Case.of(account, terms)
    due = [
        as_charged(line, account.period) for line in computed.lines if line.for_period is None and not is_moved(line)
    ]
    due += [moved_now(case, line) for line in charged if is_moved(line)]
    lines = difference_lines(due, charged, _charged_later(account), month=account.period, reason=reason)
    return Accrued((*undue, *lines, *_moved_lines(with_charged(account, lines), terms)), ())


def _undue_lines(account: AccountMonth, terms: Terms) -> list[Line]:
    """Give what goes back of the month before it is computed anew, as its days turned out to be none."""
    drafts = [draft for draft in undue_drafts(Case.of(account, terms)) if draft.line.for_period == account.period]
    fees = [line for line in undue_fees(account) if line.for_period == account.period]
    return [*(draft.line for draft in drafts), *benefit_lines(account, drafts, ()), *fees]


def _moved_lines(account: AccountMonth, terms: Terms) -> list[Line]:
    """Give what moves between yearly steps since the month was computed anew, with its benefits."""
    drafts = step_drafts(Case.of(account, terms))
    used = (line_with_vat(draft, terms.vat_rates) for draft in drafts)
    return [*used, *benefit_lines(account, drafts, ())]


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
        counted_later=tuple(_counted_later(account, charged)),
    )


def _counted_later(account: AccountMonth, charged: Sequence[ChargedLine]) -> Iterator[tuple[int, Days]]:
    """Give the days of scales that readings of later months were charged for, where the month charged nothing of them.

    Such a meter came to be known later: the month's norm was for the others.
    """
    month = replace(account, charged=tuple(charged))
    for line in account.charged:
        if month_of(line) > account.period and line.reading_id and line.scale_id and line.meter_id:
            own = [settled_by(other, line.meter_id) for other in lines_of_meter(month, line.meter_id)]
            for span in days_of(line):
                yield from ((line.scale_id, Days(left.since, left.until)) for left in span.without(own))


def _readings_of(lines: Iterable[ChargedLine]) -> frozenset[int]:
    return frozenset(line.reading_id for line in lines if line.reading_id)


def _with_readings(meter: Meter, known: Collection[int]) -> Meter:
    """Leave out the readings of a meter that were charged later or not at all; opening ones are never charged."""
    scales = tuple(
        replace(scale, readings=tuple(item for item in scale.readings if item.id in known or item.used_from is None))
        for scale in meter.scales
    )
    return replace(meter, scales=scales)


def _charged_later(account: AccountMonth) -> dict[Place, list[Span]]:
    """Give, by meter and scale, the days that are corrected with a later month, as they were charged in it.

    A reading of that month has told of them, or its estimate has settled them. A norm goes with the first scale of its
    meter, a fixed sum of a month with any day of it.
    """
    month = month_span(account.period)
    meters = {meter.id: meter for meter in account.meters if meter.scales}
    later: dict[Place, list[Span]] = defaultdict(list)
    for line in account.charged:
        if month_of(line) <= account.period or line.used_since is None or line.used_until is None:
            continue
        if line.reading_id:
            days = days_of(line)
            later[line.meter_id, line.scale_id] += days
            meter = meters.get(line.meter_id or 0)
            if meter and first_scale(meter).id == line.scale_id:
                later[line.meter_id, None] += days
            if any(span.common(month.since, month.until).days for span in days):
                later[None, None] = [month]
        elif line.kind in (AVERAGE, NORM):
            for meter_id in {line.meter_id or 0, *map(int, line.inputs.get("meter_ids", ()))} & meters.keys():
                scale_ids = [None, *(scale.id for scale in meters[meter_id].scales)]
                for scale_id in scale_ids if line.scale_id is None else (None, line.scale_id):
                    later[meter_id, scale_id].append(settled_by(line, meter_id))
    return {place: merged(days) for place, days in later.items()}


def difference_lines(
    due: Sequence[ChargedLine],
    charged: Sequence[ChargedLine],
    charged_later: Mapping[Place, Sequence[Span]],
    *,
    month: Month,
    reason: str,
) -> tuple[Line, ...]:
    """Give the lines that make what was charged for a month what is due for it; none where both are equal.

    One for each stretch of days on which the same lines hold, so it is for just the days that it is about, and later
    corrections find on each day what has been charged for it. The lines go under the month in which they are made:
    those of the month itself stand as they were released.
    due      the month computed anew
    charged  what stands in charges for it, with earlier corrections of it
    charged_later  days that are corrected with a later month, by meter and scale
    """
    due_by_key, charged_by_key = _by_key(due), _by_key(in_order(charged))
    return tuple(
        _line(key, stretch, month, reason)
        for key in dict.fromkeys([*due_by_key, *charged_by_key])
        for stretch in differing(due_by_key[key], charged_by_key[key], left_out=_left_out(key, charged_later))
    )


def _left_out(key: Key, charged_later: Mapping[Place, Sequence[Span]]) -> Sequence[Span]:
    """Give the days of lines that are not compared: no later month has a norm without a meter, or a fee."""
    _, _, sum_of, meter_id, scale_id, _, _ = key
    return charged_later.get((meter_id, scale_id), ()) if meter_id or sum_of == MONTHLY else ()


def _by_key(lines: Iterable[ChargedLine]) -> dict[Key, list[ChargedLine]]:
    found: dict[Key, list[ChargedLine]] = defaultdict(list)
    for line in lines:
        place = (line.meter_id, line.scale_id, step_of(line), percent_of(line))
        key = (line.service_id, grant_of(line), _sum_of(line), *place)
        found[key].append(line)
    return found


def _sum_of(line: ChargedLine) -> str:
    """Tell a fee with its benefits, and a benefit of so much a month, from what goes by consumption."""
    if is_of_fee(line) or "fee_rub" in line.inputs:
        return FIXED
    is_monthly = "whole_rub" in line.inputs or line.inputs.get(CORRECTS) == MONTHLY
    return MONTHLY if is_monthly else ""


def _line(key: Key, stretch: Stretch, month: Month, reason: str) -> Line:
    service_id, grant, sum_of, meter_id, scale_id, step, _ = key
    shares = [*stretch.due, *stretch.charged]
    charged_m3, charged_rub = volume_of(stretch.charged), amount_of(stretch.charged)
    has_volume = any(share.line.volume_m3 for share in shares)
    volumes = f"{signed(volume_of(stretch.due))} м³ − {signed(charged_m3)} м³ = {signed(stretch.volume_m3)} м³; "
    sums = f"{rub(amount_of(stretch.due))} ₽ − {rub(charged_rub)} ₽ = {rub(stretch.amount_rub)} ₽"
    formula = ((volumes if has_volume else "") + sums).replace("− −", "+ ")
    days = days_text(stretch.span.since, stretch.span.until)
    inputs: dict[str, Any] = {
        "month": str(month),
        "reason": reason,
        "due": [_due(share) | days for share in stretch.due],
        "due_rub": rub(amount_of(stretch.due)),
        "charged": [share.inputs | days for share in stretch.charged],
        "charged_rub": rub(charged_rub),
    } | stretch.vat_inputs
    if grant is not None:
        inputs |= {name: shares[0].line.inputs[name] for name in GRANT_FACTS if name in shares[0].line.inputs}
    if sum_of:
        inputs[CORRECTS] = sum_of
    if step is not None:
        inputs[STEP] = number(step)
    if meter_ids := sorted({meter_id for share in shares for meter_id in share.line.inputs.get("meter_ids", ())}):
        inputs["meter_ids"] = meter_ids
    if has_volume:
        inputs |= {
            "due_m3": signed(volume_of(stretch.due)),
            "charged_m3": signed(charged_m3),
            "line_m3": signed(stretch.volume_m3),
        }
    return Line(
        service_id=service_id,
        kind=CORRECTION if grant is None else BENEFIT,
        amount_rub=stretch.amount_rub,
        volume_m3=stretch.volume_m3 if has_volume else None,
        price_rub_per_m3=price_of(share.line for share in shares),
        formula=formula,
        inputs=inputs,
        rule_source=CORRECTION_RULE,
        meter_id=meter_id,
        scale_id=scale_id,
        used_since=stretch.span.since,
        used_until=stretch.span.until,
        for_period=month,
    )


def _due(share: Share) -> dict[str, str]:
    price = share.line.price_rub_per_m3
    return share.inputs | {"price": number(price) if price is not None else ""}
