"""Daily registers as gateways write them: text with columns, which are found by their headings and never by position.

The shop chooses columns and their order. A register is one day's whole truth, so a line that cannot be read exactly
makes the whole file unreadable.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from kabinet.payments.gateways import RegisterUnreadable, StatementLine

# Both gateways count their days, and write moments without a zone, as clocks in Moscow do.
MOSCOW = ZoneInfo("Europe/Moscow")
MOMENTS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S")
ROUBLES = frozenset({"", "RUB", "RUR", "643", "810"})

_VALUE = re.compile(r"\d{1,10}\.\d{2}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)

#: Of a gateway: what a column is for us → the headings, in small letters, that say so.
Headings = Mapping[str, frozenset[str]]


def decode(file: bytes) -> str:
    """Give the text of a register: UTF-8 with or without its mark, else the Windows code page of old programs."""
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.decode("cp1251", errors="replace")


def read_lines(text: str, headings: Headings, *, kind: str, needs: frozenset[str]) -> list[StatementLine]:
    """Read one file. Without any text it is that of a day without operations.

    kind   what a line is unless a column says chargeback
    needs  the columns without which the file says too little

    Raises RegisterUnreadable, with the number of the line.
    """
    return [_line(row, kind=kind, number=number) for number, row in _rows(text, headings, needs)]


def _rows(text: str, headings: Headings, needs: frozenset[str]) -> Iterator[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return
    first = text.lstrip().splitlines()[0]
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=max(";,\t", key=first.count), strict=True)
    try:
        names = [_field(heading, headings) for heading in next(reader)]
        known = [name for name in names if name and name != "public_id"]  # our id may stand in several columns
        if len(known) != len(set(known)):
            raise RegisterUnreadable(f"две колонки с одним смыслом: {first}")
        if missing := needs - set(known):
            raise RegisterUnreadable(f"в заголовке нет колонок: {', '.join(sorted(missing))}")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                raise RegisterUnreadable(f"строка {reader.line_num}: колонок {len(cells)}, а в заголовке {len(names)}")
            row = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name}
            row["public_id"] = " ".join(cell for name, cell in zip(names, cells, strict=True) if name == "public_id")
            yield reader.line_num, row
    except csv.Error as error:
        raise RegisterUnreadable(f"строка {reader.line_num}: {error}") from error


def _field(heading: str, headings: Headings) -> str:
    word = " ".join(heading.lower().split())
    return next((name for name, words in headings.items() if word in words), "")


def _line(row: dict[str, str], *, kind: str, number: int) -> StatementLine:
    try:
        if row.get("currency", "").upper() not in ROUBLES:
            raise ValueError(f"валюта {row['currency']}")
        if not row["object_id"]:
            raise ValueError("нет номера операции")
        return StatementLine(
            kind="chargeback" if _is_chargeback(row.get("kind", "")) else kind,
            object_id=row["object_id"],
            payment_object_id=row.get("payment_object_id", "") or row["object_id"],
            public_id=_our_id(row),
            amount_rub=_rub(row["amount_rub"]),
            income_rub=_rub(row["income_rub"]) if row.get("income_rub") else None,
            captured_at=_moment(row["captured_at"]),
        )
    except ValueError as error:
        raise RegisterUnreadable(f"строка {number}: {error}") from error


def _rub(text: str) -> Decimal:
    if not _VALUE.fullmatch(text):
        raise ValueError(f"«{text}» — не сумма с двумя знаками")
    return Decimal(text)


def _our_id(row: dict[str, str]) -> UUID | None:
    """Find our id in the columns in which the gateway repeats what we had sent, whatever stands around it."""
    match = _UUID.search(row.get("public_id", ""))
    return UUID(match[0]) if match else None


def _is_chargeback(word: str) -> bool:
    return any(part in word.lower() for part in ("chargeback", "чарджб", "опротест"))


def _moment(text: str) -> dt.datetime:
    for form in MOMENTS:
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=MOSCOW).astimezone(dt.UTC)
        except ValueError:
            continue
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"«{text}» — не дата и время") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=MOSCOW)).astimezone(dt.UTC)
