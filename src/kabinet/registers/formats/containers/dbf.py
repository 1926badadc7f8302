"""A table of dBASE or FoxPro, without its memo files.

Written by us, because the library that there is ends in silence where a file is cut and passes over records that it
does not understand: docs/adr/0166. Values become text as in other containers: numbers with the profile's decimal mark,
days as 2026-10-31.
"""

import datetime as dt
import struct
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import LINES_AT_ONCE, Chunk, FileRefused
from kabinet.registers.formats.encodings import Encoding, find_encoding, place_of_another

_HEADER = struct.Struct("<4BIHH")
_FIELD = struct.Struct("<11sc4xBB14x")
_END_OF_FIELDS = b"\r"
_END_OF_FILE = b"\x1a"
_KEPT, _DELETED = b" ", b"*"
#: The byte of the header that names the encoding, where it does; Windows' own may be any.
_LANGUAGE_AT = 29
_LANGUAGES = {0x26: "cp866", 0x65: "cp866", 0xC9: "cp1251"}
#: Texts kept in files of their own are not read.
_MEMO = frozenset("MGPW")
_JULIAN_DAY_ONE = 1_721_425  # of 1 January of the year 1
_SAMPLE = 256 * 1024


class _Field(NamedTuple):
    name: str
    type: str
    begin: int
    end: int


