"""Read prices, norms, benefits and law by date. Others import the names from here."""

from kabinet.tariffs.queries.accounts import benefits_of_accounts, fees_of_accounts
from kabinet.tariffs.queries.law import penalty_law, vat_rates
from kabinet.tariffs.queries.norms import factors_by_region, norms_by_key
from kabinet.tariffs.queries.prices import price_on, prices_between, prices_by_key

__all__ = [
    "benefits_of_accounts",
    "factors_by_region",
    "fees_of_accounts",
    "norms_by_key",
    "penalty_law",
    "price_on",
    "prices_between",
    "prices_by_key",
    "vat_rates",
]
