"""A supplier's own billing, as small as it can be: a program that knows nothing of kabinet but its files.

    python suppliers_billing.py BOOKS open NUMBER KOPECKS DIAL     an account that owes so much, its dial at so many m³
    python suppliers_billing.py BOOKS take FILE…                   payments and readings that the portal sends
    python suppliers_billing.py BOOKS desk NUMBER KOPECKS DAY      a payment at its own desk
    python suppliers_billing.py BOOKS bill MONTH PRICE_KOPECKS FOLDER
                                                                   charge a month; write charges.csv and payments.csv

Sums are whole kopecks, dials whole cubic metres. The books are one JSON file.
"""

import csv
import json
import sys
from pathlib import Path

EMPTY = {"accounts": {}, "seen": [], "booked": [], "operations": 0}


def kopecks(text):
    sign = -1 if text.startswith("-") else 1
    roubles, _comma, part = text.lstrip("-").replace(".", ",").partition(",")
    return sign * (int(roubles) * 100 + int((part + "00")[:2]))


def roubles(amount):
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100},{abs(amount) % 100:02}"


def open_account(books, number, owed, dial):
    books["accounts"][number] = {
        "owed": int(owed), "dial": int(dial), "billed": int(dial), "paid": 0, "opening": int(owed)
    }  # fmt: skip


def take(books, *files):
    for name in files:
        with Path(name).open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file, delimiter=";"):
                take_payment(books, line) if "Сумма" in line else take_reading(books, line)


def take_payment(books, line):
    key = "/".join((line["Номер операции"], line["Лицевой счёт"], line["Услуга"]))
    if key in books["seen"]:
        return
    books["seen"].append(key)
    amount = kopecks(line["Сумма"])
    pay(books, line["Лицевой счёт"], amount)
    day, ours = line["Дата оплаты"], line["Наш номер платежа"]
    books["booked"].append([line["Лицевой счёт"], line["Услуга"], amount, line["Номер операции"], day, ours])


def take_reading(books, line):
    account = books["accounts"][line["Лицевой счёт"]]
    if line["Вид"] == "принято":
        account["dial"] = max(account["dial"], int(line["Показание, м³"].partition(",")[0]))


def desk(books, number, amount, day):
    books["operations"] += 1
    pay(books, number, int(amount))
    books["booked"].append([number, "gas", int(amount), f"desk-{books['operations']}", day, ""])


def pay(books, number, amount):
    account = books["accounts"][number]
    account["owed"] -= amount
    account["paid"] += amount


def bill(books, month, price, folder):
    charges = [
        ["Лицевой счёт", "Услуга", "Месяц", "Объём, м3", "Предыдущее показание", "Текущее показание", "Сумма",
         "Долг на начало месяца", "Оплачено за месяц", "Долг на конец месяца"]
    ]  # fmt: skip
    for number, account in books["accounts"].items():
        volume = account["dial"] - account["billed"]
        charged = volume * int(price)
        account["owed"] += charged
        charges.append(
            [number, "gas", month, volume, account["billed"], account["dial"], roubles(charged),
             roubles(account["opening"]), roubles(account["paid"]), roubles(account["owed"])]
        )  # fmt: skip
        account.update(billed=account["dial"], opening=account["owed"], paid=0)
    payments = [["Лицевой счёт", "Услуга", "Сумма", "Номер операции", "Дата оплаты", "Наш номер платежа"]]
    payments += [[number, service, roubles(amount), *rest] for number, service, amount, *rest in books["booked"]]
    books["booked"] = []
    for name, lines in (("charges.csv", charges), ("payments.csv", payments)):
        with (Path(folder) / name).open("w", encoding="cp1251", newline="") as file:
            csv.writer(file, delimiter=";").writerows(lines)


def main(path, command, *given):
    path = Path(path)
    books = json.loads(path.read_text()) if path.exists() else EMPTY
    {"open": open_account, "take": take, "desk": desk, "bill": bill}[command](books, *given)
    path.write_text(json.dumps(books))


if __name__ == "__main__":
    main(*sys.argv[1:])
