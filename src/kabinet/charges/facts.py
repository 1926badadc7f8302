"""What can have happened to charges."""

from dataclasses import dataclass

from kabinet.common.month import Month


@dataclass(frozen=True)
class MonthCharged:
    """A run has been posted whole: the charges of all its accounts stand, and bills can be printed."""

    supplier_id: int
    run_id: int
    period: Month
