"""Names of people: what is tidied, and what is no name."""

import re
import unicodedata

#: Letters of any alphabet; inside them spaces, hyphens, apostrophes and the dot of an initial.
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’ʼ-])*")


class NotAName(ValueError):
    """There are characters in it that no name has: digits, an «@», brackets."""


def tidy_name(typed: str) -> str:
    """Give the name with single spaces; empty for nothing. Raises NotAName."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if name and not _NAME.fullmatch(name):
        raise NotAName
    return name
