"""Cells of a sheet, as they come."""

import datetime as dt
import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import FileRefused
from kabinet.registers.formats.containers.xlsx.texts import LONGEST_CELL, too_long
from kabinet.registers.formats.containers.xlsx.values import day_text, number_text, unescaped
from kabinet.registers.formats.containers.xlsx.xml import Attributes, LocalNames

MOST_COLUMNS = 500
#: Excel's own limit.
MOST_ROWS = 1_048_576
_COLUMN = re.compile(r"([A-Z]{1,3})[0-9]{1,7}", re.ASCII)
#: What a formula or an error is as text: no value of a register begins so.
_NO_VALUE = "="


class Sheet:
    """Handlers of a sheet's XML. Whole rows are in `line_nos` and `rows`, until somebody takes them."""

    def __init__(
        self, *, texts: Sequence[str], dates: set[str], day_zero: dt.date, decimal_mark: str, skipped_lines: int
    ) -> None:
        self.line_nos: list[int] = []
        self.rows: list[list[str]] = []
        self._names = LocalNames()
        self._texts = texts
        self._dates = dates
        self._day_zero = day_zero
        self._decimal_mark = decimal_mark
        self._skipped_lines = skipped_lines
        self._places: dict[str, int] = {}
        self._line_no = 0
        self._row: list[str] = []
        self._place = -1
        self._type = self._style = ""
        self._is_formula = self._is_value = False
        self._parts: list[str] = []
        self._length = 0

    def take(self) -> tuple[list[int], list[list[str]]]:
        """Give the whole rows that are there, and forget them."""
        taken = self.line_nos, self.rows
        self.line_nos, self.rows = [], []
        return taken

    def start(self, full_name: str, attributes: Attributes) -> None:
        name = self._names[full_name]
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._is_value = not self._is_formula  # of a formula it is the formula that people look for
        elif name == "f":
            self._is_formula = self._is_value = True
        elif name == "rPh":
            self._is_value = False
        elif name == "row":
            self._start_row(attributes.get("r"))

    def text(self, text: str) -> None:
        if not self._is_value:
            return
        self._length += len(text)
        if self._length > LONGEST_CELL:
            raise too_long()
        self._parts.append(text)

    def end(self, full_name: str) -> None:
        name = self._names[full_name]
        if name == "c":
            if self._parts or self._is_formula:
                self._put(self._value("".join(self._parts)))
        elif name in ("v", "t", "f"):
            self._is_value = False
        elif name == "row" and self._row and self._line_no > self._skipped_lines:
            self.line_nos.append(self._line_no)
            self.rows.append(self._row)

    def _start_row(self, number: str | None) -> None:
        line_no = int(number) if number and number.isascii() and number.isdigit() and len(number) < 8 else 0
        line_no = line_no or self._line_no + 1
        if line_no <= self._line_no:
            raise FileRefused(_("строки листа стоят не по порядку: книга повреждена."), line_no)
        if line_no > MOST_ROWS:
            raise FileRefused(_("на листе больше %(most)s строк.") % {"most": MOST_ROWS}, line_no)
        self._line_no = line_no
        self._row = []
        self._place = -1

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        place = self._place + 1 if reference is None else self._places_of(reference)
        if place <= self._place:
            raise FileRefused(_("ячейки строки стоят не по порядку: книга повреждена."), self._line_no)
        self._place = place
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._is_formula = self._is_value = False
        self._parts = []
        self._length = 0

    def _places_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        place = self._places.get(letters)
        if place is None:
            if not _COLUMN.fullmatch(reference):
                raise FileRefused(_("ячейка без места: книга повреждена."), self._line_no)
            place = 0
            for letter in letters:
                place = place * 26 + ord(letter) - 64
            place -= 1
            self._places[letters] = place
        return place

    def _put(self, value: str) -> None:
        if value == "":
            return
        if self._place >= MOST_COLUMNS:
            raise FileRefused(_("в строке больше %(most)s колонок.") % {"most": MOST_COLUMNS}, self._line_no)
        self._row += [""] * (self._place - len(self._row))
        self._row.append(value)

    def _value(self, text: str) -> str:
        """Give the cell's text. Raises FileRefused for one that points to a text that is not there."""
        if self._is_formula or self._type == "e":
            return _NO_VALUE + text
        if self._type == "n":
            if self._style in self._dates and (day := day_text(text, self._day_zero)):
                return day
            return number_text(text, self._decimal_mark)
        if self._type == "s":
            if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) < len(self._texts)):
                raise FileRefused(_("ячейка ссылается на текст, которого в книге нет."), self._line_no)
            return self._texts[int(text)]
        if self._type == "d":
            return text[:10]
        return unescaped(text)
