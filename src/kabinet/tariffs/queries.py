"""Read prices by date."""

import datetime as dt

from django.db.models import Q

from kabinet.tariffs.models import Tariff
from kabinet.tariffs.rules import Price


def prices_between(
    supplier_id: int, service_id: int, usage_purpose_code: str, *, since: dt.date, until: dt.date
) -> list[Price]:
    """Give the prices that hold on days of [since, until), oldest first.

    Prices of the purpose itself, or when it has none on these days those set for every purpose.
    """
    rows = Tariff.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=since),
        supplier_id=supplier_id,
        service_id=service_id,
        usage_purpose_code__in={usage_purpose_code, ""},
        valid_from__lt=until,
    ).order_by("valid_from")
    found = list(rows)
    own = [tariff for tariff in found if tariff.usage_purpose_code == usage_purpose_code]
    return [Price(row.valid_from, row.valid_until, row.price_rub_per_m3, row.source) for row in own or found]


def price_on(supplier_id: int, service_id: int, usage_purpose_code: str, *, day: dt.date) -> Price | None:
    """Give the price of a day, or None when none is set."""
    prices = prices_between(supplier_id, service_id, usage_purpose_code, since=day, until=day + dt.timedelta(days=1))
    return prices[0] if prices else None
