"""A line on its way: with what a benefit of it is counted from."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.charges.rules.account_month import AccountMonth, ChargedLine, Line, Terms
from kabinet.charges.rules.pricing import Segment, YearVolumes, segments
from kabinet.charges.rules.spans import Span, merged, part_of, to_litres
from kabinet.charges.rules.words import days_text, rub, signed
from kabinet.common.money import round_to_kopeck


@dataclass(frozen=True)
class Share:
    """What of a charged line falls on some days."""

    line: ChargedLine
    days: int
    of_days: int
    volume_m3: Decimal
    amount_rub: Decimal

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


@dataclass(frozen=True)
class Case:
    """An account's month, the terms, and what its lines have used of the years so far."""

    account: AccountMonth
    terms: Terms
    years: YearVolumes

    def segments(self, span: Span, charged: Sequence[Span], *, purpose: str, zone: str) -> list[Segment]:
        policy = self.terms.policy
        return segments(span, charged, self.terms.prices, purpose=purpose, zone=zone, price_split=policy.price_split)


def share_of(line: ChargedLine, spans: Sequence[Span]) -> Share | None:
    """Give what of a charged line falls on some days, every day taking the same; None when nothing does.

    Parts are cut by their running totals, so that those of all days sum to the line.
    """
    if line.used_since is None or line.used_until is None:
        return None
    whole = Span(line.used_since, line.used_until)
    common = [part for span in merged(spans) if (part := whole.common(span.since, span.until)).days]
    if not common:
        return None
    return Share(
        line=line,
        days=sum(part.days for part in common),
        of_days=whole.days,
        volume_m3=sum((part_of(line.volume_m3, whole, part, to_litres) for part in common), Decimal(0)),
        amount_rub=sum((part_of(line.amount_rub, whole, part, round_to_kopeck) for part in common), Decimal(0)),
    )
