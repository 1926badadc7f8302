"""Tables of charges, a file for each thought. Others import the names from here."""

from kabinet.charges.models.adjustments import Adjustment
from kabinet.charges.models.charges import Allocation, Charge, CreditReturn, ReleasedAllocation
from kabinet.charges.models.figures import Figure
from kabinet.charges.models.policies import AccrualPolicy
from kabinet.charges.models.proposals import Proposal
from kabinet.charges.models.runs import AccrualBatch, AccrualRun, DraftCharge, Oddity

__all__ = [
    "AccrualBatch",
    "AccrualPolicy",
    "AccrualRun",
    "Adjustment",
    "Allocation",
    "Charge",
    "CreditReturn",
    "DraftCharge",
    "Figure",
    "Oddity",
    "Proposal",
    "ReleasedAllocation",
]
