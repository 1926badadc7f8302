"""Look at a file before it is read: what it seems to be, never more than can be told."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Look:
    """What a file seems to be.

    container   one of profile.CONTAINERS, by its content
    encoding    "" when it cannot be told: then `encodings` are what it may be, the likeliest first
    delimiter   "" when it cannot be told
    sheets      of a workbook
    headings    cells of the first line, or names that the container has for its columns
    lines       the first lines as cells
    """

    container: str
    encoding: str
    encodings: tuple[str, ...]
    delimiter: str
    sheets: tuple[str, ...]
    headings: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def look_at(path: Path, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Look:
    """Look at the beginning of a file; what is given is taken as said. Raises reading.FileRefused."""
    raise NotImplementedError
