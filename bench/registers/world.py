"""`python -m bench.registers.world LINES XLSX_LINES FOLDER`: a supplier with accounts; its files go into a folder."""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import django
import xlsxwriter

ACCOUNTS = ("Лицевой счёт", "Фамилия", "Имя", "Отчество", "Индекс", "Населённый пункт", "Улица и дом", "Квартира")
CHARGES = ("Лицевой счёт", "ФИО", "Услуга", "Месяц", "Объём", "Цена", "Начислено", "Долг")
PRICE = 9.624
READINGS = ("Лицевой счёт", "Счётчик", "Показание", "Дата")
PAYMENTS = ("Лицевой счёт", "Сумма", "Операция", "Дата", "Плательщик")
SURNAMES = ("Иванов", "Петрова", "Сидоров", "Кузнецова", "Смирнов", "Королёв", "Щукина")

_ADD_ACCOUNTS = """
    INSERT INTO accounts_account (
        supplier_id, number, surname, given_name, patronymic, postcode, locality, street_address, flat,
        usage_purpose_code, region_code, created_at
    )
    SELECT %(supplier_id)s, lpad(n::text, 9, '0'), (%(surnames)s::text[])[1 + n %% %(many)s], 'Иван', 'Иванович',
           '190000', 'Санкт-Петербург', 'Садовая, ' || n %% 200, n::text, '', '', now()
    FROM generate_series(0, %(accounts)s - 1) AS n
"""

_ADD_METERS = """
    WITH meter AS (
        INSERT INTO meters_meter (
            supplier_id, account_id, serial_number, model_name, location, digits, seal_number, usage_purpose_code,
            needs_volume_factor
        )
        SELECT %(supplier_id)s, id, 'S' || number, 'ВК-G4', '', 5, '', '', FALSE
        FROM accounts_account
        WHERE supplier_id = %(supplier_id)s
        RETURNING id, account_id
    ), scale AS (
        INSERT INTO meters_meterscale (supplier_id, meter_id, zone, name)
        SELECT %(supplier_id)s, id, 'T1', '' FROM meter
        RETURNING id, meter_id
    )
    INSERT INTO meters_reading (
        supplier_id, account_id, meter_id, scale_id, value_m3, volume_m3, taken_on, submitted_at, source, status,
        is_rollover, is_unproven, review_note
    )
    SELECT %(supplier_id)s, meter.account_id, meter.id, scale.id, 1000, 0, '2026-09-20', '2026-09-20', 'opening',
           'accepted', FALSE, FALSE, ''
    FROM meter
    JOIN scale ON scale.meter_id = meter.id
"""


def main() -> None:
    django.setup()
    from django.db import connection  # noqa: PLC0415 - settings first

    from kabinet.suppliers.models import Service, Supplier  # noqa: PLC0415

    lines, sheet_lines, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    supplier = Supplier.objects.create(
        code="bench", name="Межрегионгаз", full_name="ООО «Межрегионгаз»", inn="7838016481", billing="external"
    )
    Service.objects.create(supplier=supplier, code=Service.GAS, name="Газ", is_main=True)
    Service.objects.create(supplier=supplier, code=Service.PENALTY, name="Пени", position=90)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        values: dict[str, Any] = {
            "supplier_id": supplier.id,
            "surnames": list(SURNAMES),
            "many": len(SURNAMES),
            "accounts": lines,
        }
        cursor.execute(_ADD_ACCOUNTS, values)
        cursor.execute("ANALYZE accounts_account")  # else meters and scales are joined as if they were few
        cursor.execute(_ADD_METERS, values)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    _write(folder / "accounts.csv", ACCOUNTS, accounts(lines))
    _write(folder / "charges.csv", CHARGES, charges(lines, month="10.2026"))
    _write(folder / "readings.csv", READINGS, readings(lines))
    _write(folder / "payments.csv", PAYMENTS, payments(lines))
    _write_sheet(folder / "charges.xlsx", CHARGES, charges(sheet_lines, month="11.2026"))


def accounts(lines: int) -> Iterator[Sequence[str]]:
    """Give all accounts as they are, but for 2 % of them; the last 1 % are new."""
    new = lines // 100
    for n in range(new, lines + new):
        surname = "Переименованов" if n % 50 == 0 else SURNAMES[n % len(SURNAMES)]
        yield f"{n:09}", surname, "Иван", "Иванович", "190000", "Санкт-Петербург", f"Садовая, {n % 200}", str(n)


def charges(lines: int, *, month: str) -> Iterator[Sequence[str]]:
    """Charge every account for a month; most had paid all before, some owed."""
    for n in range(lines):
        volume = 15 + n * 7919 % 30_000 / 1000
        amount = round(volume * PRICE, 2)
        owed = amount + (100 if n % 20 == 0 else 0)
        name = f"{SURNAMES[n % len(SURNAMES)]} Иван Иванович"
        yield f"{n:09}", name, "Газ", month, f"{volume:.3f}".replace(".", ","), "9,624", _sum(amount), _sum(owed)


def readings(lines: int) -> Iterator[Sequence[str]]:
    """Read every meter once more."""
    for n in range(lines):
        yield f"{n:09}", f"S{n:09}", str(1015 + n * 7919 % 60), f"{20 + n % 8}.10.2026"


def payments(lines: int) -> Iterator[Sequence[str]]:
    """Let everybody have paid something at a bank."""
    for n in range(lines):
        name = f"{SURNAMES[n % len(SURNAMES)]} Иван Иванович"
        yield f"{n:09}", _sum(100 + n * 7919 % 100_000 / 100), f"2026-{n:010}", f"{1 + n % 28:02}.10.2026", name


def _sum(amount: float) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="cp1251", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headings)
        writer.writerows(rows)


def _write_sheet(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for line_no, cells in enumerate([headings, *rows]):
            for place, cell in enumerate(cells):
                sheet.write_string(line_no, place, cell)


if __name__ == "__main__":
    main()
