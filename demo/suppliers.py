"""The ten suppliers of the demonstration: those of the instruction, each with its own formats, proofs and prices.

Only the details of the printed notice are real. Banks, addresses and orders of the others are invented, and their check
digits are found by our own rules, so that the cards pass the same checks as anybody's.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kabinet.suppliers import rules

ALWAYS = dt.date(2015, 1, 1)


@dataclass(frozen=True)
class Numbers:
    """How account numbers of a supplier are made: a body that counts up, a check digit, separators.

    groups  how many digits stand between separators, (5, 3, 2) for 37000-000-01; none when there are no separators
    """

    first: int
    width: int
    pattern: str
    length: int
    hint: str
    check: str = "none"
    kept: str = ""
    groups: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bank:
    """A bank in which a supplier has its money. account and agent_account have «?» at the place of the key digit."""

    name: str
    bic: str
    account: str
    agent_account: str = ""


@dataclass(frozen=True)
class Price:
    """A price as its order prints it, for one m³ or for 1000 m³, from a day on."""

    since: dt.date
    printed: Decimal
    per_m3: int = 1


@dataclass(frozen=True)
class DemoSupplier:
    """A supplier of the demonstration.

    last_month_waits  the last month is computed, and waits for somebody to release it
    share_percent     its part of the accounts; the first one has the rest
    shop              what its shop at a gateway does, as fields of payments.models.Shop
    """

    code: str
    name: str
    full_name: str
    inn: str
    kpp: str
    region: str
    localities: tuple[str, ...]
    numbers: Numbers
    banks: tuple[Bank, ...]
    proof: str
    access_without_proof: str
    window: tuple[int, int]
    cooking: tuple[Price, ...]
    heating: tuple[Price, ...]
    billing: str = "kabinet"
    time_zone: str = "Europe/Moscow"
    maintenance_rub: Decimal | None = None
    has_two_scales: bool = False
    form_name: str = ""
    last_month_waits: bool = False
    share_percent: int = 8
    shop: Mapping[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return f"{self.code}.example"


def with_check_digit(text: str, problem: Callable[[str], object]) -> str:
    """Put a digit in place of «?», the one with which `problem` finds nothing wrong."""
    return next(whole for digit in "0123456789" if problem(whole := text.replace("?", digit)) is None)


def account(text: str, bic: str) -> str:
    return with_check_digit(text, lambda whole: rules.account_problem(whole, bic))


def correspondent(bic: str) -> str:
    """Make the correspondent account of a bank: its last three digits are those of the БИК."""
    return with_check_digit(f"30101810?00000000{bic[-3:]}", lambda whole: rules.correspondent_problem(whole, bic))


def _inn(region_code: str, number: int) -> str:
    return with_check_digit(f"{region_code}{number:05}?", rules.inn_problem)


_NATIONAL_SERIES = (
    (ALWAYS, Decimal("5.50")),
    (dt.date(2021, 7, 1), Decimal("6.10")),
    (dt.date(2022, 12, 1), Decimal("6.65")),
    (dt.date(2024, 7, 1), Decimal("7.41")),
    (dt.date(2025, 7, 1), Decimal("8.16")),
    (dt.date(2026, 1, 1), Decimal("8.30")),
    (dt.date(2026, 10, 1), Decimal("9.10")),
)


def _prices(factor: str, per_m3: int = 1) -> tuple[Price, ...]:
    """Scale the country's steps to a region; orders print heating per 1000 m³."""
    places = Decimal("0.01")
    return tuple(
        Price(since, (price * Decimal(factor) * per_m3).quantize(places), per_m3) for since, price in _NATIONAL_SERIES
    )


