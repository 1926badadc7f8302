"""What can have happened to charges."""

from dataclasses import dataclass

from kabinet.common.month import Month


@dataclass(frozen=True)
class MonthCharged:
    """A run has been posted whole: the charges of all its accounts stand, and bills can be printed."""

    supplier_id: int
    run_id: int
    period: Month


@dataclass(frozen=True)
class DocumentProposed:
    """Somebody asks for a document that lowers what an account owes: another person decides."""

    supplier_id: int
    proposal_id: int


@dataclass(frozen=True)
class RunNeedsSecondPerson:
    """A run has been computed, or one of the night has been checked: somebody else releases it."""

    supplier_id: int
    run_id: int
