"""Payments as a bank statement that 1C takes in: `1CClientBankExchange`, a section for each line.

Source: the exchange standard «Клиент банка», version 1.02. Money that came goes to the supplier's account, money that
went back comes from it; who paid is not said, since the ledger knows accounts and no payers.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import IO

from kabinet.common.tables import PLAINER, new_file
from kabinet.registers.formats.out.lines import PaymentLine

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Requisites:
    """Whose statement it is, and of which account."""

    name: str
    inn: str
    kpp: str
    account_number: str
    bank_name: str
    bic: str
    correspondent_account: str


def statement_file(lines: Iterable[PaymentLine], owner: Requisites, *, number: int, made_at: dt.datetime) -> IO[bytes]:
    """Write a statement in cp1251, as 1C expects.

    number   of the register: with the line's own it makes the number of a document
    made_at  by the supplier's clock
    """
    lines = list(lines)
    file = new_file()
    text = io.TextIOWrapper(file, encoding="cp1251", errors=PLAINER, newline="", write_through=True)
    for name, value in _head(lines, owner, made_at):
        text.write(f"{name}={_plain(value)}\r\n" if value is not None else f"{name}\r\n")
    for place, line in enumerate(lines, start=1):
        for name, value in _document(line, owner, f"{number}-{place}"):
            text.write(f"{name}={_plain(value)}\r\n" if value is not None else f"{name}\r\n")
    text.write("КонецФайла\r\n")
    text.detach()
    file.seek(0)
    return file


_Value = tuple[str, str | None]


def _head(lines: list[PaymentLine], owner: Requisites, made_at: dt.datetime) -> Iterator[_Value]:
    days = [line.moved_on for line in lines]
    first, last = f"{min(days):%d.%m.%Y}", f"{max(days):%d.%m.%Y}"
    came, went = _turnover(lines)
    yield "1CClientBankExchange", None
    yield "ВерсияФормата", "1.02"
    yield "Кодировка", "Windows"
    yield "Отправитель", "kabinet"
    yield "Получатель", ""
    yield "ДатаСоздания", f"{made_at:%d.%m.%Y}"
    yield "ВремяСоздания", f"{made_at:%H:%M:%S}"
    yield "ДатаНачала", first
    yield "ДатаКонца", last
    yield "РасчСчет", owner.account_number
    yield "СекцияРасчСчет", None
    yield "ДатаНачала", first
    yield "ДатаКонца", last
    yield "РасчСчет", owner.account_number
    yield "ВсегоПоступило", came
    yield "ВсегоСписано", went
    yield "КонецРасчСчет", None


def _turnover(lines: list[PaymentLine]) -> tuple[str, str]:
    came = sum((line.amount_rub for line in lines if line.amount_rub > 0), start=_ZERO)
    went = sum((-line.amount_rub for line in lines if line.amount_rub < 0), start=_ZERO)
    return f"{came:.2f}", f"{went:.2f}"


def _document(line: PaymentLine, owner: Requisites, number: str) -> Iterator[_Value]:
    comes = line.amount_rub > 0
    day = f"{line.moved_on:%d.%m.%Y}"
    side = "Получатель" if comes else "Плательщик"
    yield "СекцияДокумент", "Банковский ордер"
    yield "Номер", number
    yield "Дата", day
    yield "Сумма", f"{abs(line.amount_rub):.2f}"
    yield ("ДатаПоступило" if comes else "ДатаСписано"), day
    yield f"{side}Счет", owner.account_number
    yield side, f"ИНН {owner.inn} {owner.name}"
    yield f"{side}1", owner.name
    yield f"{side}ИНН", owner.inn
    yield f"{side}КПП", owner.kpp
    yield f"{side}РасчСчет", owner.account_number
    yield f"{side}Банк1", owner.bank_name
    yield f"{side}БИК", owner.bic
    yield f"{side}Корсчет", owner.correspondent_account
    yield (
        "НазначениеПлатежа",
        (
            f"{line.kind_label}; лицевой счёт {line.account_number}; услуга {line.service_code}; "
            f"платёж {line.public_id}; операция {line.operation_id}"
        ),
    )
    yield "КонецДокумента", None


def _plain(value: str) -> str:
    """Keep a value on its line."""
    return " ".join(value.split())
