"""The daily registers: what the gateway says that it took and gave back on a Moscow day, as two CSV files of a shop.

Headings are those of YooKassa's adjustable reports as far as they are published; a shop chooses columns and order. Sums
have a point and two decimals, times are Moscow's, fields are parted by semicolons. A day without operations is a file
with headings and nothing else. A chargeback stands among the refunds, its kind beside it.

What is wrong with a register is set by `Distortions`: a reader has to find it.
"""

import csv
import dataclasses
import datetime as dt
import io
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox import ids, moments, money, payments, refunds
from sandbox.payments import Payment
from sandbox.refunds import Refund

if TYPE_CHECKING:
    from sandbox.gateway import Gateway, Session

PAYMENT_COLUMNS = {
    "id": "Идентификатор платежа",
    "amount": "Сумма платежа",
    "currency": "Валюта платежа",
    "income": "Сумма платежа за вычетом комиссии НКО",
    "created_at": "Время создания платежа",
    "captured_at": "Время платежа",
    "method": "Способ платежа",
    "order_number": "Номер заказа",
    "description": "Описание заказа",
    "metadata": "Метаданные",
}
REFUND_COLUMNS = {
    "id": "Идентификатор возврата",
    "payment_id": "Идентификатор платежа",
    "external_id": "Номер возврата в магазине",
    "amount": "Сумма возврата",
    "currency": "Валюта возврата",
    "succeeded_at": "Время возврата",
    "kind": "Тип операции",
    "description": "Описание возврата",
    "metadata": "Метаданные",
}
_METHODS = {"bank_card": "Банковская карта", "sbp": "СБП"}


class WrongDistortion(Exception):
    """A distortion that does not exist, or of a line that does not."""


@dataclass(frozen=True)
class Distortions:
    """What is wrong with a shop's registers; lines are named by the id of the payment, refund or chargeback.

    omit      lines that are missing
    double    lines that stand twice
    alter     line → its new `amount`, `income`, or both
    next_day  lines that stand in the next day's register instead
    foreign   lines of payments that are nobody's: `date` and `amount`, and `income` unless the fee is nothing
    """

    omit: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    alter: dict[str, dict[str, str]] = field(default_factory=dict)
    next_day: list[str] = field(default_factory=list)
    foreign: list[dict[str, str]] = field(default_factory=list)

    @property
    def named(self) -> set[str]:
        """The ids of all lines that are distorted."""
        return {*self.omit, *self.double, *self.alter, *self.next_day}


def distortions_of(gateway: "Gateway", db: sqlite3.Connection, shop_id: str) -> Distortions:
    return Distortions(**gateway.store.setting(db, f"register:{shop_id}", {}))


def distort(session: "Session", shop_id: str, changes: dict[str, Any]) -> Distortions:
    """Say anew what is wrong; what is not named stays. Raises WrongDistortion."""
    kept = dataclasses.asdict(distortions_of(session.gateway, session.db, shop_id))
    for name, value in changes.items():
        if name not in kept:
            raise WrongDistortion(f"there is no distortion {name!r}")
        if type(value) is not type(kept[name]):
            raise WrongDistortion(f"{name} cannot be {value!r}")
    distortions = Distortions(**kept | changes)
    _check(session, shop_id, distortions)
    session.gateway.store.keep_setting(session.db, f"register:{shop_id}", dataclasses.asdict(distortions))
    return distortions


def straighten(session: "Session", shop_id: str) -> None:
    """End all distortions of a shop's registers."""
    session.gateway.store.keep_setting(session.db, f"register:{shop_id}", {})


def payments_file(session: "Session", shop_id: str, day: dt.date, *, columns: Iterable[str] = PAYMENT_COLUMNS) -> str:
    """The register of payments of a day."""
    distortions = distortions_of(session.gateway, session.db, shop_id)
    lines = _of_day(day, distortions, lambda each: _payment_lines(session, shop_id, each))
    lines += [
        _foreign_line(session, each, number)
        for number, each in enumerate(distortions.foreign)
        if each["date"] == day.isoformat()
    ]
    return _to_csv(PAYMENT_COLUMNS, columns, lines)


def refunds_file(session: "Session", shop_id: str, day: dt.date, *, columns: Iterable[str] = REFUND_COLUMNS) -> str:
    """The register of refunds and chargebacks of a day."""
    distortions = distortions_of(session.gateway, session.db, shop_id)
    lines = _of_day(day, distortions, lambda each: _refund_lines(session, shop_id, each))
    return _to_csv(REFUND_COLUMNS, columns, lines)


def _check(session: "Session", shop_id: str, distortions: Distortions) -> None:
    for line_id in distortions.named:
        if not isinstance(line_id, str) or not _is_of_shop(session, shop_id, line_id):
            raise WrongDistortion(f"the shop has no operation {line_id!r}")
    for altered in distortions.alter.values():
        if not isinstance(altered, dict) or not set(altered) <= {"amount", "income"} or not _are_sums(altered.values()):
            raise WrongDistortion('alter is {id: {"amount": "1.00", "income": "0.97"}}')
    if not all(_is_foreign_line(foreign) for foreign in distortions.foreign):
        raise WrongDistortion('foreign is [{"date": "2026-11-20", "amount": "1.00"}]')


