"""«Счёт-извещение»: the payer's bill and the cashier's notice on one A4 sheet. Others import the names from here."""

from kabinet.bills.formats.bill.content import Bill, BillLine, MonthVolume, Payee, Payer, Requisites
from kabinet.bills.formats.bill.sheet import printed
from kabinet.bills.formats.typesetting import pdf

__all__ = ["Bill", "BillLine", "MonthVolume", "Payee", "Payer", "Requisites", "render"]


def render(bill: Bill) -> bytes:
    """Typeset a bill as PDF/A."""
    return pdf("bill", printed(bill), made_at=bill.made_at)
