"""States of payments, refunds and cheques, and which of them leads to which."""

INTENDED, OPEN, HELD, FAILED, PAID = "intended", "open", "held", "failed", "paid"
RANK = {INTENDED: 0, OPEN: 1, HELD: 2, FAILED: 3, PAID: 4}
UNSETTLED = (INTENDED, OPEN, HELD)

REFUND_ASKED, REFUND_INTENDED, REFUND_PENDING, REFUND_DONE, REFUND_FAILED = (
    "asked",
    "intended",
    "pending",
    "done",
    "failed",
)
REFUND_STATES = (REFUND_ASKED, REFUND_INTENDED, REFUND_PENDING, REFUND_DONE, REFUND_FAILED)
RECEIPT_INTENDED, RECEIPT_PENDING, RECEIPT_DONE, RECEIPT_FAILED = "intended", "pending", "done", "failed"
RECEIPT_STATES = (RECEIPT_INTENDED, RECEIPT_PENDING, RECEIPT_DONE, RECEIPT_FAILED)


def may_become(present: str, told: str) -> bool:
    """Tell whether what a gateway says moves a payment on: a state of a lower rank is a late answer."""
    return RANK[told] > RANK[present]
