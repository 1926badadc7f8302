"""A price and the days on which it holds: plain values in and out."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

PRICE_PLACES = Decimal("0.00001")


@dataclass(frozen=True)
class Price:
    """A price that holds on the days `[valid_from, valid_until)`; an open end is None. `source` is its order."""

    valid_from: dt.date
    valid_until: dt.date | None
    price_rub_per_m3: Decimal
    source: str = ""


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
