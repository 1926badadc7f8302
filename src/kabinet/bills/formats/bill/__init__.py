"""«Счёт-извещение»: the payer's bill and the cashier's notice on one A4 sheet. Others import the names from here."""

import datetime as dt
from collections.abc import Sequence

from kabinet.bills.formats.bill.content import Bill, BillLine, MonthVolume, Part, Payee, Payer, Requisites
from kabinet.bills.formats.bill.sheet import printed, title
from kabinet.bills.formats.typesetting import forget, pdf

__all__ = ["Bill", "BillLine", "MonthVolume", "Part", "Payee", "Payer", "Requisites", "render", "render_many"]


def render(bill: Bill) -> bytes:
    """Typeset a bill as PDF/A."""
    return pdf("bill", {"title": title(bill), "sheets": [printed(bill)]}, made_at=bill.made_at)


def render_many(bills: Sequence[Bill], *, made_at: dt.datetime) -> bytes:
    """Typeset bills one after another for a printer: an archive form as well, but without the tags for reading aloud.

    Half the time of each for itself, and a tenth of the room.
    """
    data = {"title": "Счета-извещения", "sheets": [printed(bill) for bill in bills]}
    try:
        return pdf("bill", data, made_at=made_at, is_tagged=False)
    finally:
        forget()
