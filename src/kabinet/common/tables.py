"""A table as a file: semicolon-separated text, or a workbook of Excel.

Values keep their types: a number is a number, a day a day. A text that looks like a formula stays a text: quoted by an
apostrophe in CSV, typed as text in a workbook.
"""

import codecs
import csv
import datetime as dt
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from kabinet.common.cells import defuse

#: A file above this size lies on the disk while it is written and sent.
LARGEST_IN_MEMORY_BYTES = 1024 * 1024
WIDEST_COLUMN = 60
DAY, MOMENT = "dd.mm.yyyy", "dd.mm.yyyy hh:mm"

#: How `codecs` knows `_plainer`.
PLAINER = "kabinet.plainer"

Row = Sequence[Any]


def csv_file(title: str, headings: Sequence[str], rows: Iterable[Row], *, encoding: str = "utf-8-sig") -> IO[bytes]:
    """Write what Excel opens by itself where Russian is spoken: UTF-8 with its mark, semicolons, decimal commas.

    encoding  another one writes a sign that it lacks by a plainer one: «м³» as «м3»
    """
    file = new_file()
    text = io.TextIOWrapper(file, encoding=encoding, errors=PLAINER, newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([defuse(heading) for heading in headings])
    writer.writerows([_text(value) for value in row] for row in rows)
    text.detach()
    file.seek(0)
    return file


def xlsx_file(title: str, headings: Sequence[str], rows: Iterable[Row]) -> IO[bytes]:
    """Write a workbook with one sheet: the headings stay in sight and filter the columns.

    Rows go to the disk one by one, so that a long list does not fill the memory.
    """
    file = new_file()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": DAY})
    sheet = book.add_worksheet(title[:31])
    formats = _Formats(book)
    sheet.freeze_panes(1, 0)
    for place, heading in enumerate(headings):
        sheet.set_column(place, place, min(max(len(heading) + 3, 14), WIDEST_COLUMN))
        sheet.write_string(0, place, heading, formats.bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write_cell(sheet, last, place, value, formats)
    sheet.autofilter(0, 0, last, len(headings) - 1)
    book.close()
    file.seek(0)
    return file


#: By the word in the address: how a file is written, and what it is.
FILES = {
    "csv": (csv_file, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class _Formats:
    """The formats of a workbook, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[str, Any] = {}
        self.bold = book.add_format({"bold": True})

    def shown(self, as_what: str) -> Any:
        if as_what not in self._made:
            self._made[as_what] = self._book.add_format({"num_format": as_what})
        return self._made[as_what]


def _write_cell(sheet: Any, line: int, place: int, value: Any, formats: _Formats) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_string(line, place, _yes_or_no(value))
        case int():
            sheet.write_number(line, place, value)
        case Decimal():
            places = max(-int(value.as_tuple().exponent), 0)
            sheet.write_number(line, place, value, formats.shown("#,##0" + ("." + "0" * places if places else "")))
        case dt.datetime():
            sheet.write_datetime(line, place, value.replace(tzinfo=None), formats.shown(MOMENT))
        case dt.date():
            sheet.write_datetime(line, place, value, formats.shown(DAY))
        case _:
            sheet.write_string(line, place, str(value))


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _yes_or_no(value)
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case dt.datetime():
            return f"{value:%d.%m.%Y %H:%M}"
        case dt.date():
            return f"{value:%d.%m.%Y}"
        case _:
            return defuse(str(value))


def _yes_or_no(value: bool) -> str:
    return _("да") if value else _("нет")


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """Write a sign that an encoding lacks as a plainer one that looks alike; a question mark where there is none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = unicodedata.normalize("NFKD", lacking).encode("ascii", "ignore").decode()
    return plain or "?" * len(lacking), error.end


codecs.register_error(PLAINER, _plainer)


def new_file() -> IO[bytes]:
    """Open a file that nobody else sees and that goes when it is closed."""
    return tempfile.SpooledTemporaryFile(LARGEST_IN_MEMORY_BYTES)
