"""What a file is, by its content: its container, its encoding, its delimiter. What cannot be told is not guessed."""

import re
import struct
from collections import Counter
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kabinet.registers.formats.containers.lines import FileRefused
from kabinet.registers.formats.encodings import Encoding, find_encoding
from kabinet.registers.formats.profile import DBF, ONE_C, TEXT, XLSX

#: So much of a text is looked at.
SAMPLE = 256 * 1024
LINES_LOOKED_AT = 100
_1C_BEGINS = "1CClientBankExchange"
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", _("Это старая книга Excel (XLS) или книга с паролем: сохраните её как XLSX без пароля.")),
    (b"%PDF", _("Это PDF, а не реестр.")),
    (b"<?xml", _("Это XML: такие файлы здесь не читаются.")),
    (b"\x1f\x8b", _("Это архив: распакуйте его.")),
    (b"7z\xbc\xaf", _("Это архив: распакуйте его.")),
    (b"Rar!", _("Это архив: распакуйте его.")),
    (b"\x89PNG", _("Это картинка, а не реестр.")),
    (b"\xff\xd8\xff", _("Это картинка, а не реестр.")),
)
_DBF_VERSIONS = b"\x02\x03\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5\xfb"
_DBF_HEADER = struct.Struct("<4BIHH")
#: The others are headings, totals and what is broken.
_NEARLY_EVERY = 0.7


def container_of(path: Path) -> str:
    """Tell one of profile.CONTAINERS by the first bytes. Raises FileRefused for what is no register."""
    with path.open("rb") as file:
        head = file.read(4096)
    for begins, words in _FOREIGN:
        if head.startswith(begins):
            raise FileRefused(str(words))
    if head.startswith(b"PK"):
        return XLSX
    if _is_dbf(head):
        return DBF
    text = head.decode("utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8", errors="replace")
    return ONE_C if text.lstrip("\ufeff \r\n").startswith(_1C_BEGINS) else TEXT


def encoding_of(path: Path) -> Encoding:
    """Tell the encoding of a text by its first part that has other signs than those of ASCII."""
    with path.open("rb") as file:
        while data := file.read(SAMPLE):
            if not data.isascii():
                return find_encoding(data, is_whole=len(data) < SAMPLE)
    return Encoding("utf-8", ("utf-8",))


def statement_encoding(path: Path) -> Encoding:
    """Tell the encoding of a bank's statement: it names it itself, «Windows» or «DOS»."""
    with path.open("rb") as file:
        head = file.read(4096)
    for said, encoding in (("Кодировка=Windows", "cp1251"), ("Кодировка=DOS", "cp866")):
        if said.encode(encoding) in head:
            return Encoding(encoding, (encoding,))
    return encoding_of(path)


def beginning(path: Path, encoding: str) -> list[str]:
    """Give the first lines of a text that are there as a whole, as far as they can be read."""
    with path.open("rb") as file:
        data = file.read(SAMPLE)
    lines = data.decode(encoding, errors="replace").removeprefix("\ufeff").splitlines()
    return lines if len(data) < SAMPLE else lines[:-1]


def delimiter_of(lines: list[str], *, quote: str = '"') -> str:
    """Tell what stands between cells: the sign that nearly every line has; "" when in doubt.

    Of two such signs it is the one that lines have the same number of. A comma counts when nothing else does: it stands
    in addresses and sums as well.
    """
    looked_at = [line for line in lines if line.strip()][:LINES_LOOKED_AT]
    if quote:
        looked_at = [re.sub(f"{quote}[^{quote}]*{quote}", "", line) for line in looked_at]
    found = [sign for sign in ("\t", ";", "|") if _share_with(sign, looked_at) >= _NEARLY_EVERY]
    if len(found) > 1:
        found = [sign for sign in found if _share_alike(sign, looked_at) >= _NEARLY_EVERY]
    if not found and _share_with(",", looked_at) >= _NEARLY_EVERY:
        return ","
    return found[0] if len(found) == 1 else ""


def _share_with(sign: str, lines: list[str]) -> float:
    return sum(sign in line for line in lines) / max(len(lines), 1)


def _share_alike(sign: str, lines: list[str]) -> float:
    """Say how many lines have the sign as often as most do."""
    return Counter(line.count(sign) for line in lines).most_common(1)[0][1] / len(lines)


def _is_dbf(head: bytes) -> bool:
    """Tell a table of dBASE by a header that fits itself: a text never does, its 12th byte is no zero."""
    if len(head) < 33 or head[0] not in _DBF_VERSIONS:
        return False
    _version, _year, month, day, _records, header_size, record_size = _DBF_HEADER.unpack_from(head)
    return 33 <= header_size <= 32 * 1024 and record_size < 65_000 and month <= 12 and day <= 31 and b"\0" in head[:32]
