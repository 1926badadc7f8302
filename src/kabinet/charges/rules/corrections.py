"""Readings resume after an estimate: what the days cost after all, less what was charged for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import ChargedLine, Line
from kabinet.charges.rules.consumption import CORRECTION
from kabinet.charges.rules.drafts import STEP, Case, Draft, Share, share_of, step_of
from kabinet.charges.rules.metering import Metered
from kabinet.charges.rules.pricing import MeteredLine, Segment, Step, priced_lines
from kabinet.charges.rules.spans import Flow
from kabinet.charges.rules.vat import percent_of, percent_on
from kabinet.charges.rules.words import CORRECTION_RULE, number, rub, signed
from kabinet.meters.rules import Meter, Scale


@dataclass
class Difference:
    """At one price, of one step where there are any: what is due for the days of a segment, and what was charged.

    percent  the VAT that both contain; None where no rate is known
    """

    due: MeteredLine
    percent: Decimal | None
    charged: list[Share] = field(default_factory=list)

    @property
    def step(self) -> Decimal | None:
        return self.due.step.above_m3 if self.due.step else None

    @property
    def volume_m3(self) -> Decimal:
        return self.due.volume_m3 - sum((share.volume_m3 for share in self.charged), Decimal(0))

    @property
    def amount_rub(self) -> Decimal:
        return self.due.amount_rub - sum((share.amount_rub for share in self.charged), Decimal(0))


def correction_drafts(
    case: Case,
    meter: Meter,
    scale: Scale,
    item: Metered,
    flow: Flow,
    *,
    segments: Sequence[Segment],
    replaced: Sequence[Share],
    facts: dict[str, Any],
    purpose: str,
) -> list[Draft]:
    """Charge the difference, one line per price: afterwards the days have been charged as by the reading alone.

    A reading that changes nothing is a line of zero, so that it counts as charged.
    segments  of the days that are recomputed; none when all of them keep what was charged
    facts     what is known of the reading, for the explanation

    Source: supply rules of 21.07.2008 No. 549, 25 and 31; docs/adr/0112.
    """
    drafts = []
    for segment in segments:
        shares = [share for old in replaced if (share := share_of(old.line, segment.spans))]
        year = segment.spans[0].since.year
        counted = (share.volume_m3 for share in shares if case.is_counted(share.line))
        case.years.add(purpose, year, -sum(counted, Decimal(0)))
        for difference in _differences(flow, segment, shares, case, purpose):
            line = _line(case, meter, scale, item, difference, facts)
            due = difference.due
            drafts.append(Draft(line, segment.spans, due.volume_m3, due.amount_rub, tuple(difference.charged)))
    if drafts:
        return drafts
    return [Draft(_nothing(case, meter, scale, item, facts), (), Decimal(0), Decimal(0))]


def _differences(flow: Flow, segment: Segment, shares: Sequence[Share], case: Case, purpose: str) -> list[Difference]:
    """Hold what is due at each step of the year against what was charged at it; without steps it is one difference.

    What said another rate of VAT than the one of its days is a difference of its own.
    """
    now = percent_on(case.terms.vat_rates, segment.spans[-1].last_day)
    found = [Difference(due, now) for due in priced_lines(flow, segment, years=case.years, purpose=purpose)]
    for share in shares:
        step, percent = step_of(share.line), percent_of(share.line)
        match = next((item for item in found if (item.step, item.percent) == (step, percent)), None)
        if match is None:
            match = Difference(_nothing_due(segment, share.line, step), percent)
            found.append(match)
        match.charged.append(share)
    return found


def _nothing_due(segment: Segment, charged: ChargedLine, above_m3: Decimal | None) -> MeteredLine:
    since, until = segment.spans[0].since, segment.spans[-1].until
    price = next((price for above, price in segment.steps if above == (above_m3 or 0)), segment.steps[0][1])
    step = None if above_m3 is None else Step(above_m3, above_m3)
    price_rub = charged.price_rub_per_m3 or price.price_rub_per_m3
    return MeteredLine(since, until, Decimal(0), price_rub, Decimal("0.00"), price.source, step)


def _line(case: Case, meter: Meter, scale: Scale, item: Metered, difference: Difference, facts: dict[str, Any]) -> Line:
    due, shares = difference.due, difference.charged
    charged_m3 = sum((share.volume_m3 for share in shares), Decimal(0))
    charged_rub = sum((share.amount_rub for share in shares), Decimal("0.00"))
    inputs: dict[str, Any] = {
        "reading": facts,
        "line_since": str(due.since),
        "line_until": str(due.until),
        "due_m3": number(due.volume_m3),
        "due_rub": rub(due.amount_rub),
        "charged": [share.inputs for share in shares],
        "charged_m3": number(charged_m3),
        "charged_rub": rub(charged_rub),
        "line_m3": signed(difference.volume_m3),
        "price": number(due.price_rub_per_m3),
        "price_source": due.source,
    }
    if due.step:
        inputs |= {STEP: number(due.step.above_m3), "year_m3": number(due.step.year_m3)}
    volumes = f"{number(due.volume_m3)} м³ − {number(charged_m3)} м³ = {signed(difference.volume_m3)} м³"
    sums = f"{rub(due.amount_rub)} ₽ − {rub(charged_rub)} ₽ = {rub(difference.amount_rub)} ₽"
    return Line(
        service_id=case.account.main_service_id,
        kind=CORRECTION,
        amount_rub=difference.amount_rub,
        volume_m3=difference.volume_m3,
        price_rub_per_m3=due.price_rub_per_m3,
        formula=f"{volumes}; {sums}",
        inputs=inputs,
        rule_source=CORRECTION_RULE,
        meter_id=meter.id,
        scale_id=scale.id,
        reading_id=item.reading.id,
        used_since=due.since,
        used_until=due.until,
    )


def _nothing(case: Case, meter: Meter, scale: Scale, item: Metered, facts: dict[str, Any]) -> Line:
    return Line(
        service_id=case.account.main_service_id,
        kind=CORRECTION,
        amount_rub=Decimal("0.00"),
        volume_m3=Decimal(0),
        formula="0 м³",
        inputs={"reading": facts, "charged": []},
        rule_source=CORRECTION_RULE,
        meter_id=meter.id,
        scale_id=scale.id,
        reading_id=item.reading.id,
        used_since=item.used.since,
        used_until=item.used.until,
    )
