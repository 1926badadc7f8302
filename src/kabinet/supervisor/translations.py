"""Compile the catalogues of translations that changed (.po → .mo), without the gettext programs."""

import os
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent


def catalogues() -> list[Path]:
    return sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/*.po"))


def compile_stale() -> None:
    """Write a .mo beside each .po that is newer. Several processes may do so at once: a file appears whole."""
    for catalogue in catalogues():
        compiled = catalogue.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
            continue
        unfinished = catalogue.with_suffix(f".{os.getpid()}.mo")
        polib.pofile(str(catalogue)).save_as_mofile(str(unfinished))
        unfinished.replace(compiled)


if __name__ == "__main__":
    compile_stale()
