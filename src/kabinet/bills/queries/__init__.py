"""Papers of an account, a file for each kind. Others import the names from here."""

from kabinet.bills.queries.account_statements import account_statement, account_statement_pdf
from kabinet.bills.queries.certificates import (
    CertificateCard,
    CheckedCertificate,
    certificate_by_code,
    certificate_of_day,
    certificate_pdf,
    certificates_of,
    debt_rub,
)
from kabinet.bills.queries.months import BillMonth, bill_months
from kabinet.bills.queries.payment_proofs import payment_proof_pdf, payment_proof_pdf_by_id
from kabinet.bills.queries.sheets import bill, bill_pdf, bills

__all__ = [
    "BillMonth",
    "CertificateCard",
    "CheckedCertificate",
    "account_statement",
    "account_statement_pdf",
    "bill",
    "bill_months",
    "bill_pdf",
    "bills",
    "certificate_by_code",
    "certificate_of_day",
    "certificate_pdf",
    "certificates_of",
    "debt_rub",
    "payment_proof_pdf",
    "payment_proof_pdf_by_id",
]
