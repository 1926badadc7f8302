"""Read prices by date."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from kabinet.tariffs.models import Tariff
from kabinet.tariffs.queries.days import between
from kabinet.tariffs.rules import Price, priced_days


def prices_by_key(
    supplier_id: int, service_id: int, *, since: dt.date, until: dt.date
) -> dict[tuple[str, str, Decimal], tuple[Price, ...]]:
    """Give all prices of a service that hold on days of [since, until), by (purpose, zone, above_m3), oldest first.

    `rules.priced_days` tells which of them an account's meter takes.
    """
    rows = Tariff.objects.filter(between(since, until), supplier_id=supplier_id, service_id=service_id)
    found = defaultdict(list)
    for row in rows.order_by("valid_from"):
        price = Price(row.valid_from, row.valid_until, row.price_rub_per_m3, row.source)
        found[row.usage_purpose_code, row.zone, row.above_m3].append(price)
    return {key: tuple(prices) for key, prices in found.items()}


def prices_between(
    supplier_id: int, service_id: int, usage_purpose_code: str, *, zone: str = "", since: dt.date, until: dt.date
) -> list[Price]:
    """Give the prices that hold on days of [since, until), oldest first: of the first step, where there are several.

    On each day the closest price: `rules.priced_days`. No two of them share a day.
    """
    prices = prices_by_key(supplier_id, service_id, since=since, until=until)
    parts = priced_days(prices, usage_purpose_code=usage_purpose_code, zone=zone, since=since, until=until)
    return [
        replace(
            price,
            valid_from=price.valid_from if part.since == since else part.since,
            valid_until=price.valid_until if part.until == until else part.until,
        )
        for part in parts
        for price in [part.steps[0][1]]
    ]


def price_on(
    supplier_id: int, service_id: int, usage_purpose_code: str, *, zone: str = "", day: dt.date
) -> Price | None:
    """Give the price of a day, of the first step where there are several, or None when none is set."""
    prices = prices_between(
        supplier_id, service_id, usage_purpose_code, zone=zone, since=day, until=day + dt.timedelta(days=1)
    )
    return prices[0] if prices else None
