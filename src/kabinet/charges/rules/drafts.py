"""A line on its way: with what a benefit of it is counted from, and what it makes of the lines before it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kabinet.charges.rules.account_month import AccountMonth, ChargedLine, Line, Terms
from kabinet.charges.rules.consumption import MOVED, NORM, USED
from kabinet.charges.rules.pricing import Segment, YearVolumes, segments
from kabinet.charges.rules.spans import ONE_DAY, Span, merged, running_parts, to_litres
from kabinet.charges.rules.vat import PERCENT, percent_of, percent_on, vat_changes, vat_in, vat_inputs, vat_of
from kabinet.charges.rules.words import days_text, rub, signed
from kabinet.common.money import ZERO, round_to_kopeck
from kabinet.common.month import Month
from kabinet.tariffs.rules import VatRate

#: What a line keeps of the yearly step that it is priced by: above which volume, m³.
STEP = "step_above_m3"


@dataclass(frozen=True)
class Share:
    """What of a charged line falls on some days."""

    line: ChargedLine
    days: int
    of_days: int
    volume_m3: Decimal
    amount_rub: Decimal
    vat_rub: Decimal

    @property
    def inputs(self) -> dict[str, str]:
        """Give what an explanation lists of what was charged before."""
        return days_text(self.line.used_since, self.line.used_until) | {
            "charge_id": str(self.line.charge_id),
            "kind": self.line.kind,
            "period": str(self.line.period),
            "days": str(self.days),
            "of_days": str(self.of_days),
            "volume_m3": signed(self.volume_m3),
            "amount_rub": rub(self.amount_rub),
        }


@dataclass(frozen=True)
class Draft:
    """A line of consumption, and what its days come to after it is charged.

    spans     the days that it is for
    due_m3    what is charged for them in all, by this line and those that it corrects
    replaced  what had been charged for these days
    """

    line: Line
    spans: tuple[Span, ...]
    due_m3: Decimal
    due_rub: Decimal
    replaced: tuple[Share, ...] = ()

    @property
    def days(self) -> int:
        return sum(span.days for span in self.spans)


def line_with_vat(draft: Draft, rates: Sequence[VatRate]) -> Line:
    """Give the line with its VAT: what its days come to contains, less what was said of them before.

    Where it replaces lines all of them have one rate, and it is theirs.
    """
    line = draft.line
    if PERCENT in line.inputs or line.used_until is None:
        return line
    of_replaced = [percent_of(share.line) for share in draft.replaced]
    percent = of_replaced[0] if of_replaced else percent_on(rates, line.used_until - ONE_DAY)
    vat_rub = vat_in(draft.due_rub, percent) - sum((share.vat_rub for share in draft.replaced), ZERO)
    return replace(line, inputs=line.inputs | vat_inputs(percent, vat_rub))


@dataclass(frozen=True)
class Case:
    """An account's month, the terms, and what its lines have used of the years so far."""

    account: AccountMonth
    terms: Terms
    years: YearVolumes

    @classmethod
    def of(cls, account: AccountMonth, terms: Terms) -> "Case":
        """Begin with what has been charged of each year, by the last day of each line."""
        case = cls(account, terms, YearVolumes())
        for line in account.charged:
            if line.kind in USED and line.used_until and case.is_counted(line):
                year = (line.used_until - ONE_DAY).year
                case.years.add(account.purpose_of(line.meter_id), year, line.volume_m3)
        return case

    def segments(self, span: Span, charged: Sequence[Span], *, purpose: str, zone: str) -> list[Segment]:
        policy = self.terms.policy
        return segments(
            span,
            charged,
            self.terms.prices,
            purpose=purpose,
            zone=zone,
            price_split=policy.price_split,
            cuts=vat_changes(self.terms.vat_rates),
        )

    def is_counted(self, line: ChargedLine) -> bool:
        """Tell whether the year's volume knows of a line: a month computed anew has the steps that it had then."""
        return line.period <= self.account.period

    def after(self, drafts: Sequence[Draft]) -> "Case":
        """Give the case as it is when these lines have been charged as well: the year's volumes know of them."""
        lines = (line_with_vat(draft, self.terms.vat_rates) for draft in drafts)
        return replace(self, account=with_charged(self.account, lines))


def with_charged(account: AccountMonth, lines: Iterable[Line]) -> AccountMonth:
    """Give an account as it is when lines have been charged for its month as well."""
    return replace(account, charged=(*account.charged, *(as_charged(line, account.period) for line in lines)))


def as_charged(line: Line, period: Month) -> ChargedLine:
    """Give a line as it will stand in a charge, which has no id yet."""
    return ChargedLine(
        charge_id=0,
        service_id=line.service_id,
        kind=line.kind,
        period=period,
        meter_id=line.meter_id,
        scale_id=line.scale_id,
        used_since=line.used_since,
        used_until=line.used_until,
        volume_m3=line.volume_m3 or Decimal(0),
        price_rub_per_m3=line.price_rub_per_m3,
        amount_rub=line.amount_rub,
        inputs=line.inputs,
        reading_id=line.reading_id,
    )


def in_order(lines: Iterable[ChargedLine]) -> list[ChargedLine]:
    """Give lines in the order in which they were charged; those that are not charged yet are the last."""
    return sorted(lines, key=lambda line: (not line.charge_id, line.charge_id))


def step_of(line: Line | ChargedLine) -> Decimal | None:
    """Give above which volume of the year a line is priced; None where prices know no steps."""
    text = line.inputs.get(STEP)
    return None if text is None else Decimal(text.replace(",", "."))


def is_moved(line: Line | ChargedLine) -> bool:
    return MOVED in line.inputs


def price_of(lines: Iterable[ChargedLine]) -> Decimal | None:
    """Give the price of lines, None where they have several."""
    prices = {line.price_rub_per_m3 for line in lines}
    return prices.pop() if len(prices) == 1 else None


def days_of(line: ChargedLine) -> list[Span]:
    """Give the days that a line is for, which take the same part of it each.

    Of a reading they are without those that kept what else was charged for them; of a norm, without those before its
    month that it settles and has no volume for. The benefit of a line is for the same days.
    """
    if line.used_since is None or line.used_until is None:
        return []
    if NORM in (line.kind, line.inputs.get("of_kind")) and "line_since" in line.inputs:
        return [Span(_day(line.inputs["line_since"]), line.used_until)]
    reading = line.inputs.get("reading", line.inputs)
    kept = [Span(_day(row["since"]), _day(row["until"])) for row in reading.get("kept", ())]
    return Span(line.used_since, line.used_until).without(kept)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def share_of(line: ChargedLine, spans: Sequence[Span]) -> Share | None:
    """Give what of a charged line falls on some days, every day taking the same; None when nothing does.

    Parts are cut by their running totals, so that those of all days sum to the line.
    """
    own = days_of(line)
    common = [part for span in merged(spans) for item in own if (part := item.common(span.since, span.until)).days]
    if not common:
        return None
    return Share(
        line=line,
        days=sum(part.days for part in common),
        of_days=sum(span.days for span in own),
        volume_m3=sum(running_parts(line.volume_m3, own, common, to_litres), Decimal(0)),
        amount_rub=sum(running_parts(line.amount_rub, own, common, round_to_kopeck), Decimal(0)),
        vat_rub=sum(running_parts(vat_of(line), own, common, round_to_kopeck), Decimal(0)),
    )
