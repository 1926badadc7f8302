"""What use-cases of prices, norms, benefits and fees share. Others import the names from here."""

from kabinet.tariffs.operations.prices import (
    FirstStepMissing,
    PriceNotPositive,
    PriceTooPrecise,
    StepBelowZero,
    TariffOverlaps,
    ZoneUnknown,
    set_price,
)
from kabinet.tariffs.operations.terms import (
    Change,
    DaysReversed,
    EndsAlready,
    PurposeUnknown,
    affected_since,
    check_days,
    check_purpose,
    end,
    lock_of_account,
    lock_terms,
    make_room,
    service_of,
)

__all__ = [
    "Change",
    "DaysReversed",
    "EndsAlready",
    "FirstStepMissing",
    "PriceNotPositive",
    "PriceTooPrecise",
    "PurposeUnknown",
    "StepBelowZero",
    "TariffOverlaps",
    "ZoneUnknown",
    "affected_since",
    "check_days",
    "check_purpose",
    "end",
    "lock_of_account",
    "lock_terms",
    "make_room",
    "service_of",
    "set_price",
]
