"""A price and the days on which it holds: plain values in and out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kabinet.tariffs.rules.days import holding_on

PRICE_PLACES = Decimal("0.00001")
#: The zones of a day that meters with several scales tell apart.
ZONES = ("T1", "T2", "T3")


@dataclass(frozen=True)
class Price:
    """A price that holds on the days `[valid_from, valid_until)`; an open end is None. `source` is its order."""

    valid_from: dt.date
    valid_until: dt.date | None
    price_rub_per_m3: Decimal
    source: str = ""


#: Prices of a service by (purpose, zone, above_m3); "" stands for every purpose, every zone; above_m3 is a yearly step.
PricesByKey = Mapping[tuple[str, str, Decimal], Sequence[Price]]


@dataclass(frozen=True)
class PricedDays:
    """Days `[since, until)` on which the same prices hold.

    steps  (above_m3, price), lowest first: the first is above 0 m³, each next is for what is used above its volume
           within a calendar year
    """

    since: dt.date
    until: dt.date
    steps: tuple[tuple[Decimal, Price], ...]


class TooPrecise(ValueError):
    """A printed price that has more than five decimals when it is converted to one m³."""


def price_per_m3(printed_price: Decimal, *, units_m3: int) -> Decimal:
    """Convert a printed price to roubles per m³, once: orders print some prices per m³ and some per 1000 m³.

    Raises TooPrecise where rounding would change the price. Source: docs/adr/0044.
    """
    price = printed_price / units_m3
    if price != price.quantize(PRICE_PLACES):
        raise TooPrecise(str(printed_price))
    return price.quantize(PRICE_PLACES)


def priced_days(
    prices: PricesByKey, *, usage_purpose_code: str, zone: str, since: dt.date, until: dt.date
) -> list[PricedDays]:
    """Cut the days [since, until) where prices change, oldest first; days without any price are left out.

    On each day the closest prices hold: those of the purpose and zone, else of the purpose, else of the zone for every
    purpose, else those for all. A set of prices holds when it has a first step. Source: docs/adr/0100.
    """
    closest_first = [(usage_purpose_code, zone), (usage_purpose_code, ""), ("", zone), ("", "")]
    levels = [
        [(key[2], price) for key, held in sorted(prices.items()) if key[:2] == level for price in held]
        for level in dict.fromkeys(closest_first)
    ]
    changes = {since, until} | {
        day
        for level in levels
        for _, price in level
        for day in (price.valid_from, price.valid_until)
        if day is not None and since < day < until
    }
    days = sorted(changes)
    parts: list[PricedDays] = []
    for first, end in pairwise(days):
        steps = next(filter(None, (_steps_on(level, first) for level in levels)), ())
        if parts and (parts[-1].until, parts[-1].steps) == (first, steps):
            parts[-1] = PricedDays(parts[-1].since, end, steps)
        elif steps:
            parts.append(PricedDays(first, end, steps))
    return parts


def _steps_on(level: list[tuple[Decimal, Price]], day: dt.date) -> tuple[tuple[Decimal, Price], ...]:
    """Give the steps of a day; none when the first of them is not there."""
    steps = tuple((above_m3, price) for above_m3, price in level if holding_on([price], day))
    return steps if steps and steps[0][0] == 0 else ()
