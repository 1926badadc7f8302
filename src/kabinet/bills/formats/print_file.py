"""One file for a printer out of many: objects are copied part by part, so that memory does not grow with the pages."""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_TREE, _CATALOG = 1, 2
"""The numbers of the two objects that are written last, when all pages are known."""
_OF_CATALOG = ("/Metadata", "/OutputIntents", "/Lang")
_PAGES_OF_A_NODE = 500


def join(parts: Sequence[Path], out: Path) -> int:
    """Write the pages of several files of ours one after another; give how many there are.

    What makes a file an archive one (the colours' profile, the description) is taken from the first part.
    """
    draft = out.with_name(f"{out.name}.part")
    with draft.open("wb") as stream:
        pages = _PrintFile(stream).write(parts)
    draft.replace(out)
    return pages


class _PrintFile:
    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.offsets = array("Q", [0] * (_CATALOG + 1))

    def write(self, parts: Sequence[Path]) -> int:
        self.stream.write(_HEADER)
        catalog = DictionaryObject({NameObject("/Type"): NameObject("/Catalog"), NameObject("/Pages"): _to(_TREE)})
        nodes: list[tuple[int, int]] = []
        for part in parts:
            reader = PdfReader(part)
            copy = _PartCopy(self, reader)
            root = reader.root_object
            if part == parts[0]:
                catalog.update({NameObject(name): copy.of(root.raw_get(name)) for name in _OF_CATALOG if name in root})
            pages = [page.indirect_reference for page in reader.pages if page.indirect_reference]
            starts = range(0, len(pages), _PAGES_OF_A_NODE)
            nodes += [self._write_node(copy, pages[start : start + _PAGES_OF_A_NODE]) for start in starts]
            copy.finish()
        kids = ArrayObject([_to(number) for number, _ in nodes])
        count = sum(pages_of_node for _, pages_of_node in nodes)
        self.write_object(_TREE, _pages(kids, count))
        self.write_object(_CATALOG, catalog)
        self._write_table(DictionaryObject() if not parts else _ids(PdfReader(parts[0])))
        return count

    def new_number(self) -> int:
        self.offsets.append(0)
        return len(self.offsets) - 1

    def write_object(self, number: int, content: PdfObject) -> None:
        self.offsets[number] = self.stream.tell()
        self.stream.write(b"%d 0 obj\n" % number)
        content.write_to_stream(self.stream)
        self.stream.write(b"\nendobj\n")

    def _write_node(self, copy: "_PartCopy", pages: Sequence[IndirectObject]) -> tuple[int, int]:
        number = self.new_number()
        kids = ArrayObject([copy.page(page, parent=number) for page in pages])
        node = _pages(kids, len(pages))
        node[NameObject("/Parent")] = _to(_TREE)
        self.write_object(number, node)
        return number, len(pages)

    def _write_table(self, trailer: DictionaryObject) -> None:
        start = self.stream.tell()
        self.stream.write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self.offsets))
        for offset in self.offsets[1:]:
            self.stream.write(b"%010d 00000 n \n" % offset)
        trailer[NameObject("/Size")] = NumberObject(len(self.offsets))
        trailer[NameObject("/Root")] = _to(_CATALOG)
        self.stream.write(b"trailer\n")
        trailer.write_to_stream(self.stream)
        self.stream.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)


class _PartCopy:
    """Objects of one part under new numbers: each is written once, when somebody has named it."""

    def __init__(self, file: _PrintFile, reader: PdfReader) -> None:
        self.file = file
        self.reader = reader
        self.numbers: dict[int, int] = {}
        self.waiting: list[int] = []

    def page(self, page: IndirectObject, *, parent: int) -> IndirectObject:
        number = self.file.new_number()
        content = page.get_object()
        assert isinstance(content, DictionaryObject)  # noqa: S101 - a page is a dictionary, for the type checker
        left = {name: content.raw_get(name) for name in content if name not in ("/Parent", "/StructParents")}
        copied = DictionaryObject({NameObject(name): self.of(value) for name, value in left.items()})
        copied[NameObject("/Parent")] = _to(parent)
        self.file.write_object(number, copied)
        return _to(number)

    def of(self, value: PdfObject) -> PdfObject:
        """Give a value with the numbers of the new file."""
        if isinstance(value, IndirectObject):
            if value.idnum not in self.numbers:
                self.numbers[value.idnum] = self.file.new_number()
                self.waiting.append(value.idnum)
            return _to(self.numbers[value.idnum])
        if isinstance(value, ArrayObject):
            return ArrayObject([self.of(item) for item in value])
        if isinstance(value, DictionaryObject):
            copied: DictionaryObject = EncodedStreamObject() if isinstance(value, StreamObject) else DictionaryObject()
            copied.update({NameObject(name): self.of(value.raw_get(name)) for name in value})
            if isinstance(value, StreamObject) and isinstance(copied, StreamObject):
                copied._data = value._data
            return copied
        return value

    def finish(self) -> None:
        """Write what has been named and not been written."""
        while self.waiting:
            old = self.waiting.pop()
            content = self.reader.get_object(IndirectObject(old, 0, self.reader))
            self.file.write_object(self.numbers[old], self.of(content) if content is not None else TextStringObject(""))


def _to(number: int) -> IndirectObject:
    return IndirectObject(number, 0, None)


def _pages(kids: ArrayObject, count: int) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Pages"),
            NameObject("/Kids"): kids,
            NameObject("/Count"): NumberObject(count),
        }
    )


def _ids(first: PdfReader) -> DictionaryObject:
    """Give a trailer with the first part's identity, which an archive file must have."""
    ids = first.trailer.get("/ID")
    return DictionaryObject({NameObject("/ID"): ids}) if ids is not None else DictionaryObject()
