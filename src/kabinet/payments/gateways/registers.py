"""Daily registers as gateways write them: text with columns, which are found by their headings and never by position.

The shop chooses columns and their order, so every heading that a gateway is known to use stands here in one table. A
register is one day's whole truth: a line that cannot be read exactly makes the whole file unreadable.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from kabinet.payments.gateways import RegisterUnreadable, StatementLine

# Gateways count their days, and write moments without a zone, as clocks in Moscow do.
MOSCOW = ZoneInfo("Europe/Moscow")
MOMENTS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S")
ROUBLES = frozenset({"", "RUB", "RUR", "643", "810"})

#: What a column is for us → headings, in small letters, that say so. Those of the bank are from memory.
Headings = Mapping[str, frozenset[str]]

_PAYMENT_ID = frozenset(
    {"идентификатор платежа", "id платежа", "payment_id", "номер заказа в системе", "mdorder", "order_id"}
)
_COMMON = {
    "currency": frozenset({"валюта", "валюта платежа", "валюта возврата", "currency"}),
    "kind": frozenset({"тип операции", "operation_type"}),
    "metadata": frozenset({"метаданные", "metadata"}),
}
PAYMENTS: Headings = _COMMON | {
    "object_id": _PAYMENT_ID,
    "shop_number": frozenset({"номер заказа", "номер заказа в магазине", "ordernumber", "order_number"}),
    "amount_rub": frozenset({"сумма", "сумма платежа", "сумма операции", "amount"}),
    "income_rub": frozenset(
        {
            "сумма платежа за вычетом комиссии нко",
            "сумма платежа за вычетом комиссии",
            "сумма за вычетом комиссии",
            "сумма к перечислению",
            "income_amount",
        }
    ),
    "captured_at": frozenset({"время платежа", "дата платежа", "дата и время платежа", "дата операции", "captured_at"}),
}
REFUNDS: Headings = _COMMON | {
    "object_id": frozenset({"идентификатор возврата", "id возврата", "refund_id", "номер возврата"}),
    "shop_number": frozenset({"номер возврата в магазине", "externalrefundid"}),
    "payment_object_id": _PAYMENT_ID,
    "amount_rub": frozenset({"сумма", "сумма возврата", "сумма операции", "amount"}),
    "captured_at": frozenset({"время возврата", "дата возврата", "дата и время возврата", "дата операции"}),
}
NEEDED = frozenset({"object_id", "amount_rub", "captured_at"})

_VALUE = re.compile(r"\d{1,10}\.\d{2}", re.ASCII)
_OUR_ID = re.compile(r"(?:payment|refund)_id\W{1,6}([0-9a-fA-F-]{36})", re.ASCII)


def decode(file: bytes) -> str:
    """Give the text of a register: UTF-8 with or without its mark, else the Windows code page of old programs."""
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.decode("cp1251", errors="replace")


def read_register(*, payments: str, refunds: str) -> list[StatementLine]:
    """Read the daily register, both files. A file without any text is that of a day without operations.

    A refund is known by the number that the shop gave it, where the file has that column: the bank tells of refunds by
    it. Raises RegisterUnreadable, with the number of the line.
    """
    paid = [_line(row, kind="payment", number=number) for number, row in _rows(payments, PAYMENTS, NEEDED)]
    given_back = _rows(refunds, REFUNDS, NEEDED | {"payment_object_id"})
    return paid + [
        _line(row | {"object_id": row.get("shop_number") or row["object_id"]}, kind="refund", number=number)
        for number, row in given_back
    ]


def _rows(text: str, headings: Headings, needed: frozenset[str]) -> Iterator[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff")
    if not text.strip():
        return
    first = text.lstrip().splitlines()[0]
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=max(";,\t", key=first.count), strict=True)
    try:
        names = [_column(heading, headings) for heading in next(reader)]
        known = [name for name in names if name]
        if len(known) != len(set(known)):
            raise RegisterUnreadable(_("в заголовке две колонки с одним смыслом"))
        if missing := needed - set(known):
            wanted = ", ".join(f"«{min(headings[name])}»" for name in sorted(missing))
            raise RegisterUnreadable(_("в заголовке нет колонок: %(columns)s") % {"columns": wanted})
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                raise _at(reader.line_num, _("число колонок не то, что в заголовке"))
            yield reader.line_num, {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name}
    except csv.Error as error:
        raise _at(reader.line_num, str(error)) from error


def _column(heading: str, headings: Headings) -> str:
    word = " ".join(heading.lower().split())
    return next((name for name, words in headings.items() if word in words), "")


def _line(row: dict[str, str], *, kind: str, number: int) -> StatementLine:
    try:
        if row.get("currency", "").upper() not in ROUBLES:
            raise ValueError(_("валюта не рубль"))
        if not row["object_id"]:
            raise ValueError(_("нет номера операции"))
        return StatementLine(
            kind="chargeback" if _is_chargeback(row.get("kind", "")) else kind,
            object_id=row["object_id"],
            payment_object_id=row.get("payment_object_id") or row["object_id"],
            public_id=_our_id(row),
            amount_rub=_rub(row["amount_rub"]),
            income_rub=_rub(row["income_rub"]) if row.get("income_rub") else None,
            captured_at=_moment(row["captured_at"]),
        )
    except ValueError as error:
        raise _at(number, str(error)) from error


def _at(number: int, why: str) -> RegisterUnreadable:
    return RegisterUnreadable(_("строка %(number)s: %(why)s") % {"number": number, "why": why})


def _rub(text: str) -> Decimal:
    if not _VALUE.fullmatch(text):
        raise ValueError(_("«%(text)s» — не сумма с двумя знаками после точки") % {"text": text})
    return Decimal(text)


def _our_id(row: dict[str, str]) -> UUID | None:
    """Find our id: in the metadata, or as the number that the shop gave."""
    found = _OUR_ID.search(row.get("metadata", ""))
    try:
        return UUID(found[1] if found else row.get("shop_number", ""))
    except ValueError:
        return None


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
        raise ValueError(_("«%(text)s» — не дата и время") % {"text": text}) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=MOSCOW)).astimezone(dt.UTC)
