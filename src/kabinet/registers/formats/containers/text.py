"""Lines of text with a delimiter.

Chunks of bytes are cut at the ends of lines. Where no byte asks for a second look, lines are split as they are, which
costs a third of what the csv module does; a file with quotes is read by that module, strictly.
"""

import codecs
import csv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import (
    LINES_AT_ONCE,
    Broken,
    Chunk,
    FileRefused,
    PlainLines,
    shortened,
)
from kabinet.registers.formats.encodings import place_of_another

LONGEST_LINE = 64 * 1024
#: No more than a socket takes without waiting: the database copies one piece while the next is read.
BYTES_AT_ONCE = 64 * 1024
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r") + b"\x7f"
#: How signs that nobody sees begin in UTF-8; dashes do so too.
_UNSEEN = (b"\xe2\x80", b"\xe2\x81", b"\xef\xbb\xbf")
_END_OF_DOS = b"\x1a"


class _Piece(NamedTuple):
    """Whole lines. first_no: the number of the first; is_plain: none asks for a second look, as PlainLines says."""

    lines: list[str]
    first_no: int
    is_plain: bool
    read_bytes: int


class TextFile:
    """A file of lines. quote: '"', "'", or "" when quotes are signs like any other."""

    headings: Sequence[str] | None = None

    def __init__(self, path: Path, *, encoding: str, delimiter: str, quote: str, skipped_lines: int = 0) -> None:
        self._path = path
        self.encoding = encoding
        self.delimiter = delimiter
        self._quote = quote
        self._skipped_lines = skipped_lines
        # What utf-16 holds is recoded first; bytes of a delimiter and of line ends are those of ASCII then.
        self._inner = "utf-8" if encoding == "utf-16" else encoding
        separator = delimiter.encode(self._inner)
        self._suspicious = b"".join({_CONTROL, b"\\", b"" if separator == b"\t" else b"\t", quote.encode()})
        self._begins = (b"\n", b"=", b"'", separator)
        unseen = _UNSEEN if self._inner == "utf-8" else ()
        self._second_looks = (*unseen, b"\n\n", b"\n" + separator)
        self._rare = {sign: (separator + sign, b"\n" + sign) for sign in (b"=", b"'")}

    def lines(self) -> Iterator[tuple[int, str]]:
        """Give lines as they are, with their numbers. Raises FileRefused."""
        for piece in self._pieces():
            yield from enumerate(piece.lines, piece.first_no)

    def chunks(self) -> Iterator[Chunk | PlainLines]:
        """Raises FileRefused."""
        pieces = self._pieces()
        for piece in pieces:
            if piece.is_plain:
                line_nos = range(piece.first_no, piece.first_no + len(piece.lines))
                yield PlainLines(line_nos, piece.lines, self.delimiter, piece.read_bytes)
            else:
                yield from self._parsed(piece, pieces)

    def _parsed(self, piece: _Piece, following: Iterator[_Piece]) -> Iterator[Chunk]:
        """Read with the csv module; a record that is not at its end takes lines of the following pieces with it."""
        feed = _Feed(piece, following)
        reader = csv.reader(
            feed,
            delimiter=self.delimiter,
            quotechar=self._quote or None,
            quoting=csv.QUOTE_MINIMAL if self._quote else csv.QUOTE_NONE,
            strict=True,
        )
        while feed.has_lines:
            line_nos: list[int] = []
            rows: list[list[str]] = []
            broken: list[Broken] = []
            while feed.has_lines and len(rows) + len(broken) < LINES_AT_ONCE:
                line_no = feed.next_no
                try:
                    row = next(reader)
                except csv.Error as error:
                    raise FileRefused(_csv_words(error), line_no) from error
                if feed.next_no == line_no + 1:
                    line_nos.append(line_no)
                    rows.append(row)
                else:
                    broken.append(_over_lines(line_no, feed.next_no - 1, row))
            yield Chunk(line_nos, rows, broken, read_bytes=feed.read_bytes)

    def _pieces(self) -> Iterator[_Piece]:
        skipped = self._skipped_lines
        line_no = 1
        with self._path.open("rb") as file:
            read_bytes = 0
            for data in self._whole_lines(file):
                read_bytes = file.tell()
                lines = self._decoded(data, line_no).split("\n")
                lines.pop()  # after the last line's end there is nothing
                if len(longest := max(lines, key=len)) > LONGEST_LINE:
                    raise _too_long(line_no + lines.index(longest))
                passed = min(skipped, len(lines))
                if passed < len(lines):
                    is_plain = passed == 0 and self._is_plain(data)
                    yield _Piece(lines[passed:], line_no + passed, is_plain, read_bytes)
                skipped -= passed
                line_no += len(lines)

    def _whole_lines(self, file: BinaryIO) -> Iterator[bytes]:
        """Cut the file at ends of lines, which become \\n; the last line gets one if it has none."""
        tail, line_no = b"", 1
        for piece in self._bytes(file):
            data = tail + piece
            is_end_cut = data.endswith(b"\r")  # it may be half of one
            if b"\r" in data:
                data = (data[:-1] if is_end_cut else data).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            cut = data.rfind(b"\n") + 1
            if cut:
                yield data[:cut]
                line_no += data.count(b"\n")
            tail = data[cut:] + (b"\r" if is_end_cut else b"")
            if len(tail) > 4 * LONGEST_LINE:
                raise _too_long(line_no)
        tail = tail.rstrip(_END_OF_DOS).removesuffix(b"\r")
        if tail:
            yield tail + b"\n"

    def _bytes(self, file: BinaryIO) -> Iterator[bytes]:
        """Give the bytes of the file; of utf-16, of which the other methods know nothing, those of utf-8."""
        if self.encoding != "utf-16":
            yield file.read(BYTES_AT_ONCE).removeprefix(codecs.BOM_UTF8)
            while data := file.read(BYTES_AT_ONCE):
                yield data
            return
        decoder = codecs.getincrementaldecoder(self.encoding)()
        try:
            while data := file.read(BYTES_AT_ONCE):
                yield decoder.decode(data).encode()
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise FileRefused(_("Файл начат в UTF-16, но дальше он в другой кодировке или оборван.")) from error

    def _decoded(self, data: bytes, line_no: int) -> str:
        """Raises FileRefused for a sign that this encoding has not, or that no Russian text in it has."""
        if b"\0" in data:
            line_no += data[: data.find(b"\0")].count(b"\n")
            raise FileRefused(_("в тексте нулевой байт: это не текст, или файл повреждён."), line_no)
        try:
            text = data.decode(self._inner)
        except UnicodeDecodeError as error:
            raise self._other_encoding(data, error.start, line_no) from error
        if (place := place_of_another(data, self.encoding)) is not None:
            raise self._other_encoding(data, place, line_no)
        return text

    def _other_encoding(self, data: bytes, place: int, line_no: int) -> FileRefused:
        words = _("текст не в кодировке %(encoding)s: выбрана не та, или в файле их две.") % {"encoding": self.encoding}
        return FileRefused(words, line_no + data[:place].count(b"\n"))

    def _is_plain(self, data: bytes) -> bool:
        if len(data.translate(None, self._suspicious)) != len(data) or data.startswith(self._begins):
            return False
        asks = [*self._second_looks, *(look for sign, looks in self._rare.items() if sign in data for look in looks)]
        return not any(look in data for look in asks)


