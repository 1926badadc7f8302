"""Typesetting with Typst: a template of ours, data as JSON, our own fonts and nothing else of the machine."""

import datetime as dt
import functools
import json
from pathlib import Path
from typing import Any

import typst

_APP = Path(__file__).resolve().parent.parent
_FONTS = _APP / "fonts"


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])


@functools.cache
def _template(name: str) -> bytes:
    return (_APP / "typst" / f"{name}.typ").read_bytes()


def pdf(template: str, data: dict[str, Any], *, made_at: dt.datetime) -> bytes:
    """Typeset a template of ``bills/typst`` with this data; gives a PDF/A-2b document.

    data     travels as one JSON string in ``sys.inputs``, so that no text of a customer is ever read as markup
    made_at  stands in the file's own dates: the same data at the same moment gives the same bytes

    The source is in memory; the folder that the compiler may read from holds nothing but the fonts.
    """
    return typst.Compiler(_template(template), root=_FONTS, font_paths=_fonts()).compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        timestamp=made_at.astimezone(dt.UTC).replace(microsecond=0),
    )
