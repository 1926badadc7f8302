"""Sums: whole kopecks inside, strings with two decimals outside."""

import re

_VALUE = re.compile(r"[0-9]{1,10}\.[0-9]{2}")


def to_kopecks(value: object) -> int:
    """Read a sum as the gateway writes it, "1234.56".

    Raises ValueError for any other shape: a number, a comma, an exponent, one or three decimals.
    """
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise ValueError(value)
    return int(value.replace(".", ""))


def to_value(kopecks: int) -> str:
    """Write kopecks as the gateway does: 123456 is "1234.56"."""
    return f"{kopecks // 100}.{kopecks % 100:02d}"


def to_words(kopecks: int) -> str:
    """Write kopecks as people read them: 123456 is «1 234,56 ₽», with no-break spaces."""
    return f"{kopecks // 100:,}".replace(",", "\N{NO-BREAK SPACE}") + f",{kopecks % 100:02d}\N{NO-BREAK SPACE}₽"
