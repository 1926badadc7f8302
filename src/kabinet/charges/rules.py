"""How consumption becomes money, and money settles charges: plain values in and out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from kabinet.common.money import ZERO, round_to_kopeck, split_in_proportion
from kabinet.common.month import Month
from kabinet.tariffs.rules import Price

LITRE_M3 = Decimal("0.001")
METERED_RULE = "Правила поставки газа (постановление Правительства РФ от 21.07.2008 № 549), пункт 25"


@dataclass(frozen=True)
class MeteredLine:
    """A volume used on the days `[since, until)` at one price, and its cost, rounded."""

    since: dt.date
    until: dt.date
    volume_m3: Decimal
    price_rub_per_m3: Decimal
    amount_rub: Decimal
    source: str


class PriceMissing(Exception):
    """No price is known for `day`."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(f"no price on {day}")
        self.day = day


def metered_lines(*, volume_m3: Decimal, since: dt.date, until: dt.date, prices: Sequence[Price]) -> list[MeteredLine]:
    """Price a volume used on the days `[since, until)`: one line per price, split by days where the price changes.

    Every day takes the same part. Parts are cut to litres so that they sum to the volume, and each line is rounded to
    kopecks once. Two readings of one day (an empty interval) are priced as that day.
    prices  in any order, not overlapping, of which those outside the interval do not matter

    Raises PriceMissing for a day without a price.
    Source: Government decree of 21.07.2008 No. 549, 25; price change inside an interval: docs/adr/0042.
    """
    until = max(until, since + dt.timedelta(days=1))
    parts = _priced_days(since, until, prices)
    days = (until - since).days
    lines, given_m3 = [], Decimal(0)
    for first, end, price in parts:
        up_to_here_m3 = (volume_m3 * (end - since).days / days).quantize(LITRE_M3, rounding=ROUND_HALF_UP)
        part_m3, given_m3 = up_to_here_m3 - given_m3, up_to_here_m3
        amount_rub = round_to_kopeck(part_m3 * price.price_rub_per_m3)
        lines.append(MeteredLine(first, end, part_m3, price.price_rub_per_m3, amount_rub, price.source))
    return lines


def _priced_days(since: dt.date, until: dt.date, prices: Sequence[Price]) -> list[tuple[dt.date, dt.date, Price]]:
    """Cut `[since, until)` where the price changes; neighbours with one price and one source stay together."""
    parts: list[tuple[dt.date, dt.date, Price]] = []
    day = since
    for price in sorted(prices, key=lambda price: price.valid_from):
        end = min(price.valid_until or until, until)
        if end <= day:
            continue
        if price.valid_from > day:
            break
        if parts and (price.price_rub_per_m3, price.source) == (parts[-1][2].price_rub_per_m3, parts[-1][2].source):
            parts[-1] = (parts[-1][0], end, parts[-1][2])
        else:
            parts.append((day, end, price))
        day = end
    if day < until:
        raise PriceMissing(day)
    return parts


def formula(line: MeteredLine) -> str:
    """Write a line's computation as people would: «28 м³ × 4,37507 ₽/м³ = 122,50 ₽»."""
    volume, price, amount = number(line.volume_m3), number(line.price_rub_per_m3), f"{line.amount_rub:f}"
    return f"{volume} м³ × {price} ₽/м³ = {amount.replace('.', ',')} ₽"


def number(value: Decimal) -> str:
    """Write a number without zeros at its end: 28, 15,167, 4,37507."""
    return f"{value.normalize():f}".replace(".", ",")


@dataclass(frozen=True)
class Unpaid:
    """What is left to pay of one charge."""

    charge_id: int
    service_id: int
    period: Month
    amount_rub: Decimal
    is_penalty: bool = False

    def less(self, settled: "Settled") -> "Unpaid":
        """Give what is left after a part of a payment has settled something."""
        if settled.charge_id != self.charge_id:
            return self
        return replace(self, amount_rub=self.amount_rub - settled.amount_rub)


def spread_payment(
    amount_rub: Decimal, unpaid: Sequence[Unpaid], *, main_service_id: int, named: Month | None = None
) -> list[tuple[int, Decimal]]:
    """Split a payment between services: (service, part) pairs in order of services, no part of zero.

    The period that the payer named comes first, then the oldest; inside a period services share in proportion to what
    is left; penalties come after everything else; the rest is an advance on the main service.

    Source: Civil Code 319.1; Government decree of 06.05.2011 No. 354, 118; Plenum of 22.11.2016 No. 54 (principal
    before penalty); docs/adr/0043.
    """
    parts: dict[int, Decimal] = {}
    left_rub = amount_rub
    for _, group in groupby(_in_order(unpaid, named), key=lambda item: _rank(item, named)):
        owed = list(group)
        taken_rub = min(left_rub, sum((item.amount_rub for item in owed), ZERO))
        if not taken_rub:
            break
        for item, part_rub in zip(owed, _shares(taken_rub, owed), strict=True):
            parts[item.service_id] = parts.get(item.service_id, ZERO) + part_rub
        left_rub -= taken_rub
    if left_rub:
        parts[main_service_id] = parts.get(main_service_id, ZERO) + left_rub
    return [(service_id, part_rub) for service_id, part_rub in sorted(parts.items()) if part_rub]


@dataclass(frozen=True)
class Settled:
    """A part of a payment that settles a charge, and the rule by which it does."""

    charge_id: int
    amount_rub: Decimal
    rule: str


NAMED_PERIOD = "named-period"
OLDEST_FIRST = "oldest-first"


def allocate(amount_rub: Decimal, unpaid: Sequence[Unpaid], *, named: Month | None = None) -> list[Settled]:
    """Say which charges a sum settles: in the order of `spread_payment`; what settles nothing stays an advance.

    Source: as `spread_payment`.
    """
    settled: list[Settled] = []
    left_rub = amount_rub
    for _, group in groupby(_in_order(unpaid, named), key=lambda item: _rank(item, named)):
        owed = list(group)
        taken_rub = min(left_rub, sum((item.amount_rub for item in owed), ZERO))
        if not taken_rub:
            break
        rule = NAMED_PERIOD if owed[0].period == named else OLDEST_FIRST
        for item, part_rub in zip(owed, _shares(taken_rub, owed), strict=True):
            if part_rub:
                settled.append(Settled(item.charge_id, part_rub, rule))
        left_rub -= taken_rub
    return settled


def _in_order(unpaid: Sequence[Unpaid], named: Month | None) -> list[Unpaid]:
    owed = [item for item in unpaid if item.amount_rub > 0]
    return sorted(owed, key=lambda item: (*_rank(item, named), item.service_id, item.charge_id))


def _rank(item: Unpaid, named: Month | None) -> tuple[bool, bool, Month]:
    return item.period != named, item.is_penalty, item.period


def _shares(taken_rub: Decimal, owed: Sequence[Unpaid]) -> list[Decimal]:
    return split_in_proportion(taken_rub, [item.amount_rub for item in owed])
