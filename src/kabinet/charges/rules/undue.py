"""Days were charged that were none: it came to be known late that a contract had ended, or which meter counted."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import AccountMonth, ChargedLine, Line
from kabinet.charges.rules.benefits import BENEFIT, GRANT_FACTS, grant_of, month_of
from kabinet.charges.rules.consumption import AVERAGE, CORRECTION, NORM
from kabinet.charges.rules.drafts import Case, Draft, Share, share_of
from kabinet.charges.rules.fees import FIXED
from kabinet.charges.rules.spans import ONE_DAY, Span, merged, month_span
from kabinet.charges.rules.words import CORRECTION_RULE, number, rub, signed
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.meters.rules import Meter

#: Of which estimate a line is, or takes something back: its month, meter, scale and price.
Key = tuple[Month, int | None, int | None, Decimal | None]


def undue_drafts(case: Case) -> list[Draft]:
    """Take back what estimates charged for days after the contract ended, or on which another meter counted.

    A meter is replaced on the 10th, and the act is entered when its month has been charged by the mean: the new meter
    counts from the 11th, so the mean of those days goes back. Months that staff have had computed anew stay as they
    are.

    Source: docs/adr/0150.
    """
    lines = [line for line in case.account.charged if line.kind in (AVERAGE, NORM, CORRECTION) and not _is_of_fee(line)]
    recomputed = {month_of(line) for line in lines if "month" in line.inputs and not _is_undue(line)}
    shares: dict[Key, list[Share]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.charge_id):
        share = share_of(line, _undue_days(case.account, line))
        if share and month_of(line) not in recomputed:
            shares[month_of(line), line.meter_id, line.scale_id, line.price_rub_per_m3].append(share)
    drafts = []
    for (month, *_), found in shares.items():
        if not _is_settled(found):
            spans = merged(span for share in found for span in _undue_days(case.account, share.line))
            less = _line(case.account.main_service_id, month, spans, found)
            case.years.add(_purpose(case.account, less), spans[-1].last_day.year, less.volume_m3 or Decimal(0))
            drafts.append(Draft(less, tuple(spans), Decimal(0), ZERO, tuple(found)))
    return drafts


def undue_fees(account: AccountMonth) -> list[Line]:
    """Take back fees, and benefits of them, of months that began after the contract had ended.

    Source: docs/adr/0150.
    """
    shares: dict[tuple[Month, int, tuple[str, str] | None], list[Share]] = defaultdict(list)
    for line in sorted(account.charged, key=lambda line: line.charge_id):
        month = month_of(line)
        is_of_fee = line.service_id != account.main_service_id or line.kind == FIXED or _is_of_fee(line)
        if is_of_fee and account.closed_on and month.first_day >= account.closed_on:
            days = month_span(month).days
            whole = Share(line, days, days, line.volume_m3, line.amount_rub)
            shares[month, line.service_id, grant_of(line)].append(whole)
    return [
        _line(service_id, month, [month_span(month)], found, is_benefit=grant is not None)
        for (month, service_id, grant), found in shares.items()
        if not _is_settled(found)
    ]


def _undue_days(account: AccountMonth, line: ChargedLine) -> list[Span]:
    """Give those days of an estimate for which nothing should have been charged."""
    if line.used_since is None or line.used_until is None:
        return []
    days = Span(line.used_since, line.used_until)
    if _is_undue(line):
        return [days]
    spans = [days.common(account.closed_on, None)] if account.closed_on else []
    meter_ids = {line.meter_id, *map(int, line.inputs.get("meter_ids", ()))} - {None}
    own = [meter for meter in account.meters if meter.id in meter_ids]
    if own and all(meter.removed_on for meter in own):
        gone_since = max(meter.removed_on for meter in own if meter.removed_on) + ONE_DAY
        others = [meter for meter in account.meters if meter not in own]
        spans += [_installed(meter, days.common(gone_since, None)) for meter in others]
    if line.kind == NORM and not meter_ids:
        spans += [_installed(meter, days) for meter in account.meters if meter.installed_on]
    return merged(spans)


def _installed(meter: Meter, days: Span) -> Span:
    return days.common(meter.installed_on or days.since, meter.removed_on and meter.removed_on + ONE_DAY)


def _is_undue(line: ChargedLine) -> bool:
    return "undue" in line.inputs


def _is_of_fee(line: ChargedLine) -> bool:
    return line.inputs.get("undue") == FIXED


def _is_settled(shares: Sequence[Share]) -> bool:
    return not sum(share.volume_m3 for share in shares) and not sum(share.amount_rub for share in shares)


def _purpose(account: AccountMonth, line: Line) -> str:
    purposes = {meter.id: meter.usage_purpose_code for meter in account.meters}
    return purposes.get(line.meter_id or 0) or account.usage_purpose_code


def _line(
    service_id: int, month: Month, spans: Sequence[Span], shares: Sequence[Share], *, is_benefit: bool = False
) -> Line:
    first = shares[0].line
    is_fee = first.kind in (FIXED, BENEFIT)
    volume_m3 = sum((share.volume_m3 for share in shares), Decimal(0))
    amount_rub = sum((share.amount_rub for share in shares), ZERO)
    inputs: dict[str, Any] = {
        "month": str(month),
        "undue": FIXED if is_fee else first.kind,
        "days": [{"since": str(span.since), "until": str(span.until)} for span in spans],
        "charged": [share.inputs for share in shares],
        "charged_rub": rub(amount_rub),
        "due_rub": rub(ZERO),
    }
    formula = f"0 ₽ − {rub(amount_rub)} ₽ = {rub(-amount_rub)} ₽"
    if not is_fee:
        formula = f"0 м³ − {number(volume_m3)} м³ = {signed(-volume_m3)} м³; {formula}"
        inputs |= {"due_m3": "0", "charged_m3": number(volume_m3), "line_m3": signed(-volume_m3)}
    if is_benefit:
        inputs |= {name: first.inputs[name] for name in GRANT_FACTS if name in first.inputs}
    return Line(
        service_id=service_id,
        kind=BENEFIT if is_benefit else CORRECTION,
        amount_rub=-amount_rub,
        volume_m3=None if is_fee else -volume_m3,
        price_rub_per_m3=None if is_fee else first.price_rub_per_m3,
        formula=formula,
        inputs=inputs,
        rule_source=CORRECTION_RULE,
        meter_id=first.meter_id,
        scale_id=first.scale_id,
        used_since=spans[0].since,
        used_until=spans[-1].until,
        for_period=month,
    )
