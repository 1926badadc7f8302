"""How a volume becomes money: plain values in and out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kabinet.common.money import round_to_kopeck
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
