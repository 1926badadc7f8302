"""«Акт сверки»: what was owed, what was charged, paid and corrected, and what is owed, by month."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kabinet.bills.formats import words
from kabinet.bills.formats.typesetting import pdf
from kabinet.common.money import ZERO
from kabinet.common.month import Month


@dataclass(frozen=True)
class StatementLine:
    """One movement; of charged_rub and paid_rub one is zero. Below zero: taken back.

    kind        as `ledger.models.Transfer.kind`
    note        the computation of a charge, if it has one
    charged_rub  adds to what is owed
    paid_rub     lowers it
    """

    kind: str
    occurred_on: dt.date
    period: Month
    service_name: str
    note: str
    charged_rub: Decimal
    paid_rub: Decimal


@dataclass(frozen=True)
class StatementMonth:
    """The movements shown under a month, oldest first, and what was owed when it ended."""

    period: Month
    opening_rub: Decimal
    lines: tuple[StatementLine, ...]

    @property
    def charged_rub(self) -> Decimal:
        return sum((line.charged_rub for line in self.lines), ZERO)

    @property
    def paid_rub(self) -> Decimal:
        return sum((line.paid_rub for line in self.lines), ZERO)

    @property
    def closing_rub(self) -> Decimal:
        return self.opening_rub + self.charged_rub - self.paid_rub


@dataclass(frozen=True)
class AccountStatement:
    """Everything that stands in the act: opening_rub + charged_rub − paid_rub = closing_rub, and so does every month.

    since, last  the first and the last month of it
    """

    since: Month
    last: Month
    made_at: dt.datetime
    supplier_name: str
    supplier_inn: str
    account_number: str
    payer_name: str
    address: str
    opening_rub: Decimal
    months: Sequence[StatementMonth]

    @property
    def last_day(self) -> dt.date:
        """The last day that the act tells of: nobody knows what will be owed when the running month ends."""
        return min(self.last.last_day, self.made_at.date())

    @property
    def charged_rub(self) -> Decimal:
        return sum((month.charged_rub for month in self.months), ZERO)

    @property
    def paid_rub(self) -> Decimal:
        return sum((month.paid_rub for month in self.months), ZERO)

    @property
    def closing_rub(self) -> Decimal:
        return self.opening_rub + self.charged_rub - self.paid_rub


def render(statement: AccountStatement) -> bytes:
    """Typeset an act of reconciliation as PDF/A, on as many sheets as it takes."""
    return pdf("account_statement", _printed(statement), made_at=statement.made_at)


def _printed(statement: AccountStatement) -> dict[str, Any]:
    first_day, last_day = statement.since.first_day, statement.last_day
    parties = [
        ("Поставщик", f"{statement.supplier_name}, ИНН {statement.supplier_inn}"),
        ("Лицевой счёт", statement.account_number),
        ("Плательщик", statement.payer_name),
        ("Адрес", statement.address),
    ]
    return {
        "title": "Акт сверки расчётов",
        "author": statement.supplier_name,
        "period": f"За период с {words.day(first_day)} по {words.day(last_day)} года",
        "made": f"Составлен {words.day(statement.made_at.date())} года",
        "rows": [{"label": label, "value": value} for label, value in parties if value],
        "opening": {
            "label": f"{_owed(statement.opening_rub)} на {words.day(first_day)}",
            "sum": _sum(statement.opening_rub),
        },
        "months": [_month(month) for month in statement.months if month.lines],
        "total": {"charged": words.rub(statement.charged_rub), "paid": words.rub(statement.paid_rub)},
        "closing": {
            "label": f"{_owed(statement.closing_rub)} на конец {words.day(last_day)}",
            "sum": _sum(statement.closing_rub),
        },
        "remark": (
            "Начисление показано в месяце, за который оно сделано, оплата — в месяце, когда она поступила. "
            "Остаток на конец = остаток на начало + начислено − оплачено."
        ),
    }


def _month(month: StatementMonth) -> dict[str, Any]:
    return {
        "name": words.month(month.period),
        "lines": [_line(line) for line in month.lines],
        "charged": words.rub(month.charged_rub),
        "paid": words.rub(month.paid_rub),
        "closing": f"{_owed(month.closing_rub).lower()} {_sum(month.closing_rub)}",
    }


def _line(line: StatementLine) -> dict[str, str]:
    return {
        "day": words.short_day(line.occurred_on),
        "title": f"{_TITLES.get(line.kind, 'Операция')} · {line.service_name}",
        "note": line.note,
        "charged": words.rub(line.charged_rub) if line.charged_rub else "",
        "paid": words.rub(line.paid_rub) if line.paid_rub else "",
    }


_TITLES = {
    "charge": "Начисление",
    "benefit": "Льгота",
    "payment": "Оплата",
    "refund": "Возврат оплаты",
    "chargeback": "Возврат оплаты по требованию банка",
    "adjustment": "Корректировка",
    "write_off": "Списание долга",
    "opening": "Остаток на начало учёта",
    "reversal": "Исправление",
}


def _owed(balance_rub: Decimal) -> str:
    return "Переплата" if balance_rub < 0 else "Долг"


def _sum(balance_rub: Decimal) -> str:
    return f"{words.rub(abs(balance_rub))} ₽"
