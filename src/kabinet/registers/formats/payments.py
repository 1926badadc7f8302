"""The file of payments: a line for each service of each account, in semicolon-separated UTF-8 with headings.

Money that goes back is a line below zero with the number of the payment that it belongs to.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kabinet.common.money import parse_rub

HEADINGS = ("Номер", "Вид", "Лицевой счёт", "Услуга", "Сумма", "Дата", "Номер в платёжной системе")
#: A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class PaymentLine:
    """public_id: our number of the payment; amount_rub is below zero for what goes back."""

    public_id: UUID
    kind_label: str
    account_number: str
    service_code: str
    amount_rub: Decimal
    moved_on: dt.date
    gateway_payment_id: str


@dataclass(frozen=True)
class BookedLine:
    """A line of a file of what a supplier has booked. public_id: our number; None for a payment that is not ours."""

    number: int
    public_id: UUID | None
    account_number: str
    amount_rub: Decimal


class FileUnreadable(Exception):
    """A file that cannot be read; the text says which line and why."""


def write_payments(lines: Iterable[PaymentLine]) -> str:
    """Write the file that leaves."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for line in lines:
        writer.writerow(
            [
                line.public_id,
                line.kind_label,
                defuse(line.account_number),
                defuse(line.service_code),
                f"{line.amount_rub:.2f}",
                f"{line.moved_on:%d.%m.%Y}",
                defuse(line.gateway_payment_id),
            ]
        )
    return file.getvalue()


def read_booked(text: str) -> list[BookedLine]:
    """Read what a supplier has booked: the columns «Номер», «Лицевой счёт» and «Сумма», in any order, among any others.

    A line without our number, or with one that is none of ours, is a payment that the supplier took elsewhere.
    Raises FileUnreadable.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";")
    headings = [heading.strip().lower() for heading in next(reader, [])]
    try:
        places = [headings.index(name) for name in ("номер", "лицевой счёт", "сумма")]
    except ValueError:
        raise FileUnreadable("нужны колонки «Номер», «Лицевой счёт» и «Сумма»") from None
    lines = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        try:
            number, account_number, amount = (cells[place].strip() for place in places)
            lines.append(BookedLine(reader.line_num, _our_id(number), account_number.lstrip("'"), parse_rub(amount)))
        except (IndexError, ValueError) as error:
            raise FileUnreadable(f"строка {reader.line_num}: {error}") from error
    return lines


def defuse(cell: str) -> str:
    """Keep a spreadsheet from taking text for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _our_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
