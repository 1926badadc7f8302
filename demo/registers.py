"""Files that the accountants of the first supplier have brought: one applied, one that waits, one that was not taken.

Loaded by the same use-cases as in life, so that each can be tried: undone, applied by the second person, brought again.
"""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from kabinet.accounts.models import Account
from kabinet.people.models import User
from kabinet.registers.formats.profile import Column, Profile
from kabinet.registers.formats.ready import READY
from kabinet.registers.models import Register
from kabinet.registers.usecases.apply_register import apply_register
from kabinet.registers.usecases.approve_register import approve_register
from kabinet.registers.usecases.check_register import check_register
from kabinet.registers.usecases.read_register import read_register
from kabinet.registers.usecases.save_format_profile import save_format_profile
from kabinet.registers.usecases.upload_register import upload_register
from kabinet.suppliers.models import Supplier

#: The first accounts have stories of their own.
TOLD_ACCOUNTS = 14
ACCOUNTS, LEAST = 24, 8
POSTCODE = "194044"
FROM_1C = Profile(
    name="1С: адреса и площади",
    kind="accounts",
    columns=(
        Column("number", ("ЛС",)),
        Column("postcode", ("Индекс",)),
        Column("area_m2", ("Площадь",)),
    ),
    encoding="cp1251",
    delimiter=";",
)


@dataclass(frozen=True)
class Desk:
    """Whose files these are, who brings them, who applies them, and when today is."""

    supplier: Supplier
    first: User
    second: User
    now: dt.datetime

    def at(self, days_ago: int, hour: int) -> dt.datetime:
        zone = ZoneInfo(self.supplier.time_zone)
        day = self.now.astimezone(zone).date() - dt.timedelta(days=days_ago)
        return dt.datetime.combine(day, dt.time(hour, 10), tzinfo=zone)


def save_registers(supplier: Supplier, first: User, second: User, now: dt.datetime) -> None:
    """Load them all. A world so small that everybody in it has a story has none of them."""
    desk = Desk(supplier, first, second, now)
    accounts = list(
        Account.objects.filter(supplier=supplier, closed_on=None).order_by("id")[
            TOLD_ACCOUNTS : TOLD_ACCOUNTS + ACCOUNTS
        ]
    )
    if len(accounts) < LEAST:
        return
    _addresses(desk, accounts)
    _bank_payments(desk, accounts)
    _torn_file(desk, accounts)


def _addresses(desk: Desk, accounts: Sequence[Account]) -> None:
    """Postcodes and areas from the supplier's own program, by a format that they have made; two lines have mistakes."""
    at = desk.at(4, 10)
    saved = save_format_profile(
        supplier_id=desk.supplier.id, name=FROM_1C.name, profile=FROM_1C, actor=desk.first, now=at
    )
    lines = [f"{account.number};{POSTCODE};{_area(account)}" for account in accounts]
    lines += [f"{accounts[0].number[:-2]};{POSTCODE};52,40", f"{accounts[1].number[:-1]}О;{POSTCODE};61 кв. м"]
    content = "\r\n".join(["ЛС;Индекс;Площадь", *lines, ""]).encode("cp1251")
    register = _checked(desk, "accounts", "Адреса_и_площади.csv", content, FROM_1C, saved.name, at)
    key: dict[str, Any] = {"supplier_id": desk.supplier.id, "register_id": register.id}
    approve_register(**key, note="", actor=desk.second, now=desk.at(4, 11))
    apply_register(**key, now=desk.at(4, 11))


def _bank_payments(desk: Desk, accounts: Sequence[Account]) -> None:
    """What the bank took the day before: it changes money, so the second accountant has to apply it."""
    content = _bank_file(desk, accounts[:LEAST], footer=True)
    _checked(desk, "payments", "Сбербанк_оплаты.txt", content, _ready("Сбербанк: оплаты"), "", desk.at(1, 17))


def _torn_file(desk: Desk, accounts: Sequence[Account]) -> None:
    """The same day's file of another office, whose last lines were lost on the way."""
    content = _bank_file(desk, accounts[-LEAST:], footer=False)
    _checked(desk, "payments", "Сбербанк_оплаты_2.txt", content, _ready("Сбербанк: оплаты"), "", desk.at(1, 18))


def _checked(
    desk: Desk, kind: str, file_name: str, content: bytes, profile: Profile, name: str, at: dt.datetime
) -> Register:
    """Bring a file through to what it would change."""
    register = upload_register(
        supplier_id=desk.supplier.id,
        kind=kind,
        file_name=file_name,
        file=io.BytesIO(content),
        actor=desk.first,
        now=at,
    )
    key: dict[str, Any] = {"supplier_id": desk.supplier.id, "register_id": register.id}
    read_register(**key, profile=profile, profile_name=name or profile.name, actor=desk.first, now=at)
    check_register(**key, now=at)
    return register


def _bank_file(desk: Desk, accounts: Sequence[Account], *, footer: bool) -> bytes:
    """Write payments of one day as the bank does: twelve columns, and a line of totals at the end."""
    day = desk.at(2, 12).date()
    sums = [150 + 35 * place for place in range(len(accounts))]
    lines = [
        f"{day:%d-%m-%Y};{10 + place}-15-00;8634/0112;17;{day:%y%m%d}{place:06}K;{account.number};"
        f"{account.surname} {account.given_name[:1]}.;;{day:%m%y};{amount},00;{amount},00;0,00"
        for place, (account, amount) in enumerate(zip(accounts, sums, strict=True), start=1)
    ]
    if footer:
        lines.append(f"={len(lines)};{sum(sums)},00;{sum(sums)},00;0,00")
    return "\r\n".join([*lines, ""]).encode("cp1251")


def _ready(name: str) -> Profile:
    return next(profile for profile in READY if profile.name == name)


def _area(account: Account) -> str:
    """Give a believable area, the same each time."""
    return f"{38 + account.id % 47},{account.id % 10}0"
