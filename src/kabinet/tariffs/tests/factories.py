"""Prices for tests of every app."""

import datetime as dt
from decimal import Decimal
from typing import Any

from kabinet.suppliers.models import Service, Supplier
from kabinet.tariffs.models import Tariff


def make_tariff(
    supplier: Supplier, price: str = "4.37507", *, since: str = "2020-01-01", until: str | None = None, **values: Any
) -> Tariff:
    """Set the price of gas for every purpose on the days [since, until)."""
    return Tariff.objects.create(
        supplier=supplier,
        service=values.pop("service", None) or Service.objects.get(supplier=supplier, is_main=True),
        price_rub_per_m3=Decimal(price),
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **({"printed_price": Decimal(price), "source": "Приказ № 1"} | values),
    )
