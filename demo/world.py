"""Build the world: suppliers by their models, everything countable by statements that write whole tables.

The same each time: chance comes from a hash of who and what (sql/functions.sql). Only the calendar is today's: the
history ends with the last month, and this month's reading has not been handed in.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from demo import names
from demo.matters import save_matters
from demo.online import save_crowd, save_online_payments
from demo.outgoing import save_payments_out, save_readings_out
from demo.people import PEOPLE, STAFF, STAFF_SECRET, STORY_ACCOUNTS, Employee, Person
from demo.registers import save_registers
from demo.stories import Storytellers, compute_last_month, tell_stories
from demo.suppliers import SUPPLIERS, DemoSupplier, account, correspondent
from demo.talk import save_talk
from demo.terms import load_law, save_terms
from kabinet.accounts.models import Account, AccountAccess
from kabinet.charges.models import Charge
from kabinet.charges.rules import METERED_RULE
from kabinet.charges.usecases.count_figures import count_figures
from kabinet.common.db import without_time_limit
from kabinet.common.month import Month
from kabinet.ledger import operations as ledger
from kabinet.payments.models import ReceiptTerms, Shop
from kabinet.people.models import StaffRole, User
from kabinet.suppliers.models import BankDetails, PaymentTerm, Service, Supplier, UsagePurpose
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.rules import price_per_m3

SQL = Path(__file__).parent / "sql"
FIRST_SHOP = 100500
SHOP_KEY = "test_sandbox"
CALLBACK_KEY = "test_callbacks"
LEAST_ACCOUNTS = 50
#: Prices, norms and law were set long before anything that is charged by them.
ALWAYS_KNOWN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

# So many accounts have three years of history, in a world of any size; the others have fewer months the more there are.
DETAILED_ACCOUNTS = 20_000
DETAILED_MONTHS = 36
LATER_MONTHS = ((200_000, 13), (1_000_000, 4))

BIG_TABLES = (
    "accounts_account",
    "meters_meter",
    "meters_meterscale",
    "meters_reading",
    "charges_charge",
    "charges_allocation",
    "ledger_transfer",
)

People = dict[str, User]
"""The users of the world, by e-mail."""


class NotEmpty(Exception):
    """There are suppliers in the database that are not of this world."""


@dataclass(frozen=True)
class Case:
    """An account that is told of, not left to chance. n counts the supplier's accounts from 0."""

    supplier_code: str
    n: int
    habit: str
    purpose: str
    is_expired: bool = False
    street: str | None = None
    flat: str | None = None
    payer: Person | None = None


@dataclass(frozen=True)
class Calendar:
    """The moment of creation, and the day and month that it is where the installation stands."""

    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(ZoneInfo(settings.INSTALLATION_TIME_ZONE)).date()

    @property
    def this_month(self) -> Month:
        return Month.of(self.today)


@dataclass(frozen=True)
class Size:
    """How much of a supplier there is: the first `detailed` accounts have three years, the others `later_months`.

    has_runs  accruals are computed, so that a supplier's last month may wait for it
    """

    position: int
    count: int
    detailed: int
    later_months: int
    has_runs: bool


IVAN, ANNA, OLEG, MARIA, SVETA, _NINA = PEOPLE
VERA, TAMARA, ROMAN, *_OTHERS, GALINA = STAFF
CASES = (
    Case("gmr-spb", 0, "notice", "cooking", payer=IVAN, street="ул. Лесная, д. 14", flat="7"),
    Case("gmr-spb", 1, "regular", "heating", payer=ANNA, street="ул. Садовая, д. 3", flat=""),
    Case("gmr-spb", 2, "overpaid", "heating", payer=OLEG, is_expired=True, street="ул. Полевая, д. 21", flat=""),
    Case("gmr-spb", 3, "closed", "cooking", payer=MARIA, street="ул. Мира, д. 8", flat="45"),
    *(
        Case(
            "gmr-spb",
            4 + n,
            "story",
            "heating" if n == 0 else "cooking",
            payer=SVETA,
            street=f"ул. Школьная, д. {n + 1}",
        )
        for n in range(len(STORY_ACCOUNTS))
    ),
    Case("mrg-kaluga", 0, "debtor", "heating", payer=ANNA, street="ул. Речная, д. 5", flat=""),
    Case("mrg-krasnodar", 1, "regular", "cooking"),
    Case("mrg-voronezh", 1, "regular", "heating", payer=MARIA, street="ул. Новая, д. 16", flat=""),
    Case("mrg-kirov", 0, "debtor", "cooking", payer=MARIA, street="ул. Чехова, д. 2", flat="31"),
)


