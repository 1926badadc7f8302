"""Prices, norms, benefits and law as plain values, by date. Others import the names from here."""

from kabinet.tariffs.rules.accounts import AccountBenefit, AccountFee
from kabinet.tariffs.rules.days import HasDays, holding_on
from kabinet.tariffs.rules.law import DelayStep, KeyRate, Moratorium, PenaltyLaw, RateCap, VatRate
from kabinet.tariffs.rules.norms import MONTHS, Norm, VolumeFactor
from kabinet.tariffs.rules.prices import (
    PRICE_PLACES,
    ZONES,
    Price,
    PricedDays,
    PricesByKey,
    TooPrecise,
    price_per_m3,
    priced_days,
)

__all__ = [
    "MONTHS",
    "PRICE_PLACES",
    "ZONES",
    "AccountBenefit",
    "AccountFee",
    "DelayStep",
    "HasDays",
    "KeyRate",
    "Moratorium",
    "Norm",
    "PenaltyLaw",
    "Price",
    "PricedDays",
    "PricesByKey",
    "RateCap",
    "TooPrecise",
    "VatRate",
    "VolumeFactor",
    "holding_on",
    "price_per_m3",
    "priced_days",
]
