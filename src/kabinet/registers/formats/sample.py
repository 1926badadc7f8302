"""An example of a file that a format reads, made of the format itself: whoever fills it in loads it as it is."""

import csv
import datetime as dt
import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import xlsxwriter

from kabinet.registers.formats.containers.one_c import CAME, DIRECTION, DOCUMENT
from kabinet.registers.formats.profile import KOPECKS, Column, Footer, Profile
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import Field

#: What files of each container are called.
EXTENSIONS = {"text": "csv", "xlsx": "xlsx", "dbf": "dbf", "one_c": "txt"}
_OWN_ACCOUNT = "40702810000000000001"
#: Said in other columns of the same line; here one of them is enough, unless a format has no other.
_SAID_OTHERWISE = {"full_name": "surname", "address": "street_address"}
_TEXTS = {
    "surname": ("Петров", "Иванова"),
    "given_name": ("Олег", "Анна"),
    "patronymic": ("Ильич", "Петровна"),
    "full_name": ("Петров Олег Ильич", "Иванова Анна Петровна"),
    "postcode": ("188800", "188800"),
    "locality": ("Выборг", "Выборг"),
    "street_address": ("ул. Садовая, д. 1", "ул. Лесная, д. 14"),
    "address": ("ул. Садовая, д. 1, кв. 1", "ул. Лесная, д. 14, кв. 7"),
    "flat": ("1", "7"),
    "serial_number": ("SN7001", "SN7002"),
    "model_name": ("ВК-G4", "ВК-G4"),
    "seal_number": ("П1", "П2"),
    "zone": ("T1", "T1"),
    "operation_id": ("A-1", "A-2"),
    "payer": ("Петров О. И.", "Иванова А. П."),
    "note": ("за газ", "за газ"),
}
_NUMBERS = {
    kinds.MONEY: (Decimal("1234.50"), Decimal("980.00")),
    kinds.PRICE: (Decimal("9.97"), Decimal("9.97")),
    kinds.VOLUME: (Decimal(1010), Decimal(998)),
    kinds.AREA: (Decimal("41.5"), Decimal("52.4")),
}
_VOLUMES = {"volume_m3": (Decimal("123.82"), Decimal("98.3")), "previous_m3": (Decimal(886), Decimal(900))}
_COUNTS = {"digits": ("5", "5"), "residents_count": ("2", "3")}
_HEADER = struct.Struct("<4BIHH17xB2x")
_FIELD = struct.Struct("<11sc4xBB14x")
_LANGUAGES = {"cp1251": 0xC9, "cp866": 0x65}
LINES = 2


def sample_of(profile: Profile, *, numbers: Sequence[str], service_code: str, today: dt.date) -> bytes:
    """Make a file of two lines that the format reads without a fault.

    numbers       of two accounts
    service_code  of a service that the supplier has
    today         the supplier's day, about which the lines are
    """
    values = [_Values(profile, place, numbers[place], service_code, today) for place in range(LINES)]
    columns = _sources(profile)
    rows = [[each.cells.get(source, "") for source in columns] for each in values]
    match profile.container:
        case "one_c":
            return _statement(profile, columns, rows)
        case "dbf":
            return _table(profile, columns, rows)
    lines = [["Образец"] for _line in range(profile.skipped_lines)]
    if profile.headings:
        lines.append(list(columns))
    else:
        rows = [_by_position(columns, row) for row in rows]
    lines += rows
    if profile.footer:
        lines.append(_totals(profile, profile.footer, values))
    return _workbook(profile, lines) if profile.container == "xlsx" else _text(profile, lines)


class _Values:
    """What stands in the cells of one line. sums: by field, of all that the line is read as."""

    def __init__(self, profile: Profile, place: int, number: str, service_code: str, today: dt.date) -> None:
        self._profile, self._place = profile, place
        self._number, self._service_code, self._today = number, service_code, today
        self.cells: dict[str, str] = {}
        self.sums: dict[str, Decimal] = {}
        for column in profile.columns:
            self._put(column)
        for part in profile.parts[:1]:
            for column in part.columns:
                self._put(column)
        self.cells |= {only.source: only.text for only in profile.only}

    def _put(self, column: Column) -> None:
        field = self._profile.kind_of_lines.field(column.field)
        if _SAID_OTHERWISE.get(field.name) in self._profile.fields:
            return
        pieces = _pieces(column, self._text(field))
        for source, piece in zip(column.sources, pieces, strict=True):
            text = f"{column.after[0]} {piece}" if column.after and piece else piece
            before = self.cells.get(source, "")
            self.cells[source] = f"{before}, {text}" if before and column.after and text else before or text

    def _text(self, field: Field) -> str:
        profile = self._profile
        if field.type in _NUMBERS:
            number = _VOLUMES.get(field.name, _NUMBERS[field.type])[self._place]
            self.sums[field.name] = number
            if field.type == kinds.MONEY and profile.money_unit == KOPECKS:
                return f"{number * 100:.0f}"
            return f"{number}".replace(".", profile.number_form.mark)
        if field.type == kinds.DATE:
            return _written(profile.date_forms[0], self._day(field))
        if field.type == kinds.MONTH:
            return _written(profile.month_forms[0], self._today.replace(day=1) - dt.timedelta(days=1))
        if field.type == kinds.COUNT:
            return _COUNTS[field.name][self._place]
        if field.name == "number":
            return self._number
        if field.name == "service_code":
            return self._service_code
        return _TEXTS[field.name][self._place] if field.name in _TEXTS else ""

    def _day(self, field: Field) -> dt.date:
        """Give a day that may stand there: nothing is closed or taken away, meters are verified in years to come."""
        first = self._today.replace(day=1)
        if field.name == "verification_due_on":
            return first.replace(year=first.year + 4)
        if field.name in ("opened_on", "installed_on"):
            return first.replace(year=first.year - 3)
        return first - dt.timedelta(days=1)


