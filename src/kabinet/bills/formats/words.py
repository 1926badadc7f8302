"""Numbers, days and months as a Russian document writes them, whatever the language of the screen."""

import datetime as dt
from decimal import Decimal

from kabinet.common.month import Month

NBSP = "\N{NO-BREAK SPACE}"

_MONTHS = (
    [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
    [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
)


def rub(amount_rub: Decimal) -> str:
    """Write a sum: «1 284,56», «−200,00»."""
    sign = "−" if amount_rub < 0 else ""
    return sign + f"{abs(amount_rub):,.2f}".replace(",", NBSP).replace(".", ",")


def price(price_rub: Decimal) -> str:
    """Write a price with its five places: «4,37507»."""
    return f"{price_rub:.5f}".replace(".", ",")


def volume(volume_m3: Decimal) -> str:
    """Write a volume or a reading with as many places as it has: «121», «12,5», «−135»."""
    text = f"{volume_m3:,.3f}".rstrip("0").rstrip(".")
    return text.replace(",", NBSP).replace(".", ",").replace("-", "−")


def month(period: Month) -> str:
    return f"{_MONTHS[0][period.month - 1]} {period.year}{NBSP}года"


def short_month(period: Month) -> str:
    return _MONTHS[2][period.month - 1]


def day(date: dt.date) -> str:
    """Write a day: «16 ноября 2026»."""
    return f"{date.day}{NBSP}{_MONTHS[1][date.month - 1]} {date.year}"


def short_day(date: dt.date) -> str:
    return f"{date:%d.%m.%Y}"
