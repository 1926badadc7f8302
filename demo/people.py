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


@dataclass(frozen=True)
class Employee:
    """Somebody of the staff, with a second factor as all of them.

    supplier_code  where the role is; empty for those of the installation, who are everywhere
    """

    email: str
    password: str
    given_name: str
    patronymic: str
    surname: str
    about: str | Promise
    role: str
    supplier_code: str = ""


NOTICE_ACCOUNT = HeldAccount("gmr-spb", "702062012")

#: What has happened to them is told in demo/stories.py, and README says what to click.
STORY_ACCOUNTS = (
    HeldAccount("gmr-spb", "702062016", "Цена сменилась посреди месяца"),
    HeldAccount("gmr-spb", "702062017", "Полгода без показаний и перерасчёт"),
    HeldAccount("gmr-spb", "702062018", "Счётчик заменили"),
    HeldAccount("gmr-spb", "702062019", "Поверка истекла"),
    HeldAccount("gmr-spb", "702062020", "Льгота"),
    HeldAccount("gmr-spb", "702062021", "Платили поздно: пени"),
    HeldAccount("gmr-spb", "702062022", "Платили вперёд"),
    HeldAccount("gmr-spb", "702062023", "Переехали"),
    HeldAccount("gmr-spb", "702062024", "Без счётчика: норматив"),
    HeldAccount("gmr-spb", "702062025", "Скорректировано сотрудником"),
)

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
        _("один счёт закрыт, другой ведёт сам поставщик, третий оплачивается через Сбербанк"),
        (
            HeldAccount("gmr-spb", "702062015", "Прежняя квартира"),
            HeldAccount("mrg-voronezh", "360000000001", "Новый дом"),
            HeldAccount("mrg-kirov", "43/000000", "Дача"),
        ),
    ),
    Person(
        "sveta@example.test",
        "istorii1",
        "Светлана",
        "Юрьевна",
        "Миронова",
        _("десять лицевых счетов, у каждого своя история: от перерасчёта и льготы до пеней и переезда"),
        STORY_ACCOUNTS,
    ),
    Person(
        "nina@example.test", "novichok", "Нина", "Викторовна", "Волкова", _("кабинет только что открыт, счетов ещё нет")
    ),
)

#: The secret of every second factor of the staff. It is public: the current code stands on the sign-in page.
STAFF_SECRET = "KABINETDEMOSTAFF"  # noqa: S105

STAFF = (
    Employee(
        "vera@example.test",
        "Neva-Buhgalter-2026",
        "Вера",
        "Алексеевна",
        "Орлова",
        _("бухгалтер: платежи, возвраты, сверка по дням, выплаты"),
        "accountant",
        "gmr-spb",
    ),
    Employee(
        "tamara@example.test",
        "Ladoga-Vtoraya-2026",
        "Тамара",
        "Ивановна",
        "Макарова",
        _("второй бухгалтер: подтверждает возвраты, которые начала Вера"),
        "accountant",
        "gmr-spb",
    ),
    Employee(
        "roman@example.test",
        "Podderzhka-Zal-2026",
        "Роман",
        "Олегович",
        "Зайцев",
        _("поддержка: видит платежи, сумм не меняет"),
        "support",
        "gmr-spb",
    ),
    Employee(
        "zoya@example.test",
        "Izh-Nachislenie-2026",
        "Зоя",
        "Петровна",
        "Ившина",
        _("бухгалтер в Ижевске: прошлый месяц посчитан и ждёт, чтобы его провели"),
        "accountant",
        "mrg-izhevsk",
    ),
    Employee(
        "timur@example.test",
        "Izh-Provodka-2026",
        "Тимур",
        "Ринатович",
        "Галиев",
        _("второй бухгалтер в Ижевске: проводит месяц, который посчитан и проверен"),
        "accountant",
        "mrg-izhevsk",
    ),
    Employee(
        "konstantin@example.test",
        "Operator-Svodka-2026",
        "Константин",
        "Юрьевич",
        "Белов",
        _("оператор установки: состояние платежей всех поставщиков"),
        "operator",
    ),
    Employee(
        "lidia@example.test",
        "Neva-Rukovodit-2026",
        "Лидия",
        "Сергеевна",
        "Громова",
        _("руководитель: сотрудники и роли, настройки кабинета, реквизиты, рассылки"),
        "manager",
        "gmr-spb",
    ),
    Employee(
        "pavel@example.test",
        "Telefon-Spravka-2026",
        "Павел",
        "Андреевич",
        "Лебедев",
        _("справочная служба: отвечает абонентам всех поставщиков"),
        "helpdesk",
    ),
    Employee(
        "galina@example.test",
        "Voronezh-Reestry-2026",
        "Галина",
        "Фёдоровна",
        "Жукова",
        _("бухгалтер в Воронеже, где начисляет программа поставщика: оплаты уходят ей реестрами"),
        "accountant",
        "mrg-voronezh",
    ),
)
