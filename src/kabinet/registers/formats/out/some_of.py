"""Some lines of a supplier's file in its own container, each with why it is there: bytes are copied as they stand.

Nothing is written anew, so that what a program has put into a table or a statement is in the copy to the last sign.
"""

import struct
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from kabinet.registers.formats.containers.text import TextFile
from kabinet.registers.formats.profile import Profile

#: Gives why lines are there, by their numbers.
Why = Callable[[Sequence[int]], Mapping[int, Sequence[str]]]
#: What the reason is called in a table, whose names have ten signs of ASCII, and in a statement.
COLUMN, VALUE = "POCHEMU", "ПочемуНеПринято"
_AT_ONCE = 1_000
_LONGEST_REASON = 254
_HEADER = struct.Struct("<4BIHH")
_FIELD = struct.Struct("<11scIBB14x")
_END_OF_FIELDS, _END_OF_FILE = b"\r", b"\x1a"
#: Totals of all documents, which some of them do not come to; a statement need not have any.
_TOTALS = frozenset({"всегопоступило", "всегосписано"})


def some_records(path: Path, profile: Profile, encoding: str, wanted: Collection[int], why: Why) -> Iterator[bytes]:
    """Give a table of these records, with a column more; that which a format passes over at the top comes with it.

    wanted  numbers of records, from 1
    """
    with path.open("rb") as file:
        head = file.read(_HEADER.size)
        *marks, count, header_size, record_size = _HEADER.unpack(head)
        file.seek(0)
        header = file.read(header_size)
        place = _end_of_fields(header)
        known = _place_of_column(header, place)
        numbers = sorted({*wanted, *range(1, min(profile.skipped_lines, count) + 1)})
        added = 0 if known else _LONGEST_REASON
        sizes = (header_size + (0 if known else _FIELD.size), record_size + added)
        yield _HEADER.pack(*marks, len(numbers), *sizes) + header[_HEADER.size : place]
        if not known:
            yield _FIELD.pack(COLUMN.encode(), b"C", record_size, _LONGEST_REASON, 0)
        yield header[place:]
        begin = known or record_size
        rest = iter(numbers)
        while some := list(islice(rest, _AT_ONCE)):
            reasons = why([number for number in some if number in wanted])
            for number in some:
                file.seek(header_size + (number - 1) * record_size)
                record = file.read(record_size).ljust(begin + _LONGEST_REASON)
                said = "; ".join(reasons.get(number, ())).encode(encoding, errors="replace")[:_LONGEST_REASON]
                yield record[:begin] + said.ljust(_LONGEST_REASON) + record[begin + _LONGEST_REASON :]
        yield _END_OF_FILE


def _end_of_fields(header: bytes) -> int:
    place = 32
    while header[place : place + 1] != _END_OF_FIELDS:
        place += _FIELD.size
    return place


def _place_of_column(header: bytes, end: int) -> int:
    """Tell where the reason stands in a record of a table that had been given out before; 0 where it has none."""
    begin = 1
    for place in range(32, end, _FIELD.size):
        name, kind, _place, length, decimals = _FIELD.unpack_from(header, place)
        if name.split(b"\0")[0] == COLUMN.encode() and kind == b"C" and length == _LONGEST_REASON:
            return begin
        begin += length + 256 * decimals if kind == b"C" else length
    return 0


def some_documents(path: Path, encoding: str, wanted: Collection[int], why: Why) -> Iterator[bytes]:
    """Give a statement of these documents, each with a value more, and without totals of all.

    wanted  numbers of the lines in which the documents begin
    """
    waiting: list[tuple[int, list[str]]] = []
    document: list[str] | None = None
    for line_no, line in TextFile(path, encoding=encoding, delimiter="=", quote="").lines():
        name = line.partition("=")[0].strip().lower()
        if name == "секциядокумент":
            document = [line]
            if line_no in wanted:
                waiting.append((line_no, document))
        elif document is None:
            if name == "конецфайла":
                yield _written(waiting, why, encoding)
            if name not in _TOTALS:
                yield f"{line}\r\n".encode(encoding, errors="replace")
        elif name == "конецдокумента":
            document.append(line)
            document = None
            if len(waiting) >= _AT_ONCE:
                yield _written(waiting, why, encoding)
                waiting = []
        elif name != VALUE.lower():
            document.append(line)


def _written(documents: Sequence[tuple[int, Sequence[str]]], why: Why, encoding: str) -> bytes:
    reasons = why([line_no for line_no, _lines in documents])
    text = "".join(
        f"{line}\r\n"
        for line_no, lines in documents
        for line in (*lines[:-1], f"{VALUE}={' '.join('; '.join(reasons.get(line_no, ())).split())}", lines[-1])
    )
    return text.encode(encoding, errors="replace")
