"""A workbook: which sheets it has, and the lines of one."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import LINES_AT_ONCE, Chunk, FileRefused, shortened
from kabinet.registers.formats.containers.xlsx.package import Package, damaged, resolved
from kabinet.registers.formats.containers.xlsx.sheet import Sheet
from kabinet.registers.formats.containers.xlsx.texts import SharedTexts, Styles
from kabinet.registers.formats.containers.xlsx.values import DAY_ZERO, DAY_ZERO_OF_MAC
from kabinet.registers.formats.containers.xlsx.xml import Attributes, Document, LocalNames

MOST_SHEETS = 200


class Workbook:
    """A workbook that is open. sheets: names of its sheets, in their order."""

    headings: Sequence[str] | None = None

    def __init__(self, path: Path) -> None:
        """Raises FileRefused for a file that is no workbook."""
        self._size = path.stat().st_size
        self._package = Package(path)
        self._names = LocalNames()
        self._entry = next(iter(self._pointed("", "/officeDocument").values()), "")
        self._sheets: list[tuple[str, str]] = []
        self._day_zero = DAY_ZERO
        Document(start=self._start).read(self._package.pieces(self._entry))
        self.sheets = tuple(name for name, _relation in self._sheets)
        self._sheet_entry = ""
        self._decimal_mark, self._skipped_lines = ".", 0

    def choose(self, sheet: str, *, decimal_mark: str, skipped_lines: int) -> None:
        """Say which sheet is read, and how. sheet: "" for the only one. Raises FileRefused."""
        if not sheet and len(self.sheets) != 1:
            names = ", ".join(f"«{shortened(name)}»" for name in self.sheets)
            raise FileRefused(_("В книге несколько листов: %(names)s. Назовите нужный в формате.") % {"names": names})
        relations = self._pointed(self._entry, "/worksheet")
        wanted = [relations.get(relation) for name, relation in self._sheets if sheet in ("", name)]
        if not wanted or wanted[0] is None:
            raise FileRefused(_("В книге нет листа «%(name)s».") % {"name": shortened(sheet)})
        self._sheet_entry = wanted[0]
        self._decimal_mark, self._skipped_lines = decimal_mark, skipped_lines

    def chunks(self) -> Iterator[Chunk]:
        """Raises FileRefused."""
        sheet = Sheet(
            texts=self._texts(),
            dates=self._dates(),
            day_zero=self._day_zero,
            decimal_mark=self._decimal_mark,
            skipped_lines=self._skipped_lines,
        )
        document = Document(start=sheet.start, end=sheet.end, text=sheet.text)
        unpacked, whole = 0, self._package.size_of(self._sheet_entry)
        for piece in self._package.pieces(self._sheet_entry):
            document.feed(piece)
            unpacked += len(piece)
            if len(sheet.rows) >= LINES_AT_ONCE:
                line_nos, rows = sheet.take()
                yield Chunk(line_nos, rows, read_bytes=min(self._size * unpacked // whole, self._size))
        document.close()
        line_nos, rows = sheet.take()
        yield Chunk(line_nos, rows, read_bytes=self._size)

    def _texts(self) -> list[str]:
        entry = next(iter(self._pointed(self._entry, "/sharedStrings").values()), "")
        return SharedTexts(self._package.pieces(entry)).texts if entry else []

    def _dates(self) -> set[str]:
        entry = next(iter(self._pointed(self._entry, "/styles").values()), "")
        return Styles(self._package.pieces(entry)).dates if entry else set()

    def _start(self, full_name: str, attributes: Attributes) -> None:
        name = self._names[full_name]
        if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self._day_zero = DAY_ZERO_OF_MAC
        elif name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self._sheets.append((attributes.get("name", ""), relation))
            if len(self._sheets) > MOST_SHEETS:
                raise damaged()

    def _pointed(self, entry: str, kind: str) -> Mapping[str, str]:
        """Give the entries of a kind that an entry points to, by the id of the relation."""
        folder, slash, name = entry.rpartition("/")
        found: dict[str, str] = {}

        def start(element: str, attributes: Attributes) -> None:
            if self._names[element] == "Relationship" and attributes.get("Type", "").endswith(kind):
                found[attributes.get("Id", "")] = resolved(entry, attributes.get("Target", ""))

        relations = f"{folder}{slash}_rels/{name}.rels"
        if self._package.has(relations):
            Document(start=start).read(self._package.pieces(relations))
        return found
