"""Documents that people accept: versions stand in ``people/documents`` and are never edited once they were shown."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kabinet.common.errors import NotFound
from kabinet.people.formats.document import Block, read_blocks

FOLDER = Path(__file__).parent.parent / "documents"


@dataclass(frozen=True)
class Document:
    """kind: ``agreement`` or ``consent``; sha256: of the file, kept with each acceptance."""

    kind: str
    version: int
    sha256: str
    title: str
    blocks: tuple[Block, ...]


@cache
def document(kind: str, version: int) -> Document:
    """Give one version of a document. Raises NotFound."""
    path = FOLDER / f"{kind}-{version}.md"
    if not path.exists():
        raise NotFound
    content = path.read_bytes()
    title, *blocks = read_blocks(content.decode())
    return Document(kind, version, hashlib.sha256(content).hexdigest(), title.text, tuple(blocks))


@cache
def current_document(kind: str) -> Document:
    """Give the version that is accepted today: the highest there is."""
    versions = [int(found[1]) for path in FOLDER.iterdir() if (found := re.fullmatch(rf"{kind}-(\d+)\.md", path.name))]
    return document(kind, max(versions))
