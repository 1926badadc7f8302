"""Papers of an account, a file for each kind. Others import the names from here."""

from kabinet.bills.queries.months import BillMonth, bill_months
from kabinet.bills.queries.payment_proofs import payment_proof_pdf, payment_proof_pdf_by_id
from kabinet.bills.queries.sheets import bill, bill_pdf

__all__ = [
    "BillMonth",
    "bill",
    "bill_months",
    "bill_pdf",
    "payment_proof_pdf",
    "payment_proof_pdf_by_id",
]
