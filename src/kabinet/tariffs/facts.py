"""What can have happened to prices and to the law's data."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class ReferenceEnds:
    """Seen on a day: something ends soon without a successor, or is missing."""

    day: dt.date
    within_days: int