class _Feed:
    """Lines for the csv module, one by one, and where it is."""

    def __init__(self, piece: _Piece, following: Iterator[_Piece]) -> None:
        self._lines = deque(piece.lines)
        self._following = following
        self.next_no = piece.first_no
        self.read_bytes = piece.read_bytes

    @property
    def has_lines(self) -> bool:
        return bool(self._lines)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self._lines:
            piece = next(self._following)
            self._lines.extend(piece.lines)
            self.read_bytes = piece.read_bytes
        self.next_no += 1
        return self._lines.popleft()


def _too_long(line_no: int) -> FileRefused:
    return FileRefused(
        _("строка длиннее %(most)s КиБ: у файла нет концов строк, или это не реестр.") % {"most": LONGEST_LINE // 1024},
        line_no,
    )


def _over_lines(line_no: int, last_no: int, row: Sequence[str]) -> Broken:
    reason = _("кавычка открыта в этой строке и закрыта в строке %(last_no)s") % {"last_no": last_no}
    return Broken(line_no, "", shortened(" ".join(row)), reason)


def _csv_words(error: csv.Error) -> str:
    """Say it in words; the module has no other sign of what is wrong than its own."""
    if "expected after" in str(error):
        return _("после закрывающей кавычки нет разделителя.")
    return _("кавычка открыта и не закрыта.")
