"""What is due beside what was charged, stretch by stretch of days on which the same lines hold: plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.charges.rules.account_month import ChargedLine
from kabinet.charges.rules.drafts import Share, days_of, share_of
from kabinet.charges.rules.spans import LITRE_M3, Span, merged
from kabinet.charges.rules.vat import percent_of, vat_inputs
from kabinet.common.money import ZERO

KOPECK_RUB = Decimal("0.01")


@dataclass(frozen=True)
class Stretch:
    """Days on which the same lines hold, with what is due for them and what was charged."""

    span: Span
    due: tuple[Share, ...]
    charged: tuple[Share, ...]

    @property
    def volume_m3(self) -> Decimal:
        return volume_of(self.due) - volume_of(self.charged)

    @property
    def amount_rub(self) -> Decimal:
        return amount_of(self.due) - amount_of(self.charged)

    @property
    def vat_inputs(self) -> dict[str, str]:
        """Give the VAT that differs: all lines of a stretch have one rate."""
        percent = next(percent_of(share.line) for share in (*self.due, *self.charged))
        return vat_inputs(percent, vat_of_all(self.due) - vat_of_all(self.charged))

    @property
    def is_rounding(self) -> bool:
        """Whether no more differs than the rounding of the lines that these days cut."""
        cut = sum(share.days < share.of_days for share in (*self.due, *self.charged))
        return abs(self.volume_m3) <= cut * LITRE_M3 and abs(self.amount_rub) <= cut * KOPECK_RUB


def stretches(lines: Iterable[ChargedLine], *others: Span) -> list[Span]:
    """Cut the days of lines where any of them begins or ends, and where other days do."""
    spans = [span for line in lines for span in days_of(line)]
    cuts = {day for span in (*spans, *others) for day in (span.since, span.until)}
    return [part for span in merged(spans) for part in span.cut(cuts)]


def shares_on(lines: Iterable[ChargedLine], span: Span) -> tuple[Share, ...]:
    return tuple(share for line in lines if (share := share_of(line, [span])))


def differing(
    due: Sequence[ChargedLine], charged: Sequence[ChargedLine], *, left_out: Sequence[Span] = ()
) -> list[Stretch]:
    """Give the stretches on which what is due is not what was charged, without days that are not to be compared."""
    spans = stretches([*due, *charged], *left_out)
    return unsettled(
        [
            Stretch(span, shares_on(due, span), shares_on(charged, span))
            for span in spans
            if not any(span.since in days for days in left_out)
        ]
    )


def unsettled(found: Sequence[Stretch]) -> list[Stretch]:
    """Leave out stretches on which nothing differs, and all of them where it is rounding that evens out."""
    left = [stretch for stretch in found if stretch.volume_m3 or stretch.amount_rub]
    is_even = not sum(stretch.volume_m3 for stretch in left) and not sum(stretch.amount_rub for stretch in left)
    return [] if is_even and all(stretch.is_rounding for stretch in left) else left


def volume_of(shares: Iterable[Share]) -> Decimal:
    return sum((share.volume_m3 for share in shares), Decimal(0))


def amount_of(shares: Iterable[Share]) -> Decimal:
    return sum((share.amount_rub for share in shares), ZERO)


def vat_of_all(shares: Iterable[Share]) -> Decimal:
    return sum((share.vat_rub for share in shares), ZERO)
