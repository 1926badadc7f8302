"""Lines that leave, as a table. Where our ready formats read the same kind, they read these columns."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kabinet.common.tables import Row
from kabinet.registers.formats.out.lines import HolderLine, PaymentLine, ReadingLine


@dataclass(frozen=True)
class Table:
    """Rows may be an iterator: they are gone through once."""

    title: str
    headings: tuple[str, ...]
    rows: Iterable[Row]


def payments_table(lines: Iterable[PaymentLine]) -> Table:
    """A line for each service of each account; what goes back is below zero, with the number of its payment."""
    return Table(
        _("Оплаты"),
        ("Лицевой счёт", "Услуга", "Сумма", "Дата оплаты", "Номер операции", "Наш номер платежа", "Вид"),
        (
            (
                line.account_number,
                line.service_code,
                line.amount_rub,
                line.moved_on,
                line.operation_id,
                str(line.public_id),
                line.kind_label,
            )
            for line in lines
        ),
    )


def readings_table(lines: Iterable[ReadingLine]) -> Table:
    return Table(
        _("Показания"),
        (
            "Лицевой счёт",
            "Номер счётчика",
            "Шкала",
            "Показание, м³",
            "Дата показания",
            "Вид",
            "Источник",
            "Передано",
            "Наш номер показания",
        ),
        (
            (
                line.account_number,
                line.serial_number,
                line.zone,
                line.value_m3,
                line.taken_on,
                _("отменено") if line.is_withdrawn else _("принято"),
                line.source_label,
                line.submitted_at,
                line.reading_id,
            )
            for line in lines
        ),
    )


def attachments_table(lines: Iterable[HolderLine]) -> Table:
    return Table(
        _("Подключения счетов"),
        ("Лицевой счёт", "Что произошло", "Доступ", "Дата", "Номер подключения", "Эл. почта", "Телефон"),
        (
            (
                line.account_number,
                line.event,
                line.access_label,
                line.told_on,
                line.connection_no,
                line.email,
                _phone(line.phone),
            )
            for line in lines
        ),
    )


def contacts_table(lines: Iterable[HolderLine]) -> Table:
    """Both contacts empty: the supplier is to use those that it was told no longer."""
    return Table(
        _("Контакты"),
        ("Лицевой счёт", "Что произошло", "Дата", "Номер подключения", "Эл. почта", "Телефон"),
        (
            (line.account_number, line.event, line.told_on, line.connection_no, line.email, _phone(line.phone))
            for line in lines
        ),
    )


def _phone(kept: str) -> str:
    """Write a phone without the plus, which a spreadsheet would take for the beginning of a formula."""
    return kept.removeprefix("+")
