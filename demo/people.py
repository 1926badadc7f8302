"""Who can sign in to the demonstration. Their passwords obey the instruction's own rule, and are public."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class HeldAccount:
    """An account in somebody's cabinet, by the supplier's code and the account's number."""

    supplier_code: str
    number: str
    alias: str = ""
    level: str = "full"


@dataclass(frozen=True)
class Person:
    """A confirmed user. about: what there is to see, as one line."""

    email: str
    password: str
    given_name: str
    patronymic: str
    surname: str
    about: str | Promise
    accounts: tuple[HeldAccount, ...] = field(default_factory=tuple)


NOTICE_ACCOUNT = HeldAccount("gmr-spb", "702062012")

PEOPLE = (
    Person(
        "ivan@example.test",
        "gaz2026",
        "Иван",
        "Сергеевич",
        "Петров",
        _("лицевой счёт с печатного извещения, есть долг"),
        (NOTICE_ACCOUNT,),
    ),
    Person(
        "anna@example.test",
        "dacha77",
        "Анна",
        "Павловна",
        "Смирнова",
        _("три лицевых счёта разных поставщиков: дом, дача с двухтарифным счётчиком и счёт без подтверждения"),
        (
            HeldAccount("gmr-spb", "702062013", "Дом"),
            HeldAccount("mrg-kaluga", "40100000", "Дача"),
            HeldAccount("mrg-krasnodar", "230000000001", "Родители", level="lite"),
        ),
    ),
    Person(
        "oleg@example.test",
        "avans05",
        "Олег",
        "Николаевич",
        "Кузнецов",
        _("переплата, и у счётчика истекла поверка"),
        (HeldAccount("gmr-spb", "702062014"),),
    ),
    Person(
        "maria@example.test",
        "zakryt1",
        "Мария",
        "Андреевна",
        "Соколова",
        _("один счёт закрыт, другой ведёт сам поставщик"),
        (
            HeldAccount("gmr-spb", "702062015", "Прежняя квартира"),
            HeldAccount("mrg-voronezh", "360000000001", "Новый дом"),
        ),
    ),
    Person(
        "nina@example.test", "novichok", "Нина", "Викторовна", "Волкова", _("кабинет только что открыт, счетов ещё нет")
    ),
)
