"""Days that no reading tells of become lines: by the mean month of a scale, or by the norm."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import Line
from kabinet.charges.rules.actual import priced_inputs
from kabinet.charges.rules.averages import Mean, mean_of
from kabinet.charges.rules.consumption import (
    AVERAGE,
    ENDED,
    NO_METER,
    NORM,
    SETTLES,
    SILENT,
    Gap,
    days_without_meter,
    gaps_of,
    is_read_in,
    last_reading_on,
    ways,
)
from kabinet.charges.rules.drafts import Case, Draft
from kabinet.charges.rules.metering import Metered, history_flow, metered
from kabinet.charges.rules.norms import Component, norm_components, norm_flow
from kabinet.charges.rules.pricing import MeteredLine, Segment, priced_lines
from kabinet.charges.rules.spans import Flow, Span, merged, month_span, to_litres
from kabinet.charges.rules.words import (
    DAMAGED_RULE,
    NORM_RULE,
    REMOVED_RULE,
    SILENT_RULE,
    cost,
    longest_that_fits,
    number,
)
from kabinet.common.month import Month
from kabinet.meters.rules import FAULTY, REMOVED, SEAL_DAMAGED, Meter, Outage, Scale

RULES = {
    SILENT: SILENT_RULE,
    ENDED: SILENT_RULE,
    REMOVED: REMOVED_RULE,
    SEAL_DAMAGED: DAMAGED_RULE,
    FAULTY: DAMAGED_RULE,
}
UNIT_NAMES = {"person": "чел.", "m2": "м²"}


@dataclass(frozen=True)
class NormDays:
    """Days of a meter, or of an account without one, that are charged by the norm of a purpose."""

    span: Span
    settles_from: dt.date
    reason: str
    meter: Meter | None


@dataclass(frozen=True)
class MeanDays:
    """Days of a scale that are charged by its mean month: of each calendar month so many days."""

    span: Span
    gap: Gap

    @property
    def settled(self) -> Span:
        starts_gap = self.span.since == self.gap.span.since
        return Span(self.gap.settles_from if starts_gap else self.span.since, self.span.until)

    def flow(self, mean_m3: Decimal) -> Flow:
        """Spread the volume: a month that settles earlier days as well spreads over all of them."""
        months = self.span.by_month()
        pieces = [(month, mean_m3 * month.days / month_span(Month.of(month.since)).days) for month in months]
        first, volume_m3 = pieces[0]
        return Flow(((Span(self.settled.since, first.until), volume_m3), *pieces[1:]))


def estimate_meter(case: Case, meter: Meter, outages: Sequence[Outage]) -> tuple[list[Draft], list[NormDays]]:
    """Charge the days of a meter that no reading tells of by the means of its scales; name those left to the norm.

    A meter of which no scale has counted anything yet has no mean, so the norm stands in for it.

    Raises PriceMissing. Source: supply rules of 21.07.2008 No. 549, 28 and 30–32; docs/adr/0110.
    """
    gaps = gaps_of(case.account, meter, outages)
    drafts = _scales_alone(case, meter, outages, gaps)
    if not gaps:
        return drafts, []
    policy, means = case.terms.policy, _means(case, meter, outages)
    norm_days: list[NormDays] = []
    for gap in gaps:
        for span, way in ways(
            gap,
            last_reading_on=last_reading_on(meter, outages),
            average_at_most=policy.average_at_most_months,
            removed_at_most=policy.removed_at_most_months,
        ):
            days = MeanDays(span, gap)
            if way == AVERAGE and means:
                for scale, mean, last in means:
                    drafts += _average_drafts(case, meter, scale, mean, last, days)
            else:
                norm_days.append(NormDays(span, days.settled.since, gap.reason, meter))
    return drafts, norm_days


def _scales_alone(case: Case, meter: Meter, outages: Sequence[Outage], gaps: Sequence[Gap]) -> list[Draft]:
    """Charge by their means the days of single scales that are no gap of the meter: others of its scales were read.

    A scale without a reading in a month in which others have one is charged like this, and so are its days that are cut
    off from its next reading. However long that lasts: a norm is for what the whole meter counts, of which the others
    are charged as read.

    Source: docs/adr/0151.
    """
    if len(meter.scales) == 1:
        return []
    is_read = is_read_in(meter, outages, month_span(case.account.period))
    of_meter = [gap.span for gap in gaps]
    drafts: list[Draft] = []
    for one in sorted(meter.scales, key=lambda scale: (scale.zone, scale.id)):
        alone = replace(meter, scales=(one,))
        lines = tuple(line for line in case.account.charged if line.scale_id in (None, one.id))
        own = [
            part
            for gap in gaps_of(replace(case.account, charged=lines), alone, outages)
            for part in _apart(gap, of_meter, is_read=is_read)
        ]
        for scale, mean, last in _means(case, alone, outages) if own else []:
            for gap in own:
                drafts += _average_drafts(case, meter, scale, mean, last, MeanDays(gap.span, gap))
    return drafts


def _apart(gap: Gap, of_meter: Sequence[Span], *, is_read: bool) -> list[Gap]:
    """Give what of a gap of a scale is not charged with the gaps of its meter."""
    if gap.reason == SILENT:
        return [gap] if is_read else []
    if gap.reason == ENDED:
        return [Gap(part, part.since, ENDED, part.since) for part in gap.span.without(of_meter)]
    return []


def _means(case: Case, meter: Meter, outages: Sequence[Outage]) -> list[tuple[Scale, Mean, Metered]]:
    factors = case.terms.factors if meter.needs_volume_factor else None
    found = []
    for scale in sorted(meter.scales, key=lambda scale: (scale.zone, scale.id)):
        items = metered(scale, outages)
        history = history_flow(items, factors, case.account.region_code)
        mean = items and mean_of(history, before=items[-1].used.until, months=case.terms.policy.average_of_months)
        if mean:
            found.append((scale, mean, items[-1]))
    return found


def _average_drafts(case: Case, meter: Meter, scale: Scale, mean: Mean, last: Metered, days: MeanDays) -> list[Draft]:
    purpose = meter.usage_purpose_code or case.account.usage_purpose_code
    flow = days.flow(mean.mean_m3)
    whole_m3 = flow.volume_m3([days.settled])
    inputs = mean.inputs | {
        "meter": meter.serial_number,
        "zone": scale.zone,
        "reason": days.gap.reason,
        "last_reading_on": str(last.reading.taken_on),
        "last_reading_m3": number(last.reading.value_m3),
        "shares": [
            {"month": str(Month.of(month.since)), "days": str(month.days), "of_days": str(_month_days(month))}
            for month in days.span.by_month()
        ],
        "volume_m3": number(whole_m3),
        "since": str(days.settled.since),
        "until": str(days.settled.until),
    }
    return [
        _estimated(
            case,
            segment,
            priced,
            kind=AVERAGE,
            formula=_average_formula(mean, priced),
            inputs=inputs,
            rule_source=RULES[days.gap.reason],
            meter_id=meter.id,
            scale_id=scale.id,
        )
        for segment in case.segments(days.settled, [days.settled], purpose=purpose, zone=scale.zone)
        for priced in priced_lines(flow, segment, years=case.years, purpose=purpose)
    ]


def _estimated(
    case: Case,
    segment: Segment,
    priced: MeteredLine,
    *,
    inputs: dict[str, Any],
    used_since: dt.date | None = None,
    **values: Any,
) -> Draft:
    line = Line(
        service_id=case.account.main_service_id,
        amount_rub=priced.amount_rub,
        volume_m3=priced.volume_m3,
        price_rub_per_m3=priced.price_rub_per_m3,
        inputs=inputs | priced_inputs(priced),
        used_since=used_since or priced.since,
        used_until=priced.until,
        **values,
    )
    return Draft(line, segment.spans, priced.volume_m3, priced.amount_rub)


def _average_formula(mean: Mean, priced: MeteredLine) -> str:
    plain = cost(priced.volume_m3, priced.price_rub_per_m3, priced.amount_rub)
    if priced.volume_m3 != mean.mean_m3 or mean.months_count != int(mean.months_count):
        return plain
    return f"{number(mean.total_m3)} м³ ÷ {number(mean.months_count)} мес. = {plain}"


def norm_drafts(case: Case, days: Sequence[NormDays]) -> list[Draft]:
    """Charge the norm for days without a meter, or on which none counts: each purpose once, whatever its meters are.

    Days with others between them, on which a meter counted, have lines of their own: a line is for all of its days.

    Raises PriceMissing, NormMissing. Source: supply rules of 21.07.2008 No. 549, 28 and 30–32; docs/adr/0111.
    """
    account = case.account
    without = [NormDays(span, span.since, NO_METER, None) for span in days_without_meter(account)]
    by_purpose: dict[str, list[NormDays]] = {}
    for item in [*days, *without]:
        purpose = (item.meter.usage_purpose_code if item.meter else "") or account.usage_purpose_code
        by_purpose.setdefault(purpose, []).append(item)
    return [
        draft
        for purpose, items in sorted(by_purpose.items())
        for days in _by_meters(items)
        for draft in _norm_drafts(case, purpose, days)
    ]


def _by_meters(days: Sequence[NormDays]) -> list[list[NormDays]]:
    """Part days with others between them, or of other meters: each meter corrects its own days when it is read."""
    found: list[tuple[list[int], Span, list[NormDays]]] = []
    cuts = {day for item in days for day in (item.span.since, item.span.until)}
    for span in [part for whole in merged(item.span for item in days) for part in whole.cut(cuts)]:
        items = [
            replace(item, span=span, settles_from=item.settles_from if span.since == item.span.since else span.since)
            for item in days
            if span.since in item.span
        ]
        meter_ids = sorted({item.meter.id for item in items if item.meter})
        if found and found[-1][0] == meter_ids and found[-1][1].until == span.since:
            found[-1] = (meter_ids, Span(found[-1][1].since, span.until), [*found[-1][2], *items])
        else:
            found.append((meter_ids, span, items))
    return [items for _, _, items in found]


def _norm_drafts(case: Case, purpose: str, days: Sequence[NormDays]) -> list[Draft]:
    charged = [
        Span(line.used_since, line.used_until)
        for line in case.account.charged
        if line.kind == NORM and line.inputs.get("purpose") == purpose and line.used_since and line.used_until
    ]
    spans = [part for span in merged(item.span for item in days) for part in span.without(charged)]
    if not spans:
        return []
    whole = Span(spans[0].since, spans[-1].until)
    components = norm_components(case.account, case.terms, purpose=purpose, spans=spans)
    flow = norm_flow(components) if components else Flow.even(whole, Decimal(0))
    meters = sorted({item.meter.id: item.meter for item in days if item.meter}.items())
    inputs: dict[str, Any] = {
        "purpose": purpose,
        "region": case.account.region_code,
        "reasons": sorted({item.reason for item in days}),
        "meters": [meter.serial_number for _, meter in meters],
        "meter_ids": [str(meter_id) for meter_id, _ in meters],
        SETTLES: {
            str(meter_id): str(min(item.settles_from for item in days if item.meter and item.meter.id == meter_id))
            for meter_id, _ in meters
        },
        "components": [component.inputs for component in components],
        "volume_m3": number(flow.volume_m3(spans)),
        "since": str(whole.since),
        "until": str(whole.until),
    }
    settles_from = min(item.settles_from for item in days)
    reason = next(iter(sorted({item.reason for item in days} & set(RULES))), None)
    return [
        _estimated(
            case,
            segment,
            priced,
            kind=NORM,
            formula=_norm_formula(components, priced),
            inputs=inputs,
            rule_source=RULES[reason] if reason else NORM_RULE,
            meter_id=meters[0][0] if meters else None,
            used_since=min(priced.since, settles_from) if priced.since == whole.since else None,
        )
        for segment in case.segments(whole, spans, purpose=purpose, zone="")
        for priced in priced_lines(flow, segment, years=case.years, purpose=purpose)
    ]


def _norm_formula(components: Sequence[Component], priced: MeteredLine) -> str:
    """Write the norm out where one month makes one line: «2 чел. × 23,3 + 60 м² × 8,1 = 532,6 м³ × …»."""
    plain = cost(priced.volume_m3, priced.price_rub_per_m3, priced.amount_rub)
    if not components or priced.volume_m3 != to_litres(sum((item.volume_m3 for item in components), Decimal(0))):
        return plain
    return longest_that_fits(f"{' + '.join(_term(item) for item in components)} = {plain}", plain)


def _term(item: Component) -> str:
    name = UNIT_NAMES.get(item.norm.unit, item.norm.unit_name)
    term = f"{number(item.count)} {name} × {number(item.monthly_m3)}"
    return term if item.is_whole_month else f"{term} × {item.span.days} / {item.days_of_month}"


def _month_days(span: Span) -> int:
    return month_span(Month.of(span.since)).days