def _is_foreign_line(foreign: Any) -> bool:
    if not isinstance(foreign, dict) or not {"date", "amount"} <= set(foreign) <= {"date", "amount", "income"}:
        return False
    try:
        dt.date.fromisoformat(foreign["date"])
    except (ValueError, TypeError):
        return False
    return _are_sums(value for name, value in foreign.items() if name != "date")


def _is_of_shop(session: "Session", shop_id: str, line_id: str) -> bool:
    tables = ("payments", "refunds", "chargebacks")
    query = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE shop_id = :shop AND id = :id" for table in tables)  # noqa: S608 - our own words
    return session.db.execute(query, {"shop": shop_id, "id": line_id}).fetchone() is not None


def _are_sums(values: Iterable[Any]) -> bool:
    try:
        return all(money.to_kopecks(value) >= 0 for value in values)
    except ValueError:
        return False


def _of_day(day: dt.date, distortions: Distortions, lines_of: Any) -> list[dict[str, str]]:
    """The lines of a day with what is wrong about them; `lines_of` gives the true ones of a day."""
    late = [line for line in lines_of(day - dt.timedelta(days=1)) if line["id"] in distortions.next_day]
    timely = [line for line in lines_of(day) if line["id"] not in distortions.next_day]
    lines = []
    for line in late + timely:
        if line["id"] not in distortions.omit:
            copies = 2 if line["id"] in distortions.double else 1
            lines += [line | distortions.alter.get(line["id"], {})] * copies
    return lines


def _payment_lines(session: "Session", shop_id: str, day: dt.date) -> list[dict[str, str]]:
    found = session.db.execute(
        "SELECT * FROM payments WHERE shop_id = ? AND captured_at >= ? AND captured_at < ?"
        " ORDER BY captured_at, number",
        (shop_id, *moments.bounds_of_moscow_day(day)),
    )
    return [_payment_line(payments.from_row(row)) for row in found]


def _payment_line(payment: Payment) -> dict[str, str]:
    request = payment.request
    return {
        "id": payment.id,
        "amount": money.to_value(payment.amount_kopecks),
        "currency": "RUB",
        "income": money.to_value(payment.amount_kopecks - (payment.fee_kopecks or 0)),
        "created_at": moments.to_moscow_time(payment.created_at),
        "captured_at": moments.to_moscow_time(payment.captured_at or 0),
        "method": _METHODS.get(payment.method or "", ""),
        "order_number": payment.order_number or "",
        "description": request.get("description") or request.get("purpose") or "",
        "metadata": _to_json(request.get("metadata")),
    }


def _refund_lines(session: "Session", shop_id: str, day: dt.date) -> list[dict[str, str]]:
    bounds = moments.bounds_of_moscow_day(day)
    found = session.db.execute(
        "SELECT * FROM refunds WHERE shop_id = ? AND succeeded_at >= ? AND succeeded_at < ?"
        " ORDER BY succeeded_at, number",
        (shop_id, *bounds),
    )
    lines = [_refund_line(refunds.from_row(row)) for row in found]
    taken_back = session.db.execute(
        "SELECT * FROM chargebacks WHERE shop_id = ? AND created_at >= ? AND created_at < ? ORDER BY number",
        (shop_id, *bounds),
    )
    return lines + [_chargeback_line(row) for row in taken_back]


def _refund_line(refund: Refund) -> dict[str, str]:
    return {
        "id": refund.id,
        "payment_id": refund.payment_id,
        "external_id": refund.external_id or "",
        "amount": money.to_value(refund.amount_kopecks),
        "currency": "RUB",
        "succeeded_at": moments.to_moscow_time(refund.succeeded_at or 0),
        "kind": "Возврат",
        "description": refund.request.get("description") or "",
        "metadata": _to_json(refund.request.get("metadata")),
    }


def _chargeback_line(row: sqlite3.Row) -> dict[str, str]:
    return {
        "id": row["id"],
        "payment_id": row["payment_id"],
        "external_id": "",
        "amount": money.to_value(row["amount_kopecks"]),
        "currency": "RUB",
        "succeeded_at": moments.to_moscow_time(row["created_at"]),
        "kind": "Чарджбэк",
        "description": "",
        "metadata": "",
    }


def _foreign_line(session: "Session", foreign: dict[str, str], number: int) -> dict[str, str]:
    moment = moments.bounds_of_moscow_day(dt.date.fromisoformat(foreign["date"]))[0] + 12 * moments.HOUR
    return {
        "id": ids.id_of(session, moment, "foreign", number),
        "amount": foreign["amount"],
        "currency": "RUB",
        "income": foreign.get("income", foreign["amount"]),
        "created_at": moments.to_moscow_time(moment),
        "captured_at": moments.to_moscow_time(moment),
        "method": _METHODS["bank_card"],
        "order_number": "",
        "description": "",
        "metadata": "",
    }


def _to_json(metadata: Any) -> str:
    return json.dumps(metadata, ensure_ascii=False) if metadata else ""


def _to_csv(headings: dict[str, str], columns: Iterable[str], lines: list[dict[str, str]]) -> str:
    chosen = list(columns)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([headings[column] for column in chosen])
    writer.writerows([line[column] for column in chosen] for line in lines)
    return file.getvalue()
