"""Typesetting with Typst: a template of ours, data as JSON, our own fonts and nothing else of the machine."""

import datetime as dt
import functools
import hashlib
import json
from pathlib import Path
from typing import Any, Literal, cast

import typst

_APP = Path(__file__).resolve().parent.parent
_FONTS = _APP / "fonts"

_COMPILATIONS_REMEMBERED = 10


@functools.cache
def _fonts() -> typst.Fonts:
    """Our face, and what comes with Typst for the rare letter that it lacks; never what happens to be installed."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_FONTS])


@functools.cache
def _template(name: str) -> bytes:
    return (_APP / "typst" / f"{name}.typ").read_bytes()


def forget() -> None:
    """Let go of what the typesetter remembers of the documents before.

    It keeps what the last ten compilations have used, nearly 2 MB for each sheet: so ten empty ones are made.
    """
    nothing = typst.Compiler(b"", root=_FONTS, font_paths=_fonts())
    for _ in range(_COMPILATIONS_REMEMBERED):
        nothing.compile(b"", format="pdf")


def fingerprint(template: str) -> str:
    """Name a template by what stands in it: another one draws the same data otherwise."""
    return hashlib.sha256(_template(template)).hexdigest()


def pdf(template: str, data: dict[str, Any], *, made_at: dt.datetime, is_tagged: bool = True) -> bytes:
    """Typeset a template of ``bills/typst`` with this data; gives a PDF/A-2b document.

    data       travels as one JSON string in ``sys.inputs``, so that no text of a customer is ever read as markup
    made_at    stands in the file's own dates: the same data at the same moment gives the same bytes
    is_tagged  carries what programs that read aloud need: most of the size of a file

    A text with a sign that no font has (a picture in somebody's name) gives an ordinary PDF with an empty box for it,
    which the archive form forbids. The source is in memory; the folder that the compiler may read holds only fonts.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False)}

    def compiled(standard: Literal["a-2b", "1.7"]) -> bytes:
        compiler = typst.Compiler(_template(template), root=_FONTS, font_paths=_fonts(), sys_inputs=inputs)
        made = compiler.compile(
            format="pdf", pdf_standards=standard, timestamp=int(made_at.timestamp()), pdf_tags=is_tagged
        )
        return cast("bytes", made)

    try:
        return compiled("a-2b")
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        return compiled("1.7")
