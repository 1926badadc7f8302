"""Yearly steps are filled again: what was charged above a step moves below it when there is room there, and back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import ChargedLine, Line
from kabinet.charges.rules.benefits import month_of
from kabinet.charges.rules.consumption import CORRECTION, MOVED, USED
from kabinet.charges.rules.drafts import STEP, Case, Draft, Share, days_of, price_of, step_of
from kabinet.charges.rules.spans import ONE_DAY, Span
from kabinet.charges.rules.stretches import amount_of, shares_on, stretches, volume_of
from kabinet.charges.rules.vat import percent_of, with_vat
from kabinet.charges.rules.words import CORRECTION_RULE, cost, number, rub, signed
from kabinet.common.money import round_to_kopeck
from kabinet.common.month import Month
from kabinet.tariffs.rules import Price


@dataclass(frozen=True)
class Charged:
    """What stands in charges for some days of a meter at one step of the year."""

    span: Span
    shares: tuple[Share, ...]

    @property
    def line(self) -> ChargedLine:
        return self.shares[0].line

    @property
    def month(self) -> Month:
        """The month that the last of the lines is about: it has made what is charged for these days what it is."""
        return max(month_of(share.line) for share in self.shares)


@dataclass(frozen=True)
class Move:
    """So much of the year moves from one step to another."""

    from_m3: Decimal
    to_m3: Decimal
    volume_m3: Decimal


def step_drafts(case: Case) -> list[Draft]:
    """Move what is charged at one step of a year and belongs to another: by lines of their own, two for each move.

    An estimate of 300 m³ goes back to 100 m³, and 200 m³ that were charged after it above the first step are below it
    now. How much belongs to a step is told by the sum of the year alone, so nothing moves while lines only follow each
    other. The first days of the upper step go down, the last ones of the lower step go up. Volumes that were charged
    without a step fill the year first. A year whose steps changed inside it, and those before the last one, stay.

    Source: docs/adr/0123.
    """
    years: dict[tuple[str, int], list[ChargedLine]] = defaultdict(list)
    for line in case.account.charged:
        if line.kind in USED and line.used_until:
            year = (line.used_until - ONE_DAY).year
            if year >= case.account.period.year - 1:
                years[case.account.purpose_of(line.meter_id), year].append(line)
    return [
        draft
        for (purpose, _), lines in sorted(years.items())
        if any(step_of(line) is not None for line in lines)
        for draft in _of_year(case, purpose, lines)
    ]


def moved_now(case: Case, line: ChargedLine) -> ChargedLine:
    """Give what has moved to a step, or away from it, at the price that holds now; its benefit as well."""
    step, price_rub = step_of(line), line.price_rub_per_m3
    steps = _steps(case, case.account.purpose_of(line.meter_id), line, days_of(line)[0])
    if step is None or step not in steps or not price_rub:
        return line
    now_rub = steps[step].price_rub_per_m3
    now = replace(line, price_rub_per_m3=now_rub, amount_rub=round_to_kopeck(line.amount_rub * now_rub / price_rub))
    return with_vat(now, case.terms.vat_rates)


def _of_year(case: Case, purpose: str, lines: Sequence[ChargedLine]) -> Iterator[Draft]:
    by_step: dict[Decimal, list[ChargedLine]] = defaultdict(list)
    for line in lines:
        if (step := step_of(line)) is not None:
            by_step[step].append(line)
    total_m3 = sum((line.volume_m3 for line in lines), Decimal(0))
    charged_m3 = {step: sum((line.volume_m3 for line in of_step), Decimal(0)) for step, of_step in by_step.items()}
    ladder = _ladder(case, purpose, [line for of_step in by_step.values() for line in of_step])
    if not set(by_step) <= set(ladder):
        return
    for move in _moves(ladder, charged_m3, total_m3):
        yield from _drafts(case, purpose, by_step[move.from_m3], move)


def _ladder(case: Case, purpose: str, lines: Sequence[ChargedLine]) -> tuple[Decimal, ...]:
    """Give the steps of a year, the volumes that each is above; none when they are not the same on all its days."""
    found = {tuple(_steps(case, purpose, line, span)) for line in lines for span in days_of(line)}
    return found.pop() if len(found) == 1 else ()


def _steps(case: Case, purpose: str, line: ChargedLine, span: Span) -> Mapping[Decimal, Price]:
    scales = [scale for meter in case.account.meters for scale in meter.scales]
    zone = next((scale.zone for scale in scales if scale.id == line.scale_id), "")
    return dict(case.segments(span, [span], purpose=purpose, zone=zone)[0].steps)


def _moves(ladder: Sequence[Decimal], charged_m3: Mapping[Decimal, Decimal], total_m3: Decimal) -> list[Move]:
    """Say what has to move so that each step has what the sum of the year gives it, from the uppermost step on."""
    first_m3 = total_m3 - sum(charged_m3.values(), Decimal(0))
    over = {}
    for step, end in zip(ladder, [*ladder[1:], None], strict=True):
        due_m3 = _inside(total_m3, step, end) - _inside(first_m3, step, end)
        over[step] = charged_m3.get(step, Decimal(0)) - due_m3
    moves = []
    for step in reversed(ladder):
        for other in reversed(ladder):
            volume_m3 = min(over[step], -over[other])
            if volume_m3 > 0:
                moves.append(Move(step, other, volume_m3))
                over[step] -= volume_m3
                over[other] += volume_m3
    return moves


def _inside(volume_m3: Decimal, above_m3: Decimal, until_m3: Decimal | None) -> Decimal:
    """Give what of a volume, counted from nothing, is on a step."""
    top_m3 = volume_m3 if until_m3 is None else min(volume_m3, until_m3)
    return max(top_m3 - above_m3, Decimal(0))


def _drafts(case: Case, purpose: str, lines: Sequence[ChargedLine], move: Move) -> Iterator[Draft]:
    left_m3 = move.volume_m3
    for charged in _charged(lines, last_first=move.to_m3 > move.from_m3):
        there_m3 = volume_of(charged.shares)
        volume_m3 = min(there_m3, left_m3)
        if volume_m3 <= 0:
            continue
        left_m3 -= volume_m3
        steps = _steps(case, purpose, charged.line, charged.span)
        price_rub = price_of(share.line for share in charged.shares) or steps[move.from_m3].price_rub_per_m3
        away = _line(case, charged, move, -volume_m3, price_rub, steps)
        due_rub = amount_of(charged.shares) + away.amount_rub
        yield Draft(away, (charged.span,), there_m3 - volume_m3, due_rub, charged.shares)
        there = _line(case, charged, move, volume_m3, steps[move.to_m3].price_rub_per_m3, steps)
        yield Draft(there, (charged.span,), volume_m3, there.amount_rub)


def _charged(lines: Sequence[ChargedLine], *, last_first: bool) -> list[Charged]:
    """Give what stands in charges at a step, by meter, VAT and stretch of days, in the order in which it may move."""
    by_place: dict[tuple[int | None, Decimal | None], list[ChargedLine]] = defaultdict(list)
    for line in lines:
        by_place[line.meter_id, percent_of(line)].append(line)
    found = [Charged(span, shares_on(of_place, span)) for of_place in by_place.values() for span in stretches(of_place)]
    return sorted(found, key=lambda item: (item.span, item.line.meter_id or 0), reverse=last_first)


def _line(
    case: Case, charged: Charged, move: Move, volume_m3: Decimal, price_rub: Decimal, steps: Mapping[Decimal, Price]
) -> Line:
    above_m3 = move.from_m3 if volume_m3 < 0 else move.to_m3
    amount_rub = round_to_kopeck(volume_m3 * price_rub)
    inputs: dict[str, Any] = {
        "month": str(charged.month),
        MOVED: signed(volume_m3),
        "from_above_m3": number(move.from_m3),
        "to_above_m3": number(move.to_m3),
        STEP: number(above_m3),
        "line_since": str(charged.span.since),
        "line_until": str(charged.span.until),
        "line_m3": signed(volume_m3),
        "price": number(price_rub),
        "price_source": steps[above_m3].source,
        "charged": [share.inputs for share in charged.shares],
        "charged_m3": signed(volume_of(charged.shares)),
        "charged_rub": rub(amount_of(charged.shares)),
    }
    return Line(
        service_id=case.account.main_service_id,
        kind=CORRECTION,
        amount_rub=amount_rub,
        volume_m3=volume_m3,
        price_rub_per_m3=price_rub,
        formula=cost(volume_m3, price_rub, amount_rub),
        inputs=inputs,
        rule_source=CORRECTION_RULE,
        meter_id=charged.line.meter_id,
        scale_id=charged.line.scale_id,
        used_since=charged.span.since,
        used_until=charged.span.until,
        for_period=charged.month,
    )
