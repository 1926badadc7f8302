"""A bank statement as 1C takes it: `1CClientBankExchange`, lines of name=value, a section for each document.

Source: the exchange standard «Клиент банка», version 1.02. Each document is a line, its number that of the line in
which its section begins; the names of its values are the columns, and two are ours: the kind of the document, and
whether money came or went by the accounts that the statement is of.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import LINES_AT_ONCE, Chunk, FileRefused
from kabinet.registers.formats.containers.one_c_totals import Totals
from kabinet.registers.formats.containers.text import TextFile

DOCUMENT, DIRECTION = "Документ", "Направление"
CAME, WENT = "поступление", "списание"
_BEGINS, _ENDS, _LAST = "секциядокумент", "конецдокумента", "конецфайла"
_OWN_ACCOUNT = "расчсчет"
#: Columns that a profile may name though no document of this file has them.
_KNOWN = (
    DOCUMENT, DIRECTION, "Номер", "Дата", "Сумма", "ДатаСписано", "ДатаПоступило", "ПлательщикСчет", "Плательщик",
    "Плательщик1", "ПлательщикИНН", "ПлательщикРасчСчет", "ПолучательСчет", "Получатель", "Получатель1",
    "ПолучательИНН", "ПолучательРасчСчет", "НазначениеПлатежа", "НазначениеПлатежа1", "Код",
)  # fmt: skip
MOST_NAMES = 300


class Statement:
    """A statement that is open. It is read twice: for its columns and accounts, then for its documents."""

    def __init__(self, path: Path, *, encoding: str) -> None:
        """Raises FileRefused for a file without its last line, whose sections do not fit, or whose totals differ."""
        self._file = TextFile(path, encoding=encoding, delimiter="=", quote="")
        self._own: set[str] = set()
        self._size = path.stat().st_size
        self._headings = {name.lower(): name for name in _KNOWN}
        self._look_through()
        self.headings: Sequence[str] = tuple(self._headings.values())
        self._places = {name: place for place, name in enumerate(self._headings)}

    def _look_through(self) -> None:
        """Learn the columns and the accounts, and hold the file against what it says of itself. Raises FileRefused."""
        is_inside, is_ended = False, False
        totals = Totals()
        for line_no, name, value in self._values():
            if is_ended:
                raise FileRefused(_("после строки «КонецФайла» есть ещё строки."), line_no)
            low = name.lower()
            if low in (_BEGINS, _ENDS):
                if is_inside == (low == _BEGINS):
                    raise FileRefused(_("документ начат или закрыт дважды."), line_no)
                is_inside = low == _BEGINS
                if not is_inside:
                    totals.end_document()
            elif low == _LAST:
                is_ended = True
            elif is_inside:
                totals.take_of_document(low, value)
                self._add_heading(low, name, line_no)
            else:
                totals.take(line_no, low, value)
                if low == _OWN_ACCOUNT:
                    self._own.add(value)
        if not is_ended or is_inside:
            raise FileRefused(_("В файле нет строки «КонецФайла»: он передан не до конца."))
        totals.check()

    def _add_heading(self, low: str, name: str, line_no: int) -> None:
        if low not in self._headings and len(self._headings) >= MOST_NAMES:
            raise FileRefused(_("в документах больше %(most)s разных полей.") % {"most": MOST_NAMES}, line_no)
        self._headings.setdefault(low, name)

    def chunks(self) -> Iterator[Chunk]:
        """Raises FileRefused."""
        line_nos: list[int] = []
        rows: list[list[str]] = []
        row: list[str] | None = None
        for line_no, name, value in self._values():
            low = name.lower()
            if low == _BEGINS:
                row = [""] * len(self.headings)
                row[0] = value
                line_nos.append(line_no)
            elif row is None:
                continue
            elif low == _ENDS:
                row[1] = self._direction(row)
                rows.append(row)
                row = None
                if len(rows) >= LINES_AT_ONCE:
                    yield Chunk(line_nos, rows, read_bytes=self._size // 2)
                    line_nos, rows = [], []
            elif row[self._places[low]]:
                raise FileRefused(_("поле «%(name)s» стоит в документе дважды.") % {"name": name}, line_no)
            else:
                row[self._places[low]] = value
        yield Chunk(line_nos, rows, read_bytes=self._size)

    def _direction(self, row: Sequence[str]) -> str:
        """Say which way money went: to one of our accounts it came."""
        receivers = {row[self._places["получательсчет"]], row[self._places["получательрасчсчет"]]}
        return CAME if receivers & self._own else WENT

    def _values(self) -> Iterator[tuple[int, str, str]]:
        for line_no, line in self._file.lines():
            name, _equals, value = line.partition("=")
            if name.strip():
                yield line_no, name.strip(), value.strip()
