"""Values of cells as text: numbers without the noise of binary fractions, days as 2026-10-31."""

import datetime as dt
import re
from decimal import Decimal

DAY_ZERO = dt.date(1899, 12, 30)
DAY_ZERO_OF_MAC = dt.date(1904, 1, 1)
#: The calendar of Excel has a 29 February 1900: what is before March of that year is no day.
_FIRST_DAY, _AFTER_LAST_DAY = 61, 109_575  # until 2200
_BUILT_IN_DATES = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)})
#: Parts of a number format that are no signs of it: texts, colours, escaped signs.
_NO_SIGNS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
#: Halves of a pair are no signs by themselves.
_ESCAPED = re.compile(r"_x(?![dD][89a-fA-F])([0-9A-Fa-f]{4})_")


def is_date_format(format_id: int, code: str) -> bool:
    """Tell whether numbers of this format are days. code: of a format that the workbook brings with it."""
    if code:
        signs = _NO_SIGNS.sub("", code).lower()
        return "y" in signs or "d" in signs or ("m" in signs and "h" not in signs and "s" not in signs)
    return format_id in _BUILT_IN_DATES


def number_text(text: str, decimal_mark: str) -> str:
    """Write a number as it looks: «1234.5599999999999» as «1234,56». What is no number stays as it is."""
    if _WHOLE.fullmatch(text) or not _NUMBER.fullmatch(text):
        return text
    # Fifteen digits are what Excel shows and what it computes with; what is behind them is of the binary fraction.
    number = Decimal(f"{float(text):.15g}")
    if not number.is_finite():
        return text
    return f"{number:f}".replace(".", decimal_mark)


def day_text(text: str, day_zero: dt.date) -> str | None:
    """Write a serial number as a day; None when it is none, as a time of day is not."""
    if not _NUMBER.fullmatch(text):
        return None
    serial = float(text)
    return str(day_zero + dt.timedelta(days=int(serial))) if _FIRST_DAY <= serial < _AFTER_LAST_DAY else None


def unescaped(text: str) -> str:
    """Give the signs that XML cannot hold: «_x000D_» is a line's end."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
