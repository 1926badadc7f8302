"""The archive that a workbook is: its entries, unpacked piece by piece and counted."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import MIB, FileRefused

MOST_ENTRIES = 200
MOST_UNPACKED = 1024 * MIB
MOST_RATIO = 100
#: Of less a ratio says nothing: a small file of zeros does no harm.
RATIO_FROM = 4 * MIB
#: The list of 200 entries is never longer; zipfile takes it into memory as a whole.
LARGEST_DIRECTORY = 256 * 1024
_END = struct.Struct("<4s4H2LH")
_END_SIGN = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535
_PIECE = 64 * 1024
_ARCHIVE_NAMES = re.compile(r"\.(zip|xls[xmb]?|docx?|pptx?|ods|odt|7z|rar|gz|bz2|xz|tar|jar|cab)$", re.IGNORECASE)
_ENCRYPTED = 0x1


class Package:
    """An archive that is open. Raises FileRefused for one that is damaged, or larger unpacked than any register is."""

    def __init__(self, path: Path) -> None:
        _check_directory(path)
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
            raise damaged() from error
        self._unpacked = 0
        for entry in self._archive.infolist():
            if _ARCHIVE_NAMES.search(entry.filename):
                raise FileRefused(_("Внутри книги есть другой архив или документ: удалите его и сохраните книгу."))
            if entry.flag_bits & _ENCRYPTED:
                raise FileRefused(_("Книга закрыта паролем: сохраните её без него."))
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise damaged()

    def has(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def size_of(self, name: str) -> int:
        """Say how large an entry says that it is; for progress, not to be relied upon."""
        entry = self._archive.NameToInfo.get(name)
        return max(entry.file_size, 1) if entry else 1

    def pieces(self, name: str) -> Iterator[bytes]:
        """Unpack an entry. Raises FileRefused, at any piece."""
        entry = self._archive.NameToInfo.get(name)
        if entry is None:
            raise damaged()
        unpacked = 0
        try:
            with self._archive.open(entry) as file:
                while piece := file.read(_PIECE):
                    unpacked += len(piece)
                    self._unpacked += len(piece)
                    if self._unpacked > MOST_UNPACKED or (
                        unpacked > RATIO_FROM and unpacked > MOST_RATIO * entry.compress_size
                    ):
                        raise FileRefused(_("Книга распаковывается в слишком большой файл: это не реестр."))
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error) as error:
            raise damaged() from error


def damaged() -> FileRefused:
    return FileRefused(_("Книга Excel повреждена или передана не до конца: сохраните её ещё раз."))


def resolved(base: str, target: str) -> str:
    """Give the name of an entry that another one points to."""
    if target.startswith("/"):
        return normpath(target).lstrip("/")
    return normpath(str(PurePosixPath(base).parent / target))


def _check_directory(path: Path) -> None:
    """Look at the list of entries before zipfile reads it."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END.size - _LONGEST_COMMENT))
        tail = file.read()
    place = tail.rfind(_END_SIGN)
    if place < 0 or len(tail) - place < _END.size:
        raise damaged()
    _sign, _disk, _first, _here, entries, directory_size, _offset, _comment = _END.unpack_from(tail, place)
    if entries > MOST_ENTRIES or directory_size > LARGEST_DIRECTORY:
        raise FileRefused(_("В книге больше %(most)s частей: это не реестр.") % {"most": MOST_ENTRIES})
