"""What cells point to: shared texts, and formats of numbers."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import MIB, FileRefused
from kabinet.registers.formats.containers.xlsx.values import is_date_format, unescaped
from kabinet.registers.formats.containers.xlsx.xml import Attributes, Document, LocalNames

#: Texts are held in memory, each with so many bytes beside its signs.
MOST_BYTES = 160 * MIB
_OVERHEAD = 80
#: Excel's own limit for a cell.
LONGEST_CELL = 32_767


class SharedTexts:
    """Texts by number. Raises FileRefused when they would not fit into memory."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.texts: list[str] = []
        self._names = LocalNames()
        self._parts: list[str] = []
        self._bytes = 0
        self._length = 0
        self._is_text = False
        self._is_phonetic = False
        Document(start=self._start, end=self._end, text=self._add).read(pieces)

    def _start(self, full_name: str, _attributes: Attributes) -> None:
        name = self._names[full_name]
        if name == "t":
            self._is_text = not self._is_phonetic
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "si":
            self._parts, self._length = [], 0

    def _add(self, text: str) -> None:
        if not self._is_text:
            return
        self._length += len(text)
        if self._length > LONGEST_CELL:
            raise too_long()
        self._parts.append(text)

    def _end(self, full_name: str) -> None:
        name = self._names[full_name]
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            text = unescaped("".join(self._parts))
            self._bytes += _OVERHEAD + len(text) * (1 if text.isascii() else 2)
            if self._bytes > MOST_BYTES:
                raise FileRefused(_("В книге слишком много текста: сохраните реестр как CSV."))
            self.texts.append(text)


class Styles:
    """Which styles of cells make a number a day."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.dates: set[str] = set()
        self._names = LocalNames()
        self._codes: dict[int, str] = {}
        self._is_cell_formats = False
        self._count = 0
        Document(start=self._start, end=self._end).read(pieces)

    def _start(self, full_name: str, attributes: Attributes) -> None:
        name = self._names[full_name]
        if name == "numFmt":
            self._codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._is_cell_formats = True
        elif name == "xf" and self._is_cell_formats:
            format_id = _whole(attributes.get("numFmtId"))
            if is_date_format(format_id, self._codes.get(format_id, "")):
                self.dates.add(str(self._count))
            self._count += 1

    def _end(self, full_name: str) -> None:
        name = self._names[full_name]
        if name == "cellXfs":
            self._is_cell_formats = False


def too_long() -> FileRefused:
    return FileRefused(_("В ячейке больше %(most)s знаков: это не реестр.") % {"most": LONGEST_CELL})


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