def _region(
    code: str,
    city: str,
    region: str,
    *,
    tax_code: str,
    bank_code: str,
    localities: tuple[str, ...],
    factor: str,
    **others: object,
) -> DemoSupplier:
    bic = f"04{bank_code}00799"
    return DemoSupplier(
        code=code,
        name=f"Межрегионгаз {city}",
        full_name=f"Общество с ограниченной ответственностью «Межрегионгаз {city}»",
        inn=_inn(tax_code, 41_000 + int(bank_code)),
        kpp=f"{tax_code}01001",
        region=region,
        localities=localities,
        banks=(Bank("Учебный банк, филиал в демонстрации", bic, "40702810?00000000101", "40821810?00000000102"),),
        cooking=_prices(factor),
        heating=_prices(f"{Decimal(factor) * Decimal('0.86')}", 1000),
        **others,  # type: ignore[arg-type]
    )


_SPB = DemoSupplier(
    code="gmr-spb",
    name="Газпром межрегионгаз Санкт-Петербург",
    full_name="ЗАО «Газпром межрегионгаз Санкт-Петербург»",
    inn="7838016481",
    kpp="783801001",
    region="190000, Санкт-Петербург, ул. Галерная, д. 20",
    localities=("Санкт-Петербург", "Всеволожск", "Гатчина", "Выборг"),
    numbers=Numbers(702_062_012, 9, r"\d{9}", 9, "9 цифр из строки «ЛИЦЕВОЙ СЧЕТ» извещения, например 702062012"),
    banks=(
        # The notice misprints this account (19 digits) and names another bank's БИК: both are put right here.
        Bank("Северо-Западный банк ОАО «Сбербанк России»", "044030653", "40702810?55230178256"),
        Bank("Филиал «Санкт-Петербург» ОАО «Собинбанк»", "044030853", "40702810?00120001210", "40821810?00120000001"),
    ),
    proof="none",
    access_without_proof="full",
    window=(1, 31),
    cooking=(
        Price(ALWAYS, Decimal("3.05112")),
        Price(dt.date(2021, 7, 1), Decimal("3.51980")),
        Price(dt.date(2022, 12, 1), Decimal("3.82140")),
        Price(dt.date(2024, 7, 1), Decimal("4.02313")),
        Price(dt.date(2025, 7, 1), Decimal("4.37507")),
    ),
    heating=(
        Price(ALWAYS, Decimal("2870.40"), 1000),
        Price(dt.date(2021, 7, 1), Decimal("3312.80"), 1000),
        Price(dt.date(2022, 12, 1), Decimal("3594.40"), 1000),
        Price(dt.date(2024, 7, 1), Decimal("3818.20"), 1000),
        Price(dt.date(2025, 7, 1), Decimal("4152.70"), 1000),
        Price(dt.date(2026, 10, 1), Decimal("4551.40"), 1000),
    ),
    form_name="2А ГАЗ 012",
    shop={"saves_methods": True, "refund_alone_rub": Decimal("500.00")},
)

