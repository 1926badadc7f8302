"""What can have happened to meters."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadingSubmitted:
    """A customer has handed in a reading; it is stored, accepted or waiting for a check."""

    supplier_id: int
    account_id: int
    reading_id: int


@dataclass(frozen=True)
class PhotoAsked:
    """Staff ask whoever handed a reading in for a photo of the meter."""

    supplier_id: int
    account_id: int
    reading_id: int


@dataclass(frozen=True)
class ReadingReviewed:
    """Staff have decided whether a reading that waited for a check counts."""

    supplier_id: int
    account_id: int
    reading_id: int


@dataclass(frozen=True)
class ReadingWithdrawn:
    """A reading that had counted does not any longer: it was wrong, and nothing had been charged by it.

    is_own  whoever handed it in has withdrawn it, and knows
    """

    supplier_id: int
    account_id: int
    reading_id: int
    is_own: bool = False
