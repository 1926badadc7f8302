"""What can have happened to prices and to the law's data."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class ReferenceEnds:
    """Seen on a day: something ends soon without a successor, or is missing."""

    day: dt.date
    within_days: int


@dataclass(frozen=True)
class TermsProposed:
    """Somebody asks for a price, a norm, a factor, a benefit or an order of prices: another person decides."""

    supplier_id: int
    proposal_id: int
