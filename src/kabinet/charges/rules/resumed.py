"""Days that were charged by the norm, as no reading came, are computed by a later one: when staff ask for it.

Source: docs/adr/0152.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kabinet.charges.rules.account_month import Line, ReadLater
from kabinet.charges.rules.actual import priced_inputs
from kabinet.charges.rules.consumption import ENDED, METERED, SILENT
from kabinet.charges.rules.drafts import Case, Draft
from kabinet.charges.rules.estimates import NormDays
from kabinet.charges.rules.metering import Metered, factors_of, metered, metered_flow
from kabinet.charges.rules.pricing import priced_lines
from kabinet.charges.rules.spans import Span, merged
from kabinet.charges.rules.words import METERED_RULE
from kabinet.meters.rules import Meter, Scale

BY_OPERATOR = "by_operator"


@dataclass(frozen=True)
class Told:
    """Days of the norm, and those of them, with the days that they settle, of which later readings tell."""

    days: NormDays
    spans: tuple[Span, ...]

    @property
    def settled(self) -> Span:
        return Span(self.days.settles_from, self.days.span.until)

    @property
    def untold(self) -> list[Span]:
        return self.days.span.without(self.spans)

    def without(self, spans: Sequence[Span]) -> "Told":
        return Told(self.days, tuple(part for told in self.spans for part in told.without(spans)))


def read_after_all(case: Case, days: Sequence[NormDays]) -> tuple[list[Draft], list[NormDays]]:
    """Give what later readings say of days of the norm, and the days that are left to the norm.

    Only days on which no reading came: a norm for an outage, or for want of a meter, stands. A norm is for all meters
    of its purpose together, so a day is computed anew when readings tell of all those that were silent on it. A meter
    that nothing was charged of, as nobody knew of it, is none of them on days that its reading has charged since.

    Raises PriceMissing, FactorMissing.
    """
    days = [left for item in days for left in _left(Told(item, tuple(_counted_days(case, item))))]
    if not case.account.read_later or case.terms.policy.recalculate_norm_months != BY_OPERATOR:
        return [], days
    by_purpose: dict[str, list[Told]] = {}
    for norm_days in days:
        told = Told(norm_days, tuple(_told_days(case, norm_days)))
        by_purpose.setdefault(_purpose(case, norm_days.meter), []).append(told)
    drafts: list[Draft] = []
    left: list[NormDays] = []
    for purpose, items in sorted(by_purpose.items()):
        untold = merged(span for item in items for span in item.untold)
        for item in (item.without(untold) for item in items):
            drafts += _drafts(case, item, purpose)
            left += _left(item)
    return drafts, left


def _told_days(case: Case, days: NormDays) -> list[Span]:
    """Give the days of which readings of all scales of the meter tell, and that those readings have left as charged."""
    if days.meter is None or days.reason not in (SILENT, ENDED):
        return []
    return _of_all_scales(
        days.meter,
        Span(days.settles_from, days.span.until),
        {
            scale.id: [kept for later in _read_later(case, scale) for kept in _kept(scale, later)]
            for scale in days.meter.scales
        },
    )


def _counted_days(case: Case, days: NormDays) -> list[Span]:
    """Give the days that later months have charged by readings of all scales of the meter."""
    if days.meter is None or days.reason not in (SILENT, ENDED):
        return []
    counted: dict[int, list[Span]] = defaultdict(list)
    for scale_id, told in case.account.counted_later:
        counted[scale_id].append(Span(told.since, told.until or days.span.until))
    return _of_all_scales(days.meter, Span(days.settles_from, days.span.until), counted)


def _of_all_scales(meter: Meter, days: Span, told: Mapping[int, Sequence[Span]]) -> list[Span]:
    untold = merged(span for scale in meter.scales for span in days.without(told.get(scale.id, ())))
    return days.without(untold)


def _left(item: Told) -> list[NormDays]:
    parts = [(part, part.common(item.days.span.since, None)) for part in item.settled.without(item.spans)]
    return [NormDays(span, part.since, item.days.reason, item.days.meter) for part, span in parts if span.days]


def _drafts(case: Case, item: Told, purpose: str) -> list[Draft]:
    meter = item.days.meter
    if meter is None or not item.spans:
        return []
    drafts: list[Draft] = []
    for scale in sorted(meter.scales, key=lambda scale: (scale.zone, scale.id)):
        for later in _read_later(case, scale):
            kept = [span.common(part.since, part.until) for span in item.spans for part in _kept(scale, later)]
            if spans := merged(kept):
                drafts += _drafts_of_reading(case, meter, scale, later, spans, purpose)
    return drafts


def _drafts_of_reading(
    case: Case, meter: Meter, scale: Scale, later: ReadLater, spans: Sequence[Span], purpose: str
) -> list[Draft]:
    """Give what falls on some days of a reading: as the norm, the lines stand with the meter and no scale of it."""
    item = _metered(scale, later)
    factors = factors_of(case.terms.factors, case.account.region_code, item.priced) if meter.needs_volume_factor else []
    flow = metered_flow(item, factors)
    return [
        Draft(
            Line(
                service_id=case.account.main_service_id,
                kind=METERED,
                amount_rub=priced.amount_rub,
                volume_m3=priced.volume_m3,
                price_rub_per_m3=priced.price_rub_per_m3,
                inputs=priced_inputs(priced),
                rule_source=METERED_RULE,
                meter_id=meter.id,
                used_since=priced.since,
                used_until=priced.until,
            ),
            segment.spans,
            priced.volume_m3,
            priced.amount_rub,
        )
        for segment in case.segments(item.priced, spans, purpose=purpose, zone=scale.zone)
        for priced in priced_lines(flow, segment, years=case.years, purpose=purpose)
    ]


def _read_later(case: Case, scale: Scale) -> list[ReadLater]:
    found = [later for later in case.account.read_later if later.scale_id == scale.id]
    return sorted(found, key=lambda later: (later.reading.taken_on, later.reading.id))


def _metered(scale: Scale, later: ReadLater) -> Metered:
    """Give what went through a scale by a later reading: the first one tells of the day of the installation too."""
    [item] = metered(replace(scale, readings=(later.reading,)), ())
    return item


def _kept(scale: Scale, later: ReadLater) -> list[Span]:
    return [_metered(scale, later).used.common(days.since, days.until) for days in later.kept]


def _purpose(case: Case, meter: Meter | None) -> str:
    return (meter.usage_purpose_code if meter else "") or case.account.usage_purpose_code
