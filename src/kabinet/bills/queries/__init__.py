"""Papers of an account, a file for each kind. Others import the names from here."""

from kabinet.bills.queries.bills import (
    BillMonth,
    bill,
    bill_months,
    bill_pdf,
    payment_proof_pdf,
    payment_proof_pdf_by_id,
)

__all__ = [
    "BillMonth",
    "bill",
    "bill_months",
    "bill_pdf",
    "payment_proof_pdf",
    "payment_proof_pdf_by_id",
]
