"""Read a PDF as somebody at a counter would: its words, what stands in its boxes, what a scanner sees."""

import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from pyzbar import pyzbar

from kabinet.bills.formats import typesetting

#: About what a laser printer gives; a scanner must manage with it.
DOTS_PER_POINT = 300 / 72


def words_of(pdf: bytes) -> str:
    """Give all words with single plain spaces."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def page_count(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def symbols_in(pdf: bytes) -> list[bytes]:
    """Read every two-dimensional symbol off the rendered first page by a reader that is not our writer."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=DOTS_PER_POINT).to_pil()
    return [found.data for found in pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])]


def boxes_after(pdf: bytes, label: str) -> list[str]:
    """Give what stands in the row of boxes to the right of a label: one entry per box, by the lines that are drawn."""
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    start = text.get_text_range().index(label)
    _left, bottom, right, top = text.get_charbox(start + len(label) - 1)
    middle = (bottom + top) / 2

    uprights = sorted(
        (left + far) / 2
        for left, low, far, high in (item.get_bounds() for item in page.get_objects() if item.type == 2)
        if far - left < 2 and low < middle < high and left > right
    )
    boxes = []
    for left_line, right_line in itertools.pairwise(uprights):
        if right_line - left_line > 1.5 * (uprights[1] - uprights[0]):
            break
        boxes.append(text.get_text_bounded(left_line, bottom - 2, right_line, top + 2).strip())
    return boxes


@contextmanager
def unprintable(words: str, folder: Path) -> Iterator[None]:
    """Let the typesetter give up on every paper in whose data these words stand, and on no other.

    folder  an empty one, in which its templates are written
    """
    (folder / "typst").mkdir()
    for template in (Path(typesetting.__file__).parent.parent / "typst").glob("*.typ"):
        content = template.read_text() + f'\n#if sys.inputs.data.contains("{words}") {{ panic("cannot be set") }}\n'
        (folder / "typst" / template.name).write_text(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typesetting, "_APP", folder)
        patch.setattr(typesetting, "_template", typesetting._template.__wrapped__)
        yield
