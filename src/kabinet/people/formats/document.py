"""Read a document in a small part of Markdown, enough for an agreement: headings, paragraphs and lists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """kind: ``title``, ``heading``, ``paragraph`` or ``list``; a list has items instead of text."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


def read_blocks(text: str) -> list[Block]:
    """Cut a document at its empty lines; the first block is its title."""
    return [_block(chunk) for chunk in text.strip().split("\n\n") if chunk.strip()]


def _block(chunk: str) -> Block:
    lines = [line.strip() for line in chunk.strip().splitlines()]
    if lines[0].startswith("# "):
        return Block("title", lines[0][2:])
    if lines[0].startswith("## "):
        return Block("heading", lines[0][3:])
    if lines[0].startswith("- "):
        return Block("list", items=tuple(line.removeprefix("- ") for line in lines))
    return Block("paragraph", " ".join(lines))