def built_accounts() -> int:
    """Count the accounts of the world that is here; 0 when there is none yet. Raises NotEmpty."""
    codes = set(Supplier.objects.values_list("code", flat=True))
    if not codes:
        return 0
    if not codes >= {supplier.code for supplier in SUPPLIERS}:
        raise NotEmpty
    return Account.objects.count()


def build(*, accounts: int, now: dt.datetime) -> None:
    """Fill an empty database: first the world, all or nothing, then its stories, by use-cases as in life.

    accounts  how many, from LEAST_ACCOUNTS up to a million
    now       whose day is today in the world
    """
    calendar = Calendar(now)
    load_law(ALWAYS_KNOWN)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET CONSTRAINTS ALL IMMEDIATE")
        _run(cursor, "functions")
        people = {person.email: _user(person) for person in PEOPLE}
        save_crowd()
        with checked_at_the_end(cursor):
            for position, (supplier, count) in enumerate(zip(SUPPLIERS, counts(accounts), strict=True)):
                size = Size(
                    position=position,
                    count=count,
                    detailed=min(count, -(-DETAILED_ACCOUNTS * count // accounts)),
                    later_months=later_months(accounts),
                    has_runs=has_runs(accounts),
                )
                saved = _save_supplier(supplier, position)
                _populate(cursor, supplier, saved, size=size, calendar=calendar, people=people)
        for person in PEOPLE:
            _attach(person, people[person.email], now)
        staff = {employee.email: _save_employee(employee) for employee in STAFF}
        save_matters(
            Shop.objects.select_related("supplier").get(supplier__code=SUPPLIERS[0].code), staff[VERA.email], now
        )
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # use-cases follow: in a test this transaction is not the last
    with without_time_limit(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for saved in Supplier.objects.filter(billing=Supplier.Billing.KABINET):
        save_terms(saved, ALWAYS_KNOWN)
    if has_runs(accounts):
        _compute_what_waits(now)
    storytellers = Storytellers(staff[ROMAN.email], staff[VERA.email], staff[TAMARA.email])
    tell_stories(people[SVETA.email], storytellers, now=now, with_run=has_runs(accounts))
    save_talk(Supplier.objects.get(code=SUPPLIERS[0].code), staff, people, now)
    save_registers(Supplier.objects.get(code=SUPPLIERS[0].code), staff[VERA.email], staff[TAMARA.email], now)
    save_readings_out(Supplier.objects.get(code=VERA.supplier_code), staff[VERA.email], now)
    save_payments_out(Supplier.objects.get(code=GALINA.supplier_code), staff[GALINA.email], now)
    for saved in Supplier.objects.all():
        count_figures(supplier_id=saved.id, now=now)


def is_finished() -> bool:
    """Say whether the stories of a world that is here have been told to their end."""
    numbers = [held.number for held in STORY_ACCOUNTS]
    told = Charge.objects.filter(supplier__code=SUPPLIERS[0].code, account__number__in=numbers)
    return told.values("account_id").distinct().count() == len(numbers)


@contextmanager
def checked_at_the_end(cursor: CursorWrapper) -> Iterator[None]:
    """Take foreign keys and plain indexes off the big tables, and put them back, checking every row at once.

    Row by row they take more than half of the time. Another connection sees neither: this is inside a transaction.
    """
    cursor.execute(
        """
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY (%(tables)s::regclass[])
        UNION ALL
        SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
        FROM pg_index
        WHERE indrelid = ANY (%(tables)s::regclass[]) AND NOT indisunique
        """,
        {"tables": list(BIG_TABLES)},
    )
    belts = cursor.fetchall()
    for take_off, _put_back in belts:
        cursor.execute(take_off)
    yield
    for _take_off, put_back in belts:
        cursor.execute(put_back)


def counts(accounts: int) -> list[int]:
    """Share accounts out among the suppliers; the first one, of the printed notice, has what the others leave."""
    others = [accounts * supplier.share_percent // 100 for supplier in SUPPLIERS[1:]]
    return [accounts - sum(others), *others]


def later_months(accounts: int) -> int:
    """Say how long the history is of accounts beyond the first DETAILED_ACCOUNTS."""
    if accounts <= DETAILED_ACCOUNTS:
        return DETAILED_MONTHS
    return next((months for limit, months in LATER_MONTHS if accounts <= limit), LATER_MONTHS[-1][1])


def has_runs(accounts: int) -> bool:
    """Say whether accruals are computed when the world is made: of very many accounts that would take minutes."""
    return accounts <= DETAILED_ACCOUNTS


def _compute_what_waits(now: dt.datetime) -> None:
    """Compute the last month as the worker does in the night: it waits to be looked at and released."""
    for supplier in SUPPLIERS:
        if supplier.last_month_waits:
            compute_last_month(Supplier.objects.get(code=supplier.code), actor=None, now=now)


def _user(person: Person) -> User:
    return User.objects.create_user(
        person.email,
        person.password,
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
    )


def _save_employee(employee: Employee) -> User:
    user = User.objects.create_user(
        employee.email,
        employee.password,
        surname=employee.surname,
        given_name=employee.given_name,
        patronymic=employee.patronymic,
        is_staff=True,
    )
    supplier = Supplier.objects.filter(code=employee.supplier_code).first()
    StaffRole.objects.create(user=user, supplier=supplier, role=employee.role)
    TOTP.activate(user, STAFF_SECRET)
    return user


def _save_supplier(supplier: DemoSupplier, position: int) -> Supplier:
    saved = Supplier.objects.create(
        code=supplier.code,
        name=supplier.name,
        full_name=supplier.full_name,
        inn=supplier.inn,
        kpp=supplier.kpp,
        time_zone=supplier.time_zone,
        billing=supplier.billing,
        phone=f"8 800 000-00-{position + 1:02}",
        email=f"abonent@{supplier.domain}",
        site=f"https://{supplier.domain}",
        address=supplier.region,
        form_name=supplier.form_name,
        number_pattern=supplier.numbers.pattern,
        number_length=supplier.numbers.length,
        number_kept=supplier.numbers.kept,
        number_check=supplier.numbers.check,
        number_hint=supplier.numbers.hint,
        proof=supplier.proof,
        access_without_proof=supplier.access_without_proof,
        reading_opens_day=supplier.window[0],
        reading_closes_day=supplier.window[1],
    )
    gas = Service.objects.create(supplier=saved, code=Service.GAS, name="Газ", position=1, is_main=True)
    if supplier.maintenance_rub:
        Service.objects.create(supplier=saved, code=Service.MAINTENANCE, name="Техническое обслуживание", position=2)
    Service.objects.create(supplier=saved, code=Service.PENALTY, name="Пени", position=9)
    for code, name, prices in (
        ("cooking", "Приготовление пищи и нагрев воды", supplier.cooking),
        ("heating", "Отопление жилых помещений", supplier.heating),
    ):
        UsagePurpose.objects.create(supplier=saved, code=code, name=name)
        for price, following in zip(prices, [*prices[1:], None], strict=True):
            Tariff.objects.create(
                supplier=saved,
                service=gas,
                usage_purpose_code=code,
                price_rub_per_m3=price_per_m3(price.printed, units_m3=price.per_m3),
                valid_from=price.since,
                valid_until=following.since if following else None,
                printed_price=price.printed,
                printed_unit=Tariff.Unit.M3 if price.per_m3 == 1 else Tariff.Unit.THOUSAND_M3,
                source=f"Приказ о розничных ценах на газ с {price.since:%d.%m.%Y} (демонстрация)",
                set_at=ALWAYS_KNOWN,
            )
    PaymentTerm.objects.create(supplier=saved, from_month=Month(2015, 1), bill_by_day=1, pay_by_day=10)
    PaymentTerm.objects.create(supplier=saved, from_month=Month(2026, 3), bill_by_day=5, pay_by_day=15)
    for order, details in enumerate(_bank_details(supplier)):
        BankDetails.objects.create(supplier=saved, position=order, **details)
    shop = Shop(
        supplier=saved, title="Оплата в кабинете", shop_id=str(FIRST_SHOP + position), is_test=True, **supplier.shop
    )
    shop.secret = SHOP_KEY
    if shop.gateway == Shop.Gateway.SBERBANK:
        shop.callback_key = CALLBACK_KEY
    shop.save()
    if shop.sends_receipts:
        _save_receipt_terms(saved)
    return saved


def _save_receipt_terms(supplier: Supplier) -> None:
    """Say how lines of cheques are written: since 2026 the rate is 22 %, code 11; before it was 20 %, code 4."""
    new_rate_on = dt.date(2026, 1, 1)
    for service in Service.objects.filter(supplier=supplier):
        for case, payment_mode in (("debt", "full_payment"), ("advance", "advance")):
            terms = {"supplier": supplier, "service": service, "case": case, "payment_mode": payment_mode}
            ReceiptTerms.objects.create(**terms, vat_code=4, valid_from=dt.date(2019, 1, 1), valid_until=new_rate_on)
            ReceiptTerms.objects.create(**terms, vat_code=11, valid_from=new_rate_on)


def _bank_details(supplier: DemoSupplier) -> Iterator[dict[str, str]]:
    """Give the accounts in banks first, then those for payment agents."""
    for channel in (BankDetails.Channel.BANK, BankDetails.Channel.AGENT):
        for bank in supplier.banks:
            number = bank.account if channel == BankDetails.Channel.BANK else bank.agent_account
            if number:
                yield {
                    "channel": channel,
                    "bank_name": bank.name,
                    "bic": bank.bic,
                    "account_number": account(number, bank.bic),
                    "correspondent_account": correspondent(bank.bic),
                }


def _populate(
    cursor: CursorWrapper, supplier: DemoSupplier, saved: Supplier, *, size: Size, calendar: Calendar, people: People
) -> None:
    """Give a supplier its accounts with everything that has happened to them."""
    services = {service.code: service.id for service in Service.objects.filter(supplier=saved)}
    shop = Shop.objects.get(supplier=saved)
    parameters = {
        **_about_accounts(supplier, size),
        **_about_cases(supplier),
        "supplier_id": saved.id,
        "time_zone": supplier.time_zone,
        "now": calendar.now,
        "today": calendar.today,
        "this_month": calendar.this_month.first_day,
        "charged_until": _charged_until(supplier, size, calendar).first_day,
        "has_two_scales": supplier.has_two_scales,
        "heat_m3_per_m2": names.HEAT_M3_PER_M2,
        "gas_id": services[Service.GAS],
        "maintenance_id": services.get(Service.MAINTENANCE),
        "maintenance_rub": supplier.maintenance_rub,
        "is_external": supplier.billing == Supplier.Billing.EXTERNAL,
        "metered_rule": METERED_RULE,
        "proof": supplier.proof,
        "revenue_book_id": ledger.supplier_book(saved.id, "revenue"),
        "bank_book_id": ledger.supplier_book(saved.id, "bank"),
        "clearing_book_id": ledger.supplier_book(saved.id, "clearing", shop.shop_id),
    }
    for stage in ("accounts", "meters", "readings", "charges", "payments"):
        _run(cursor, stage, parameters)
    save_online_payments(cursor, shop, _payers(supplier, people), today=calendar.today, now=calendar.now)
    for stage in ("ledger", "proofs", "done"):
        _run(cursor, stage, parameters)


def _charged_until(supplier: DemoSupplier, size: Size, calendar: Calendar) -> Month:
    waits = supplier.last_month_waits and size.has_runs
    return calendar.this_month.previous() if waits else calendar.this_month


def _run(cursor: CursorWrapper, name: str, parameters: dict[str, Any] | None = None) -> None:
    """Run the statements of one file of sql/, each with these parameters."""
    for statement in (SQL / f"{name}.sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            cursor.execute(statement, parameters)


def _payers(supplier: DemoSupplier, people: People) -> dict[int, User]:
    """Say who pays which account in a cabinet of their own, by its place among the supplier's accounts."""
    return {case.n: people[case.payer.email] for case in CASES if case.payer and case.supplier_code == supplier.code}


def _about_accounts(supplier: DemoSupplier, size: Size) -> dict[str, Any]:
    groups = supplier.numbers.groups
    return {
        "position": size.position,
        "count": size.count,
        "detailed": size.detailed,
        "detailed_months": DETAILED_MONTHS,
        "later_months": size.later_months,
        "first_number": supplier.numbers.first,
        "width": supplier.numbers.width,
        "check": supplier.numbers.check,
        "mask_pattern": "^" + "".join(f"(.{{{length}}})" for length in groups),
        "mask_replacement": supplier.numbers.kept.join(f"\\{group}" for group in range(1, len(groups) + 1)),
        "surnames_m": names.SURNAMES_M,
        "surnames_f": names.SURNAMES_F,
        "names_m": names.NAMES_M,
        "names_f": names.NAMES_F,
        "patronymics_m": names.PATRONYMICS_M,
        "patronymics_f": names.PATRONYMICS_F,
        "localities": list(supplier.localities),
        "streets": names.STREETS,
    }


def _about_cases(supplier: DemoSupplier) -> dict[str, list[Any]]:
    cases = [case for case in CASES if case.supplier_code == supplier.code]
    return {
        "case_n": [case.n for case in cases],
        "case_habit": [case.habit for case in cases],
        "case_purpose": [case.purpose for case in cases],
        "case_expired": [case.is_expired for case in cases],
        "case_surname": [case.payer and case.payer.surname for case in cases],
        "case_given_name": [case.payer and case.payer.given_name for case in cases],
        "case_patronymic": [case.payer and case.payer.patronymic for case in cases],
        "case_street": [case.street for case in cases],
        "case_flat": [case.flat for case in cases],
    }


def _attach(person: Person, user: User, now: dt.datetime) -> None:
    for position, held in enumerate(person.accounts):
        account_id, supplier_id = Account.objects.values_list("id", "supplier_id").get(
            supplier__code=held.supplier_code, number=held.number
        )
        AccountAccess.objects.create(
            supplier_id=supplier_id,
            account_id=account_id,
            user=user,
            level=held.level,
            alias=held.alias,
            position=position,
            attached_at=now,
        )
