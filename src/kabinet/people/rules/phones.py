"""Phone numbers of the Russian plan (+7, which Kazakhstan shares): one form to keep, one to show."""

import re
import unicodedata

_DECORATION = re.compile(r"[\s().\u2010-\u2015-]")
_TYPED = re.compile(r"(?:\+7|7|8)?([3-9]\d{9})")
_KEPT = re.compile(r"\+7(\d{3})(\d{3})(\d{2})(\d{2})")


class NotAPhone(ValueError):
    """It is not ten digits after +7 or 8, with the code of a city or an operator."""


def kept_phone(typed: str) -> str:
    """Give ``+79121234567`` for whatever way people write it; empty for nothing. Raises NotAPhone."""
    digits = _DECORATION.sub("", unicodedata.normalize("NFKC", typed))
    if not digits:
        return ""
    if not (digits.isascii() and (found := _TYPED.fullmatch(digits))):
        raise NotAPhone
    return f"+7{found[1]}"


def shown_phone(kept: str) -> str:
    """Write a kept number so that it can be read aloud: ``+7 912 123-45-67``."""
    return _KEPT.sub(r"+7 \1 \2-\3-\4", kept)
