"""The year's price order as a file: semicolons, headings, a decimal comma, days as 01.10.2026.

The code page of old programs has no «³»: «м3» is the same. Columns, in this order: service; purpose of use; zone;
yearly volume above which the price holds; price; unit; first day; last day (empty: until the next order); the order.
"""

import codecs
import csv
import datetime as dt
import io
import re
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.month import FIRST_YEAR, LAST_YEAR

HEADINGS = (
    "Услуга",
    "Направление",
    "Зона",
    "Сверх м³ в год",
    "Цена",
    "Единица",
    "Действует с",
    "Действует по",
    "Приказ",
)
UNITS = {"м³": "m3", "м3": "m3", "1000 м³": "1000m3", "1000 м3": "1000m3", "тыс. м³": "1000m3", "тыс. м3": "1000m3"}
ENCODINGS = ("utf-8", "cp1251")
#: Longer names of services and orders are not kept.
LONGEST_TEXT = 250
#: A spreadsheet that saves as UTF-8 says so by these bytes.
_MARK = codecs.BOM_UTF8
_NUMBER = re.compile(r"\d{1,7}(?:,(\d{1,5}))?", re.ASCII)
_PRICE_PLACES, _VOLUME_PLACES = 5, 3
#: A zone whose letter was typed on a Russian keyboard.
_CYRILLIC_ZONE = str.maketrans("Т", "T")
_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})", re.ASCII)


@dataclass(frozen=True)
class PriceLine:
    """A price as the order prints it. number: of the line in the file; valid_until: the day after its last one."""

    number: int
    service_code: str
    usage_purpose_code: str
    zone: str
    above_m3: Decimal
    printed_price: Decimal
    printed_unit: str
    valid_from: dt.date
    valid_until: dt.date | None
    source: str


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be read, and why: words for the person who made the file."""

    number: int
    reason: str


class OrderUnreadable(Exception):
    """A file that is no price order; the text says why."""


def decode(content: bytes, *, encoding: str | None) -> str:
    """Give the text of a file. encoding: one of ENCODINGS; None: the file says by its mark that it is UTF-8.

    Raises OrderUnreadable: what is not said is not guessed, since the wrong guess may read as other words.
    """
    if encoding is None and not content.startswith(_MARK):
        raise OrderUnreadable("по файлу не видно, в какой он кодировке: назовите её, utf-8 или cp1251")
    try:
        return content.removeprefix(_MARK).decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise OrderUnreadable(f"файл не в кодировке {encoding or 'utf-8'}: байт {error.start}") from error


def read_price_order(text: str) -> list[PriceLine | BadLine]:
    """Read the lines of an order; those that cannot be read keep their place. Raises OrderUnreadable."""
    if "\0" in text:
        raise OrderUnreadable("в нём есть нулевые байты: сохраните таблицу как CSV")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        headings = tuple(heading.strip().replace("м3", "м³") for heading in next(reader, []))
        if headings != HEADINGS:
            raise OrderUnreadable(f"первая строка должна быть такой: {';'.join(HEADINGS)}")
        lines = [_line(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise OrderUnreadable(f"строка {reader.line_num}: {error}") from error
    if not lines:
        raise OrderUnreadable("в файле нет ни одной цены")
    return lines


def _line(number: int, cells: list[str]) -> PriceLine | BadLine:
    if len(cells) != len(HEADINGS):
        return BadLine(number, f"в строке {len(cells)} значений, а нужно {len(HEADINGS)}")
    service, purpose, zone, above, price, unit, since, last, source = (cell.strip() for cell in cells)
    try:
        last_day = _day(last) if last else None
        return PriceLine(
            number=number,
            service_code=_needed(service, "услуга"),
            usage_purpose_code=purpose,
            zone=zone.upper().translate(_CYRILLIC_ZONE),
            above_m3=_decimal(above or "0", places=_VOLUME_PLACES),
            printed_price=_decimal(price, places=_PRICE_PLACES),
            printed_unit=_unit(unit),
            valid_from=_day(since),
            valid_until=last_day and last_day + dt.timedelta(days=1),
            source=_needed(source, "приказ"),
        )
    except ValueError as error:
        return BadLine(number, str(error))


def _needed(text: str, name: str) -> str:
    if not text:
        raise ValueError(f"не заполнено: {name}")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"{name}: больше {LONGEST_TEXT} знаков")
    return text


def _decimal(text: str, *, places: int) -> Decimal:
    compact = re.sub(r"[\s\u00a0\u202f]", "", text)
    match = _NUMBER.fullmatch(compact)
    if not match:
        raise ValueError(f"«{text}» — не число с запятой, как 9,624")
    if len(match[1] or "") > places:
        raise ValueError(f"«{text}»: после запятой бывает не больше {places} знаков")
    return Decimal(compact.replace(",", "."))


def _day(text: str) -> dt.date:
    match = _DAY.fullmatch(text)
    if match and not FIRST_YEAR <= int(match[3]) < LAST_YEAR:
        raise ValueError(f"«{text}»: такого года в приказах не бывает; у цены без конца последнего дня не пишут")
    try:
        if match:
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass
    raise ValueError(f"«{text}» — не день, как 01.10.2026")


def _unit(text: str) -> str:
    if text not in UNITS:
        raise ValueError(f"единица «{text}» неизвестна: бывают {', '.join(UNITS)}")
    return UNITS[text]
