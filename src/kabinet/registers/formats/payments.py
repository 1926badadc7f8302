"""What a supplier has booked and refused: a file of payments that comes back, as semicolon-separated text."""

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
#: And those that may be missing: the number of a refund, and why the supplier does not take a line.
_OPERATION = ("номер операции",)
_REFUSAL = ("почему не принято", "причина отказа", "отказ")


@dataclass(frozen=True)
class BookedLine:
    """A line of a file of what a supplier has booked, or has not.

    public_id     our number; None for a payment that is not ours
    amount_rub    below zero for what went back
    operation_id  of the payment or the refund, as it left; empty where the file does not say it
    refusal       why the supplier does not take the line; empty: it is on its books
    """

    number: int
    public_id: UUID | None
    account_number: str
    amount_rub: Decimal
    operation_id: str = ""
    refusal: str = ""


class NotReadable(Exception):
    """A file that cannot be read; the text says which line and why."""


def read_booked(content: bytes) -> list[BookedLine]:
    """Read what a supplier has booked: our number, the account and the sum of each line, and why one was refused.

    A line without our number, or with one that is none of ours, is a payment that the supplier took elsewhere.
    Raises NotReadable.
    """
    reader = csv.reader(io.StringIO(_text(content), newline=""), delimiter=";", strict=True)
    try:
        headings = [heading.strip().lower().replace("лицевой счет", "лицевой счёт") for heading in next(reader, [])]
        places = [_place(headings, names) for names in (_OUR_NUMBER, _ACCOUNT_NUMBER, _AMOUNT)]
        more = [_place_if_there(headings, names) for names in (_OPERATION, _REFUSAL)]
        return [_line(reader.line_num, cells, places, more) for cells in reader if any(cell.strip() for cell in cells)]
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
    place = _place_if_there(headings, names)
    if place is None:
        raise NotReadable(_("нужны колонки «Наш номер платежа», «Лицевой счёт» и «Сумма»"))
    return place


def _place_if_there(headings: list[str], names: tuple[str, ...]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)


def _line(number: int, cells: list[str], places: list[int], more: list[int | None]) -> BookedLine:
    try:
        our_number, account_number, amount = (cells[place].strip() for place in places)
        operation_id, refusal = (
            cells[place].strip() if place is not None and place < len(cells) else "" for place in more
        )
        return BookedLine(
            number, _our_id(our_number), account_number.lstrip("'"), parse_rub(amount), operation_id, refusal
        )
    except (IndexError, ValueError) as error:
        raise NotReadable(f"{_('строка')} {number}: {error}") from error


def _our_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
