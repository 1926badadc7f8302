"""Days were charged that were none: it came to be known late that a contract had ended, or which meter counted."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import AccountMonth, ChargedLine, Line
from kabinet.charges.rules.benefits import BENEFIT, GRANT_FACTS, grant_of, month_of
from kabinet.charges.rules.consumption import AVERAGE, CORRECTION, MOVED, NORM
from kabinet.charges.rules.drafts import STEP, Case, Draft, Share, in_order, is_moved, price_of, step_of
from kabinet.charges.rules.fees import FIXED
from kabinet.charges.rules.spans import ONE_DAY, Span, merged, month_span
from kabinet.charges.rules.stretches import Stretch, amount_of, shares_on, stretches, unsettled, volume_of
from kabinet.charges.rules.vat import percent_of, vat_of
from kabinet.charges.rules.words import CORRECTION_RULE, rub, signed
from kabinet.common.month import Month
from kabinet.meters.rules import Meter

#: Whose lines are held against each other: those about a month, of a meter, its scale, a step of the year and a rate of
#: VAT; what has moved between steps apart.
Key = tuple[Month, int | None, int | None, Decimal | None, Decimal | None, bool]

#: What a correction keeps of what it makes right, when that is no consumption.
CORRECTS = "corrects"


def undue_drafts(case: Case) -> list[Draft]:
    """Take back what estimates charged for days after the contract ended, or on which another meter counted.

    A meter is replaced on the 10th, and the act is entered when its month has been charged by the mean: the new meter
    counts from the 11th, so the mean of those days goes back, with what corrections have made of it. Days that turn
    out to be some after all are charged again.

    Source: docs/adr/0150.
    """
    by_key: dict[Key, list[ChargedLine]] = defaultdict(list)
    for line in in_order(case.account.charged):
        is_main = line.service_id == case.account.main_service_id
        if is_main and line.kind in (AVERAGE, NORM, CORRECTION) and not is_of_fee(line):
            key = (month_of(line), line.meter_id, line.scale_id, step_of(line), percent_of(line), is_moved(line))
            by_key[key].append(line)
    return [_draft(case, stretch) for lines in by_key.values() for stretch in _undue_stretches(case.account, lines)]


def _undue_stretches(account: AccountMonth, lines: Sequence[ChargedLine]) -> list[Stretch]:
    """Give the days on which what was charged and what was taken back of it are not what is due: nothing, or all."""
    undue = [(line, _undue_days(account, line)) for line in lines if not _is_undue(line)]
    if not any(days for _, days in undue) and all(not _is_undue(line) for line in lines):
        return []
    found = []
    for span in stretches(lines, *(day for _, days in undue for day in days)):
        due = [line for line, days in undue if not any(span.since in day for day in days)]
        found.append(Stretch(span, shares_on(due, span), shares_on(lines, span)))
    return unsettled(found)


def _draft(case: Case, stretch: Stretch) -> Draft:
    line = _line(case.account.main_service_id, month_of(stretch.charged[0].line), stretch)
    case.years.add(case.account.purpose_of(line.meter_id), stretch.span.last_day.year, stretch.volume_m3)
    return Draft(line, (stretch.span,), volume_of(stretch.due), amount_of(stretch.due), stretch.charged)


def undue_fees(account: AccountMonth) -> list[Line]:
    """Take back fees, and benefits of them, of months that began after the contract had ended.

    Where the end of the contract is taken back in its turn they are charged again.

    Source: docs/adr/0150.
    """
    shares: dict[tuple[Month, int, tuple[str, str] | None, Decimal | None], list[Share]] = defaultdict(list)
    for line in in_order(account.charged):
        if line.service_id != account.main_service_id or is_of_fee(line):
            month = month_of(line)
            days = month_span(month).days
            whole = Share(line, days, days, line.volume_m3, line.amount_rub, vat_of(line))
            shares[month, line.service_id, grant_of(line), percent_of(line)].append(whole)
    lines = []
    for (month, service_id, grant, _), charged in shares.items():
        has_ended = account.closed_on is not None and month.first_day >= account.closed_on
        due = () if has_ended else tuple(share for share in charged if not _is_undue(share.line))
        fee = Stretch(month_span(month), due, tuple(charged))
        if fee.amount_rub:
            lines.append(_fee_line(service_id, month, fee, is_benefit=grant is not None))
    return lines


def _undue_days(account: AccountMonth, line: ChargedLine) -> list[Span]:
    """Give those days of an estimate for which nothing should have been charged."""
    if line.used_since is None or line.used_until is None:
        return []
    days = Span(line.used_since, line.used_until)
    spans = [days.common(account.closed_on, None)] if account.closed_on else []
    meter_ids = {line.meter_id, *map(int, line.inputs.get("meter_ids", ()))} - {None}
    own = [meter for meter in account.meters if meter.id in meter_ids]
    if own and all(meter.removed_on for meter in own):
        gone_since = max(meter.removed_on for meter in own if meter.removed_on) + ONE_DAY
        others = [meter for meter in account.meters if meter not in own]
        spans += [_installed(meter, days.common(gone_since, None)) for meter in others]
    if not meter_ids:
        spans += [_installed(meter, days) for meter in account.meters if meter.installed_on]
    return merged(spans)


def _installed(meter: Meter, days: Span) -> Span:
    return days.common(meter.installed_on or days.since, meter.removed_on and meter.removed_on + ONE_DAY)


def _is_undue(line: ChargedLine) -> bool:
    return "undue" in line.inputs


def is_of_fee(line: Line | ChargedLine) -> bool:
    """Tell a fee, and what takes one back or makes it right, from consumption."""
    return FIXED in (line.kind, line.inputs.get("undue"), line.inputs.get(CORRECTS))


def _line(service_id: int, month: Month, stretch: Stretch) -> Line:
    first = stretch.charged[0].line
    charged_m3, charged_rub = volume_of(stretch.charged), amount_of(stretch.charged)
    volumes = f"{signed(volume_of(stretch.due))} м³ − {signed(charged_m3)} м³ = {signed(stretch.volume_m3)} м³"
    sums = f"{rub(amount_of(stretch.due))} ₽ − {rub(charged_rub)} ₽ = {rub(stretch.amount_rub)} ₽"
    inputs: dict[str, Any] = {
        "month": str(month),
        "undue": first.kind,
        "charged": [share.inputs for share in stretch.charged],
        "charged_m3": signed(charged_m3),
        "charged_rub": rub(charged_rub),
        "due_m3": signed(volume_of(stretch.due)),
        "due_rub": rub(amount_of(stretch.due)),
        "line_m3": signed(stretch.volume_m3),
    } | stretch.vat_inputs
    inputs |= {name: first.inputs[name] for name in (STEP, MOVED, "meter_ids") if name in first.inputs}
    return Line(
        service_id=service_id,
        kind=CORRECTION,
        amount_rub=stretch.amount_rub,
        volume_m3=stretch.volume_m3,
        price_rub_per_m3=price_of(share.line for share in stretch.charged),
        formula=f"{volumes}; {sums}".replace("− −", "+ "),
        inputs=inputs,
        rule_source=CORRECTION_RULE,
        meter_id=first.meter_id,
        scale_id=first.scale_id,
        used_since=stretch.span.since,
        used_until=stretch.span.until,
        for_period=month,
    )


def _fee_line(service_id: int, month: Month, fee: Stretch, *, is_benefit: bool) -> Line:
    due_rub, charged_rub = amount_of(fee.due), amount_of(fee.charged)
    inputs: dict[str, Any] = {
        "month": str(month),
        "undue": FIXED,
        "charged": [share.inputs for share in fee.charged],
        "charged_rub": rub(charged_rub),
        "due_rub": rub(due_rub),
    } | fee.vat_inputs
    if is_benefit:
        first = fee.charged[0].line
        inputs |= {name: first.inputs[name] for name in GRANT_FACTS if name in first.inputs}
    sums = f"{rub(due_rub) if due_rub else 0} ₽ − {rub(charged_rub) if charged_rub else 0} ₽ = {rub(fee.amount_rub)} ₽"
    return Line(
        service_id=service_id,
        kind=BENEFIT if is_benefit else CORRECTION,
        amount_rub=fee.amount_rub,
        formula=sums.replace("− −", "+ "),
        inputs=inputs,
        rule_source=CORRECTION_RULE,
        used_since=fee.span.since,
        used_until=fee.span.until,
        for_period=month,
    )
