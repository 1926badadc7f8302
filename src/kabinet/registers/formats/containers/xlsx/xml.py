"""XML of a workbook, read piece by piece: no document type, no entities, no names of namespaces."""

from collections.abc import Callable, Iterable
from xml.parsers import expat

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import FileRefused
from kabinet.registers.formats.containers.xlsx.package import damaged

Attributes = dict[str, str]
_MOST_NAMES = 1000


class LocalNames(dict[str, str]):
    """Names without what stands for a namespace: «row» of «x:row». Keeps the first of them, of a sheet all."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        if len(self) < _MOST_NAMES:
            self[name] = local
        return local


class Document:
    """A stream of XML. Handlers are expat's own and get names as they are written: a call in between costs a half more.

    Raises FileRefused for what is no XML, or XML that declares anything.
    """

    def __init__(
        self,
        *,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = end
        self._parser.CharacterDataHandler = text

    def read(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self.feed(piece)
        self.close()

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, False)
        except (expat.ExpatError, ValueError) as error:
            raise damaged() from error

    def close(self) -> None:
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged() from error


def _refuse(*_declaration: object) -> None:
    raise FileRefused(_("В книге есть объявления XML, которых Excel не пишет: сохраните её в Excel ещё раз."))