class Table:
    """A table that is open. encoding: what the header says, or what can be told by the texts."""

    def __init__(self, path: Path) -> None:
        """Raises FileRefused for a table that is cut, or whose header does not fit."""
        self._path = path
        self._size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
            _version, _year, _month, _day, self._count, self._header_size, self._record_size = _HEADER.unpack(head)
            file.seek(0)
            header = file.read(self._header_size)
            if len(header) < self._header_size:
                raise _damaged()
            self._fields = _fields(header, self._record_size)
            self._check_count()
            self.encoding = self._find_encoding(header, file.read(_SAMPLE))
        self.headings = tuple(field.name for field in self._fields)
        self._chosen = self.encoding.name
        self._decimal_mark, self._skipped_lines = ".", 0

    def choose(self, encoding: str, *, decimal_mark: str, skipped_lines: int) -> None:
        """Say how texts are read. encoding: "" for that which was found. Raises FileRefused."""
        self._chosen = encoding or self.encoding.name
        if not self._chosen:
            raise FileRefused(_("Кодировку таблицы не определить наверняка: укажите её в формате."))
        self._decimal_mark, self._skipped_lines = decimal_mark, skipped_lines

    def chunks(self) -> Iterator[Chunk]:
        """Raises FileRefused. A line's number is that of its record; records that were deleted there are none."""
        readers = [(field.begin, field.end, self._reader(field)) for field in self._fields]
        with self._path.open("rb") as file:
            file.seek(self._header_size)
            record_no = 0
            while record_no < self._count:
                data = file.read(self._record_size * min(LINES_AT_ONCE, self._count - record_no))
                if not data or len(data) % self._record_size:
                    raise _damaged()
                line_nos: list[int] = []
                rows: list[list[str]] = []
                for begin in range(0, len(data), self._record_size):
                    record_no += 1
                    record = data[begin : begin + self._record_size]
                    if not record.startswith((_KEPT, _DELETED)):
                        raise FileRefused(_("запись начинается неверным знаком: таблица повреждена."), record_no)
                    if record.startswith(_KEPT) and record_no > self._skipped_lines:
                        line_nos.append(record_no)
                        rows.append([read(record[first:last], record_no) for first, last, read in readers])
                yield Chunk(line_nos, rows, read_bytes=file.tell())

    def _check_count(self) -> None:
        """Compare what the header says of records with what is there."""
        rest = self._size - self._header_size
        if rest < self._count * self._record_size:
            raise FileRefused(
                _("В заголовке таблицы записей %(wanted)s, а в файле %(found)s: он передан не до конца.")
                % {"wanted": self._count, "found": rest // self._record_size}
            )
        if rest - self._count * self._record_size >= self._record_size:
            raise FileRefused(
                _("В заголовке таблицы записей %(wanted)s, а в файле %(found)s: закройте её в Вашей программе.")
                % {"wanted": self._count, "found": rest // self._record_size}
            )

    def _find_encoding(self, header: bytes, sample: bytes) -> Encoding:
        if name := _LANGUAGES.get(header[_LANGUAGE_AT]):
            return Encoding(name, (name,))
        texts = [field for field in self._fields if field.type == "C"]
        records = range(0, len(sample) - self._record_size + 1, self._record_size)
        words = b" ".join(sample[begin + field.begin : begin + field.end] for begin in records for field in texts)
        return find_encoding(words, is_whole=True)

    def _reader(self, field: _Field) -> Callable[[bytes, int], str]:
        """Give the function that makes text of a field's bytes; it takes the number of the record as well."""
        if field.type in _OF_BYTES:
            of_bytes = _OF_BYTES[field.type]
            return lambda data, _record_no: of_bytes(data).replace(".", self._decimal_mark)
        if field.type in "NF":
            return lambda data, _record_no: _ascii(data).replace(".", self._decimal_mark)
        if field.type == "D":
            return lambda data, _record_no: _day(_ascii(data))
        encoding = self._chosen

        def text(data: bytes, record_no: int) -> str:
            stripped = data.rstrip(b" \0")
            if place_of_another(stripped, encoding) is not None:
                raise _other_encoding(encoding, record_no)
            try:
                return stripped.decode(encoding)
            except UnicodeDecodeError as error:
                raise _other_encoding(encoding, record_no) from error

        return text


def _fields(header: bytes, record_size: int) -> list[_Field]:
    """Read what the table says of its columns. Raises FileRefused when they do not make up a record."""
    fields = []
    begin = 1  # of a record's first byte: whether it is deleted
    place = 32
    while place < len(header) and header[place : place + 1] != _END_OF_FIELDS:
        if place + _FIELD.size > len(header):
            raise _damaged()
        name, kind, length, decimals = _FIELD.unpack_from(header, place)
        kind = kind.decode("latin-1").upper()
        size = length + 256 * decimals if kind == "C" else length  # texts of more than 255 signs
        if kind not in _MEMO and name[:1] != b"_":
            fields.append(_Field(_name(name), kind, begin, begin + size))
        begin += size
        place += _FIELD.size
    if begin != record_size or not fields:
        raise _damaged()
    return fields


def _name(name: bytes) -> str:
    bare = name.split(b"\0")[0].strip()
    found = find_encoding(bare, is_whole=True)
    return bare.decode(found.name or found.candidates[0], errors="replace")


def _ascii(data: bytes) -> str:
    return data.decode("latin-1").strip(" \0")


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 else text


def _moment(data: bytes) -> str:
    """Read a day and a time of FoxPro; of them the day counts."""
    if len(data) != 8 or data.strip(b"\0 ") == b"":
        return ""
    ordinal = struct.unpack("<i", data[:4])[0] - _JULIAN_DAY_ONE + 1
    return str(dt.date.fromordinal(ordinal)) if 1 <= ordinal <= dt.date.max.toordinal() else str(ordinal)


def _double(data: bytes) -> str:
    """Read a binary fraction as Excel shows one: fifteen digits."""
    if len(data) != 8:
        return ""
    [number] = struct.unpack("<d", data)
    return f"{Decimal(f'{number:.15g}'):f}"


_OF_BYTES: dict[str, Callable[[bytes], str]] = {
    "I": lambda data: str(int.from_bytes(data, "little", signed=True)),
    "+": lambda data: str(int.from_bytes(data, "little", signed=True)),
    "Y": lambda data: f"{Decimal(int.from_bytes(data, 'little', signed=True)) / 10_000:f}",
    "B": _double,
    "T": _moment,
    "L": lambda data: {"t": "1", "y": "1", "f": "0", "n": "0"}.get(_ascii(data).lower(), ""),
}


def _damaged() -> FileRefused:
    return FileRefused(_("Таблица DBF повреждена или передана не до конца."))


def _other_encoding(encoding: str, record_no: int) -> FileRefused:
    words = _("текст не в кодировке %(encoding)s: выбрана не та, или в таблице их две.") % {"encoding": encoding}
    return FileRefused(words, record_no)
