"""How sums, volumes, readings, days and numbers are written for people.

Spaces inside a number are narrow and do not break; a minus is «−», never a hyphen.
Russian writes `1 234,56 ₽`, English `1,234.56 ₽`.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext

from kabinet.common import words as common_words
from kabinet.common.month import Month

NARROW_SPACE = "\u202f"
SPACE = "\u00a0"
MINUS = "\u2212"


class YearAndMonth(Protocol):
    year: int
    month: int


def rub(amount_rub: Decimal, *, signed: bool = False) -> str:
    """Write a sum of roubles: `1 234,56 ₽`; `signed` adds a plus to what is above zero."""
    return f"{number(amount_rub, places=2, signed=signed)}{SPACE}₽"


def roubles_and_kopecks(amount_rub: Decimal) -> tuple[str, str]:
    """Split a sum for big print: `1 234` and `,56`."""
    text = number(amount_rub, places=2)
    return text[:-3], text[-3:]


def volume(volume_m3: Decimal) -> str:
    """Write a volume, with as many places as it has: `187 м³`, `12,5 м³`."""
    return f"{number(volume_m3)}{SPACE}{gettext('м³')}"


def number(value: Decimal, *, places: int | None = None, signed: bool = False) -> str:
    """Write a number with grouped thousands; without `places`, zeros after the point are left out."""
    value = Decimal(value)
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(value):f}".partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    thousands, point = (NARROW_SPACE, ",") if _is_russian() else (",", ".")
    sign = MINUS if value < 0 else "+" if signed and value > 0 else ""
    return sign + f"{int(whole):,}".replace(",", thousands) + (point + fraction if fraction else "")


def reading(value_m3: Decimal, digits: int = 0) -> str:
    """Write what a dial shows, with its leading zeros: `08 225` for five digits."""
    whole, _, fraction = f"{Decimal(value_m3):f}".partition(".")
    fraction = fraction.rstrip("0")
    return _group_from_right(whole.zfill(digits)) + (("," if _is_russian() else ".") + fraction if fraction else "")


def account_number(text: str) -> str:
    """Group the digits of an account's number so that it can be read aloud: `702 062 012`."""
    if not text.isdecimal() or len(text) < 7:
        return text
    groups = [text[start : start + 3] for start in range(0, len(text), 3)]
    if len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return SPACE.join(groups)


def day(value: dt.date | dt.datetime) -> str:
    """Write a day: `22.11.2026`."""
    return f"{_local(value):%d.%m.%Y}"


def day_words(value: dt.date | dt.datetime) -> str:
    """Write a day in words, without its year: «22 ноября»."""
    return format_date(_local(value), f"j{SPACE}E")


def day_words_year(value: dt.date | dt.datetime) -> str:
    """Write a day in words: «22 ноября 2026»."""
    return format_date(_local(value), f"j{SPACE}E{SPACE}Y")


def moment(value: dt.datetime, zone_name: str = "") -> str:
    """Write a moment by the clock of the zone: `22.11.2026, 09:41`."""
    return f"{_local(value, zone_name):%d.%m.%Y, %H:%M}"


def moment_words(value: dt.datetime, zone_name: str = "") -> str:
    """Write a moment in words: «22 ноября, 09:41»."""
    return format_date(_local(value, zone_name), f"j{SPACE}E, H:i")


def month_words(month: YearAndMonth) -> str:
    """Write a month: «октябрь 2026»."""
    return common_words.month_words(Month(month.year, month.month))


def month_short(month: YearAndMonth) -> str:
    """Write a month in three letters: «окт»."""
    return _lower_in_russian(format_date(dt.date(month.year, month.month, 1), "M"))[:3]


def initials(name: str) -> str:
    """Give what stands in the round picture of a person: «ИП» for «Иван Петров», «A» for an address."""
    words = name.split("@", maxsplit=1)[0].split()
    return "".join(word[0] for word in words[:2]).upper()


def _is_russian() -> bool:
    return (get_language() or "ru").startswith("ru")


def _lower_in_russian(text: str) -> str:
    return text.lower() if _is_russian() else text


def _group_from_right(digits: str) -> str:
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    return NARROW_SPACE.join(groups + [digits[start : start + 3] for start in range(head, len(digits), 3)])


def _local(value: dt.date | dt.datetime, zone_name: str = "") -> dt.date | dt.datetime:
    """Give a moment by the clock of the zone, the installation's when none is named; a day stays as it is."""
    if isinstance(value, dt.datetime):
        return value.astimezone(ZoneInfo(zone_name or settings.INSTALLATION_TIME_ZONE))
    return value