SUPPLIERS = (
    _SPB,
    _region(
        "mrg-voronezh",
        "Воронеж",
        "394000, Воронеж, ул. Никитинская, д. 50",
        tax_code="3664",
        bank_code="20",
        localities=("Воронеж", "Лиски", "Россошь"),
        factor="0.97",
        numbers=Numbers(360_000_000_000, 12, r"36\d{10}", 12, "12 цифр, начинается с 36"),
        proof="surname",
        access_without_proof="none",
        window=(1, 25),
        billing="external",
        shop={"sends_payment_order": True},
    ),
    _region(
        "mrg-zhigulevsk",
        "Жигулевск",
        "445350, Жигулёвск, ул. Мира, д. 8",
        tax_code="6345",
        bank_code="36",
        localities=("Жигулёвск", "Тольятти"),
        factor="1.09",
        numbers=Numbers(630_000_000, 9, r"63\d{8}", 10, "10 цифр без пробелов, последняя — контрольная", check="luhn"),
        proof="last_charge",
        access_without_proof="lite",
        window=(10, 25),
        time_zone="Europe/Samara",
        maintenance_rub=Decimal("68.40"),
    ),
    _region(
        "mrg-ivanovo",
        "Иваново",
        "153000, Иваново, ул. Жиделева, д. 17",
        tax_code="3702",
        bank_code="24",
        localities=("Иваново", "Кинешма", "Шуя"),
        factor="1.02",
        numbers=Numbers(
            3_700_000_000, 10, r"\d{5}-\d{3}-\d{2}", 12, "как на квитанции, с чёрточками", kept="-", groups=(5, 3, 2)
        ),
        proof="meter_serial",
        access_without_proof="lite",
        window=(18, 25),
    ),
    _region(
        "mrg-izhevsk",
        "Ижевск",
        "426000, Ижевск, ул. Пушкинская, д. 114",
        tax_code="1831",
        bank_code="94",
        localities=("Ижевск", "Воткинск", "Сарапул"),
        factor="1.00",
        numbers=Numbers(1_800_000, 7, r"18\d{6}", 8, "8 цифр, начинается с 18", check="mod11"),
        proof="surname",
        access_without_proof="lite",
        window=(15, 25),
        time_zone="Europe/Samara",
        last_month_waits=True,
    ),
    _region(
        "mrg-yoshkar-ola",
        "Йошкар-Ола",
        "424000, Йошкар-Ола, ул. Комсомольская, д. 132",
        tax_code="1215",
        bank_code="88",
        localities=("Йошкар-Ола", "Волжск"),
        factor="0.99",
        numbers=Numbers(12_000_000_000, 11, r"12\d{9}", 11, "11 цифр, начинается с 12"),
        proof="meter_serial",
        access_without_proof="none",
        window=(1, 24),
    ),
    _region(
        "mrg-kaluga",
        "Калуга",
        "248000, Калуга, ул. Ленина, д. 31",
        tax_code="4027",
        bank_code="29",
        localities=("Калуга", "Обнинск", "Таруса"),
        factor="1.05",
        numbers=Numbers(40_100_000, 8, r"40\d{6}", 8, "8 цифр, начинается с 40"),
        proof="last_charge",
        access_without_proof="lite",
        window=(15, 25),
        maintenance_rub=Decimal("74.30"),
        has_two_scales=True,
        shop={"sends_receipts": True},
    ),
    _region(
        "mrg-krasnodar",
        "Краснодар",
        "350000, Краснодар, ул. Ленина, д. 40",
        tax_code="2308",
        bank_code="33",
        localities=("Краснодар", "Армавир", "Ейск"),
        factor="1.11",
        numbers=Numbers(230_000_000_000, 12, r"23\d{10}", 12, "12 цифр без пробелов, пример 230000000001"),
        proof="meter_serial",
        access_without_proof="lite",
        window=(20, 26),
        maintenance_rub=Decimal("81.00"),
        shop={"commission_by": "payer", "commission_percent": Decimal("1.50")},
    ),
    _region(
        "mrg-kemerovo",
        "Кемерово",
        "650000, Кемерово, ул. Весенняя, д. 5",
        tax_code="4205",
        bank_code="32",
        localities=("Кемерово", "Новокузнецк"),
        factor="1.14",
        numbers=Numbers(4_200_000_000, 10, r"42\d{8}", 10, "10 цифр, начинается с 42"),
        proof="surname",
        access_without_proof="lite",
        window=(15, 26),
        billing="external",
        time_zone="Asia/Novokuznetsk",
    ),
    _region(
        "mrg-kirov",
        "Киров",
        "610000, Киров, ул. Московская, д. 12",
        tax_code="4345",
        bank_code="43",
        localities=("Киров", "Слободской"),
        factor="1.03",
        numbers=Numbers(
            43_000_000, 8, r"43/\d{6}", 9, "две цифры района, косая черта, шесть цифр", kept="/", groups=(2, 6)
        ),
        proof="none",
        access_without_proof="lite",
        window=(20, 27),
        shop={"gateway": "sberbank", "takes_sbp": False},
    ),
)