#: Days on which something ends: an example without them is the one that people need.
_ENDS = frozenset({"closed_on", "removed_on"})


def _pieces(column: Column, text: str) -> list[str]:
    """Share a value out among the cells that it is put together of; where it cannot be, it stands in the first."""
    if column.field in _ENDS:
        return [""] * len(column.sources)
    pieces = text.split(column.joint) if column.joint and len(column.sources) > 1 else [text]
    if len(pieces) != len(column.sources):
        pieces = [text]
    return [*pieces, *[""] * (len(column.sources) - len(pieces))]


def _sources(profile: Profile) -> list[str]:
    """Name the columns in the order in which the format names them."""
    of_parts = [source for part in profile.parts for column in part.columns for source in column.sources]
    of_lines = [source for column in profile.columns for source in column.sources]
    return list(dict.fromkeys([*of_lines, *of_parts, *(only.source for only in profile.only)]))


def _by_position(columns: Sequence[str], row: Sequence[str]) -> list[str]:
    cells = [""] * max(map(int, columns))
    for source, text in zip(columns, row, strict=True):
        cells[int(source) - 1] = text
    return cells


def _written(form: str, day: dt.date) -> str:
    """Write a day or a month by the name of its form: ДД.ММ.ГГГГ."""
    pieces = (
        ("ГГГГ", f"{day:%Y}"),
        ("ГГ", f"{day:%y}"),
        ("ДД", f"{day:%d}"),
        ("ММ", f"{day:%m}"),
        ("М", f"{day.month}"),
    )
    for sign, text in pieces:
        form = form.replace(sign, text)
    return form


def _totals(profile: Profile, footer: Footer, values: Sequence[_Values]) -> list[str]:
    totals = [""] * max(footer.count_at or 1, footer.sum_at or 1)
    if footer.count_at:
        totals[footer.count_at - 1] = str(len(values))
    if footer.sum_at:
        total = sum((each.sums[footer.sum_field] for each in values), Decimal(0))
        in_kopecks = profile.money_unit == KOPECKS
        text = f"{total * 100:.0f}" if in_kopecks else f"{total}".replace(".", profile.number_form.mark)
        totals[footer.sum_at - 1] = text
    return [footer.begins + totals[0], *totals[1:]]


def _text(profile: Profile, lines: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(
        file,
        delimiter=profile.delimiter or ";",
        lineterminator="\r\n",
        quoting=csv.QUOTE_MINIMAL if profile.quote else csv.QUOTE_NONE,
        quotechar=profile.quote or None,
        escapechar=None if profile.quote else "\\",
    )
    writer.writerows(lines)
    return file.getvalue().encode(profile.encoding or "utf-8-sig", errors="replace")


def _workbook(profile: Profile, lines: Sequence[Sequence[str]]) -> bytes:
    """Write every cell as a text, so that a spreadsheet takes no zero off an account's number."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet(profile.sheet or None)
    as_text = book.add_format({"num_format": "@"})
    for place, row in enumerate(lines):
        for column, cell in enumerate(row):
            sheet.write_string(place, column, cell, as_text)
    book.close()
    return file.getvalue()


def _table(profile: Profile, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Write a table of dBASE whose columns are all texts."""
    encoding = profile.encoding or "cp866"
    top: list[Sequence[str]] = [[""] * len(columns) for _line in range(profile.skipped_lines)]
    records = [[cell.encode(encoding, errors="replace") for cell in row] for row in [*top, *rows]]
    widths = [max(1, *(len(record[place]) for record in records)) for place in range(len(columns))]
    size = _HEADER.size + _FIELD.size * len(columns) + 1
    out = bytearray(_HEADER.pack(3, 126, 1, 1, len(records), size, 1 + sum(widths), _LANGUAGES.get(encoding, 0)))
    for name, width in zip(columns, widths, strict=True):
        out += _FIELD.pack(name.encode(encoding, errors="replace")[:10], b"C", width, 0)
    out += b"\r"
    for record in records:
        out += b" " + b"".join(cell.ljust(width) for cell, width in zip(record, widths, strict=True))
    return bytes(out + b"\x1a")


def _statement(profile: Profile, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    lines = ["1CClientBankExchange", "ВерсияФормата=1.02", "Кодировка=Windows", f"РасчСчет={_OWN_ACCOUNT}"]
    for row in rows:
        values: Mapping[str, str] = dict(zip(columns, row, strict=True))
        lines += [f"СекцияДокумент={values.get(DOCUMENT) or 'Платёжное поручение'}", *_document(values)]
        lines.append("КонецДокумента")
    return "\r\n".join([*lines, "КонецФайла", ""]).encode(profile.encoding or "cp1251", errors="replace")


def _document(values: Mapping[str, str]) -> Iterator[str]:
    side = "Получатель" if values.get(DIRECTION, CAME) == CAME else "Плательщик"
    own = {f"{side}Счет": _OWN_ACCOUNT}
    for name, value in {**values, **own}.items():
        if name not in (DOCUMENT, DIRECTION) and value:
            yield f"{name}={value}"
