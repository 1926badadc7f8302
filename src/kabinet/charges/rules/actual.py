"""A reading becomes lines: metered, or a correction where its days had been charged by an estimate."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import Line
from kabinet.charges.rules.consumption import (
    AVERAGE,
    CORRECTION,
    METERED,
    NORM,
    imported_days,
    lines_of_meter,
    settled_by,
)
from kabinet.charges.rules.corrections import correction_drafts
from kabinet.charges.rules.drafts import STEP, Case, Draft, Share, in_order, share_of
from kabinet.charges.rules.metering import Metered, factors_of, metered_flow
from kabinet.charges.rules.pricing import MeteredLine, priced_lines
from kabinet.charges.rules.spans import ONE_DAY, Span, merged
from kabinet.charges.rules.words import (
    FACTOR_RULE,
    METERED_RULE,
    cost,
    days_text,
    number,
)
from kabinet.meters.rules import Meter, Outage, Scale
from kabinet.tariffs.rules import VolumeFactor

AUTO = "auto"


def drafts_of_reading(case: Case, meter: Meter, scale: Scale, item: Metered, outages: Sequence[Outage]) -> list[Draft]:
    """Charge a reading for the days since the one before it.

    Days on which the meter did not count keep what was charged for them; so do those that came from the supplier as
    charged, and those that were charged by the norm unless the policy recomputes them. Of a reading over such days the
    other days take their part.

    Raises PriceMissing, FactorMissing.
    Source: supply rules of 21.07.2008 No. 549, 25, 26 and 31; docs/adr/0112.
    """
    purpose = meter.usage_purpose_code or case.account.usage_purpose_code
    factors: list[tuple[Span, VolumeFactor]] = []
    if meter.needs_volume_factor:
        factors = factors_of(case.terms.factors, case.account.region_code, item.priced)
    flow = metered_flow(item, factors)
    kept = _kept(case, meter, item, outages)
    charged = item.priced.without(kept) if item.used.days else [item.priced]
    segments = case.segments(item.priced, charged, purpose=purpose, zone=scale.zone) if charged else []
    replaced = _replaced(case, meter, scale, charged if item.used.days else [])
    facts = _facts(meter, scale, item) | _factor_inputs(factors) | _kept_inputs(kept)
    if replaced or not charged:
        return correction_drafts(
            case, meter, scale, item, flow, segments=segments, replaced=replaced, facts=facts, purpose=purpose
        )
    return [
        Draft(
            _line(case, meter, scale, item, priced, factors, facts), segment.spans, priced.volume_m3, priced.amount_rub
        )
        for segment in segments
        for priced in priced_lines(flow, segment, years=case.years, purpose=purpose)
    ]


def _line(
    case: Case,
    meter: Meter,
    scale: Scale,
    item: Metered,
    priced: MeteredLine,
    factors: Sequence[tuple[Span, VolumeFactor]],
    facts: dict[str, Any],
) -> Line:
    return Line(
        service_id=case.account.main_service_id,
        kind=METERED,
        amount_rub=priced.amount_rub,
        volume_m3=priced.volume_m3,
        price_rub_per_m3=priced.price_rub_per_m3,
        formula=_formula(item, priced, factors),
        inputs=facts | priced_inputs(priced),
        rule_source=FACTOR_RULE if factors else METERED_RULE,
        meter_id=meter.id,
        scale_id=scale.id,
        reading_id=item.reading.id,
        used_since=priced.since,
        used_until=priced.until,
    )


def _facts(meter: Meter, scale: Scale, item: Metered) -> dict[str, Any]:
    reading = item.reading
    return {
        "meter": meter.serial_number,
        "zone": scale.zone,
        "digits": meter.digits,
        "previous_on": str((reading.used_from or item.used.since) - ONE_DAY),
        "previous_m3": number(reading.previous_m3 or Decimal(0)),
        "taken_on": str(reading.taken_on),
        "current_m3": number(reading.value_m3),
        "is_rollover": reading.is_rollover,
        "volume_m3": number(reading.volume_m3),
        "since": str(item.used.since),
        "until": str(item.used.until),
    }


def priced_inputs(priced: MeteredLine) -> dict[str, Any]:
    """Keep which part of a volume a line is, and its price."""
    inputs = {
        "line_since": str(priced.since),
        "line_until": str(priced.until),
        "line_m3": number(priced.volume_m3),
        "price": number(priced.price_rub_per_m3),
        "price_source": priced.source,
    }
    if priced.step:
        inputs |= {STEP: number(priced.step.above_m3), "year_m3": number(priced.step.year_m3)}
    return inputs


def _factor_inputs(factors: Sequence[tuple[Span, VolumeFactor]]) -> dict[str, Any]:
    if not factors:
        return {}
    return {
        "factors": [
            {
                "since": str(span.since),
                "until": str(span.until),
                "days": str(span.days),
                "factor": number(factor.factor),
                "source": factor.source,
            }
            for span, factor in factors
        ]
    }


def _kept_inputs(kept: Sequence[Span]) -> dict[str, Any]:
    """Name the days of a reading that keep what was charged for them."""
    return {"kept": [days_text(span.since, span.until) for span in kept]} if kept else {}


def _formula(item: Metered, priced: MeteredLine, factors: Sequence[tuple[Span, VolumeFactor]]) -> str:
    plain = cost(priced.volume_m3, priced.price_rub_per_m3, priced.amount_rub)
    is_whole = (priced.since, priced.until) == (item.priced.since, item.priced.until) and priced.step is None
    if len(factors) == 1 and is_whole:
        return f"{number(item.reading.volume_m3)} м³ × {number(factors[0][1].factor)} = {plain}"
    return plain


def _kept(case: Case, meter: Meter, item: Metered, outages: Sequence[Outage]) -> list[Span]:
    kept = [item.used.common(outage.days.since, outage.days.until) for outage in outages]
    kept.append(imported_days(case.account, item.used))
    if case.terms.policy.recalculate_norm_months != AUTO:
        kept += [
            item.used.common(settled.since, settled.until)
            for line in lines_of_meter(case.account, meter.id)
            if line.kind == NORM
            for settled in [settled_by(line, meter.id)]
        ]
    return merged(kept)


def _replaced(case: Case, meter: Meter, scale: Scale, spans: Sequence[Span]) -> list[Share]:
    """Give what had been charged for days of a scale by estimates; a norm of the meter stands with its first scale."""
    shares = [
        share_of(line, spans)
        for line in in_order(case.account.charged)
        if line.kind in (AVERAGE, NORM, CORRECTION)
        and line.meter_id == meter.id
        and (line.scale_id == scale.id or (line.scale_id is None and scale == first_scale(meter)))
    ]
    return [share for share in shares if share]


def first_scale(meter: Meter) -> Scale:
    """Give the scale that a norm of the meter stands with: its correction has one place."""
    return min(meter.scales, key=lambda scale: (scale.zone, scale.id))
