"""What a supplier has booked: a file of payments that comes back, in semicolon-separated text with headings."""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from kabinet.common.money import parse_rub

#: What the columns may be called, in any order and among any others.
_OUR_NUMBER = ("наш номер платежа", "номер")
_ACCOUNT_NUMBER = ("лицевой счёт",)
_AMOUNT = ("сумма",)


@dataclass(frozen=True)
class BookedLine:
    """A line of a file of what a supplier has booked. public_id: our number; None for a payment that is not ours."""

    number: int
    public_id: UUID | None
    account_number: str
    amount_rub: Decimal


class NotReadable(Exception):
    """A file that cannot be read; the text says which line and why."""


def read_booked(content: bytes) -> list[BookedLine]:
    """Read what a supplier has booked: our number, the account and the sum of each line.

    A line without our number, or with one that is none of ours, is a payment that the supplier took elsewhere.
    Raises NotReadable.
    """
    reader = csv.reader(io.StringIO(_text(content), newline=""), delimiter=";", strict=True)
    try:
        headings = [heading.strip().lower().replace("лицевой счет", "лицевой счёт") for heading in next(reader, [])]
        places = [_place(headings, names) for names in (_OUR_NUMBER, _ACCOUNT_NUMBER, _AMOUNT)]
        return [_line(reader.line_num, cells, places) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise NotReadable(f"{_('строка')} {reader.line_num}: {error}") from error


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1251")
    except UnicodeDecodeError as error:
        raise NotReadable(_("это не текст в UTF-8 или Windows-1251")) from error


def _place(headings: list[str], names: tuple[str, ...]) -> int:
    for name in names:
        if name in headings:
            return headings.index(name)
    raise NotReadable(_("нужны колонки «Наш номер платежа», «Лицевой счёт» и «Сумма»"))


def _line(number: int, cells: list[str], places: list[int]) -> BookedLine:
    try:
        our_number, account_number, amount = (cells[place].strip() for place in places)
        return BookedLine(number, _our_id(our_number), account_number.lstrip("'"), parse_rub(amount))
    except (IndexError, ValueError) as error:
        raise NotReadable(f"{_('строка')} {number}: {error}") from error


def _our_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
