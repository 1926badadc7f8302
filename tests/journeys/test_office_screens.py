"""Every screen of the office is held to the standard too, and its people do their day's work in a browser."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from demo.people import STAFF
from tests.browser import assert_presentable, assert_room_for_large_text
from tests.demonstration import Demonstration
from tests.journeys.conftest import Colleagues
from tests.journeys.test_screens import silent_console

ACCOUNTANT, SECOND, SUPPORT, _ZOYA, _TIMUR, OPERATOR, MANAGER, HELPDESK, BILLED_ELSEWHERE = STAFF
#: An account that is paid ahead already: what is credited to it changes no other screen.
LUCKY = "702062014"


@dataclass(frozen=True)
class OfficeScreen:
    """An address, who opens it, and what it says.

    typed  is searched for in the box of customers first
    link   the screen is behind the first such link of the address
    """

    route: str
    who: object
    says: str
    query: str = ""
    typed: str = ""
    link: str = ""
    then: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, [self.route, self.who.role, self.query, self.typed, self.then]))


PAYMENT_LINK, DAY_LINK = r"/payments/[0-9a-f-]{36}/$", r"/days/\d+/\d+/[\d-]+/$"
SUM_LINK, REFUND_LINK = r"/suspense/\d+/\d+/$", r"/refunds/[0-9a-f-]{36}/$"
READING_LINK, QUESTION_LINK, NOTICE_LINK = r"/readings/\d+/\d+/$", r"/questions/\d+/$", r"/notices/\d+/\d+/$"
PROPOSAL_LINK = r"/proposals/(\d+/)?\d+/$"
REGISTER_LINK = r"/registers/\d+/\d+/$"
OUTGOING_LINK, DISPATCH_LINK = r"/registers/out/\d+/\d+/$", r"/registers/out/\d+/%s/$"

SCREENS = [
    OfficeScreen("home", ACCOUNTANT, "Невыясненные суммы: 2"),
    OfficeScreen("home", SUPPORT, "Долги по давности"),
    OfficeScreen("home", OPERATOR, "Поступления за 30 дней"),
    OfficeScreen("payments", ACCOUNTANT, "Оплачено"),
    OfficeScreen("payments", ACCOUNTANT, "Дальше", query="?state=paid&sort=-amount"),
    OfficeScreen("payments", ACCOUNTANT, "Ничего не нашлось", query="?text=no-such-number"),
    OfficeScreen("payments", OPERATOR, "Межрегионгаз"),
    OfficeScreen("payments", ACCOUNTANT, "Путь платежа", query="?state=paid", link=PAYMENT_LINK),
    OfficeScreen("payments", ACCOUNTANT, "Нужен человек", query="?needs_person=on", link=PAYMENT_LINK),
    OfficeScreen("payments", ACCOUNTANT, "Можно вернуть", query="?state=paid", link=PAYMENT_LINK, then="refund/"),
    OfficeScreen("payments", ACCOUNTANT, "Когда списано", query="?state=paid", link=PAYMENT_LINK, then="chargeback/"),
    OfficeScreen("suspense", ACCOUNTANT, "1 480,00"),
    OfficeScreen("suspense", ACCOUNTANT, "Решения ещё нет", link=SUM_LINK),
    OfficeScreen("suspense", ACCOUNTANT, "На каком основании", link=SUM_LINK, then="allocate/"),
    OfficeScreen("refunds", SUPPORT, "Ждёт второго сотрудника"),
    OfficeScreen("refunds", ACCOUNTANT, "Ничего не нашлось", query="?state=failed"),
    OfficeScreen("refunds", SECOND, "Подтвердить возврат", query="?state=asked", link=REFUND_LINK),
    OfficeScreen("days", ACCOUNTANT, "1 строка ждёт решения"),
    OfficeScreen("days", ACCOUNTANT, "Всё совпало", query="?state=closed", link=DAY_LINK),
    OfficeScreen("days", ACCOUNTANT, "Закрыть день", query="?state=open", link=DAY_LINK),
    OfficeScreen("payouts", ACCOUNTANT, "Вера Орлова"),
    OfficeScreen("payout_record", ACCOUNTANT, "Номер платёжного поручения"),
    OfficeScreen("payout_record", SUPPORT, "Ваша роль этого не позволяет"),
    OfficeScreen("accruals", ACCOUNTANT, "Начислить за месяц"),
    OfficeScreen("accruals", SUPPORT, "Ваша роль этого не позволяет"),
    OfficeScreen("accrual_start", ACCOUNTANT, "За какой месяц"),
    OfficeScreen("accrual_correct", ACCOUNTANT, "Какой месяц пересчитать"),
    OfficeScreen("customers", SUPPORT, "что назвали, то и введите"),
    OfficeScreen("customers", SUPPORT, "Никого не нашли", typed="Кюхельбекер"),
    OfficeScreen("customers", SUPPORT, "по адресу", typed="садовая"),
    OfficeScreen("customers", SUPPORT, "По месяцам", typed=LUCKY),
    OfficeScreen("customers", SUPPORT, "Как посчитано", typed=LUCKY, link=r"/months/[\d-]+/$"),
    OfficeScreen("customers", SUPPORT, "Перерывы в учёте", typed=LUCKY, then="meters/"),
    OfficeScreen("customers", HELPDESK, "Оплаты через кабинет", typed=LUCKY, then="payments/"),
    OfficeScreen("customers", SUPPORT, "В чьих кабинетах", typed=LUCKY, then="cabinets/"),
    OfficeScreen("customers", ACCOUNTANT, "Ежемесячная плата", typed=LUCKY, then="people/"),
    OfficeScreen("customers", ACCOUNTANT, "Её увидит и плательщик", typed=LUCKY, then="acts/adjust/"),
    OfficeScreen("customers", ACCOUNTANT, "текущий месяц", typed=LUCKY, then="acts/correct/"),
    OfficeScreen("customers", SUPPORT, "Чем подтверждено", typed=LUCKY, then="acts/absence/"),
    OfficeScreen("customers", SUPPORT, "Последний день счёта", typed=LUCKY, then="acts/close/"),
    OfficeScreen("customers", SUPPORT, "Пломба", typed=LUCKY, then="acts/install/"),
    OfficeScreen("readings", SUPPORT, "ждут решения"),
    OfficeScreen("readings", SUPPORT, "Расход по месяцам", link=READING_LINK),
    OfficeScreen("questions", SUPPORT, "ждут ответа"),
    OfficeScreen("questions", SUPPORT, "Ничего не нашлось", query="?state=closed"),
    OfficeScreen("questions", SUPPORT, "Кто спрашивает", link=QUESTION_LINK),
    OfficeScreen("questions", HELPDESK, "о кабинете", query="?state=every"),
    OfficeScreen("ready_answers", SUPPORT, "Оплата идёт"),
    OfficeScreen("ready_answer_add", SUPPORT, "заменятся сами"),
    OfficeScreen("notices", MANAGER, "Поверьте счётчик"),
    OfficeScreen("notices", MANAGER, "Примеры счетов", query="?state=draft", link=NOTICE_LINK),
    OfficeScreen("notices", MANAGER, "Убрать из кабинета", query="?state=sent", link=NOTICE_LINK),
    OfficeScreen("notice_add", MANAGER, "Показаний не передавали с"),
    OfficeScreen("tariffs", ACCOUNTANT, "Действуют сегодня"),
    OfficeScreen("tariffs", SUPPORT, "Действуют сегодня"),
    OfficeScreen("tariffs", ACCOUNTANT, "Норматив", query="?kind=tariff_norms"),
    OfficeScreen("tariffs", ACCOUNTANT, "оэффициент", query="?kind=tariff_factors"),
    OfficeScreen("tariffs", ACCOUNTANT, "Льгот", query="?kind=tariff_benefits"),
    OfficeScreen("tariffs", ACCOUNTANT, "Порядок начисления", query="?kind=tariff_policies"),
    OfficeScreen("tariffs", ACCOUNTANT, "Ключевая ставка", query="?kind=tariff_law"),
    OfficeScreen("tariffs", ACCOUNTANT, "Цена, как в приказе", link=r"/tariffs/\d+/set/$"),
    OfficeScreen("tariffs", ACCOUNTANT, "Кодировка", link=r"/tariffs/\d+/order/$"),
    OfficeScreen("tariffs", ACCOUNTANT, "По месяцам", query="?kind=tariff_norms", link=r"/norms/set/$"),
    OfficeScreen("tariffs", ACCOUNTANT, "Код региона", query="?kind=tariff_factors", link=r"/factors/set/$"),
    OfficeScreen("tariffs", ACCOUNTANT, "Кто возмещает", query="?kind=tariff_benefits", link=r"/benefits/add/$"),
    OfficeScreen("tariffs", ACCOUNTANT, "Начислять пени", query="?kind=tariff_policies", link=r"/policies/set/$"),
    OfficeScreen("proposals", MANAGER, "Ждёт второго сотрудника"),
    OfficeScreen("proposals", ACCOUNTANT, "Ничего не нашлось", query="?state=declined"),
    OfficeScreen("proposals", SECOND, "Провести документ", query="?state=waiting", link=PROPOSAL_LINK),
    OfficeScreen(
        "proposals", SECOND, "Отклонить документ", query="?state=waiting", link=PROPOSAL_LINK, then="decline/"
    ),
    OfficeScreen("tariffs", ACCOUNTANT, "температурных коэффициентах", query="?kind=tariff_proposals"),
    OfficeScreen("tariffs", MANAGER, "Подтвердить", query="?kind=tariff_proposals", link=PROPOSAL_LINK),
    OfficeScreen("settings", MANAGER, "Приостановить приём"),
    OfficeScreen("settings", MANAGER, "Принимать с числа", link=r"/settings/\d+/readings/$"),
    OfficeScreen("settings", MANAGER, "Пока здесь есть текст", link=r"/settings/\d+/pause/$"),
    OfficeScreen("bank_details_choose", MANAGER, "вступает в силу"),
    OfficeScreen("bank_details_choose", ACCOUNTANT, "Вместо счёта", link=r"/bank-details/\d+/\d+/replace/$"),
    OfficeScreen("shops_choose", ACCOUNTANT, "принимает оплату"),
    OfficeScreen("shops_choose", MANAGER, "Адрес для уведомлений", link=r"/shops/\d+/\d+/$"),
    OfficeScreen("shops_choose", MANAGER, "Секретный ключ", link=r"/shops/\d+/add/$"),
    OfficeScreen("shops_choose", ACCOUNTANT, "Наибольший платёж картой", link=r"/shops/\d+/\d+/$", then="change/"),
    OfficeScreen("shops_choose", ACCOUNTANT, "Новый секретный ключ", link=r"/shops/\d+/\d+/$", then="key/"),
    OfficeScreen("registers", ACCOUNTANT, "Загрузить реестр"),
    OfficeScreen("registers", ACCOUNTANT, "Ничего не нашлось", query="?kind=meters"),
    OfficeScreen("registers", SUPPORT, "Ваша роль этого не позволяет"),
    OfficeScreen(
        "registers", ACCOUNTANT, "Провести должен другой сотрудник", query="?state=checked", link=REGISTER_LINK
    ),
    OfficeScreen("registers", SECOND, "Провести реестр", query="?state=checked", link=REGISTER_LINK),
    OfficeScreen("registers", ACCOUNTANT, "он оборван", query="?state=refused", link=REGISTER_LINK),
    OfficeScreen("registers", ACCOUNTANT, "194044", query="?state=applied", link=REGISTER_LINK),
    OfficeScreen(
        "registers",
        ACCOUNTANT,
        "не похоже на номер счёта",
        query="?state=applied",
        link=REGISTER_LINK,
        then="lines/?outcome=refused",
    ),
    OfficeScreen("registers", ACCOUNTANT, "Почему отменяете", query="?state=applied", link=REGISTER_LINK, then="undo/"),
    OfficeScreen("registers", ACCOUNTANT, "подходит", query="?state=checked", link=REGISTER_LINK, then="format/"),
    OfficeScreen(
        "registers", ACCOUNTANT, "Где что стоит", query="?state=checked", link=REGISTER_LINK, then="format/edit/"
    ),
    OfficeScreen("register_upload", ACCOUNTANT, "О чём этот файл"),
    OfficeScreen("register_formats", ACCOUNTANT, "1С: адреса и площади"),
    OfficeScreen("outgoing", ACCOUNTANT, "Контакты абонентов"),
    OfficeScreen("outgoing", ACCOUNTANT, "Ничего не нашлось", query="?state=failed"),
    OfficeScreen("outgoing", SUPPORT, "Ваша роль этого не позволяет"),
    OfficeScreen("outgoing", ACCOUNTANT, "Файл ждёт, чтобы его скачали", link=OUTGOING_LINK),
    OfficeScreen("outgoing", BILLED_ELSEWHERE, "Подтверждён поставщиком", link=OUTGOING_LINK),
    OfficeScreen("outgoing", ACCOUNTANT, "Передавать начиная с", link=DISPATCH_LINK % "readings"),
    OfficeScreen("outgoing", ACCOUNTANT, "Без него контакты абонентов не уходят", link=DISPATCH_LINK % "contacts"),
    OfficeScreen("staff", MANAGER, "Кто работает"),
    OfficeScreen("staff", OPERATOR, "вся установка"),
    OfficeScreen("staff", SUPPORT, "Ваша роль этого не позволяет"),
    OfficeScreen("staff_invite", MANAGER, "Электронная почта"),
    OfficeScreen("staff", MANAGER, "Снять роль", link=r"/staff/\d+/withdraw/$"),
    OfficeScreen("suppliers", OPERATOR, "Завести поставщика"),
    OfficeScreen("suppliers", OPERATOR, "Направления использования газа", link=r"/suppliers/\d+/$"),
    OfficeScreen("suppliers", OPERATOR, "Вид номера", link=r"/suppliers/\d+/$", then="change/"),
    OfficeScreen("suppliers", OPERATOR, "Как в приказе о ценах", link=r"/suppliers/\d+/$", then="purposes/add/"),
    OfficeScreen("suppliers", MANAGER, "Ваша роль этого не позволяет"),
    OfficeScreen("supplier_add", OPERATOR, "Потом не меняется"),
    OfficeScreen("roles", HELPDESK, "Что можно"),
    OfficeScreen("audit", OPERATOR, "Кто, что и когда сделал"),
    OfficeScreen("health", OPERATOR, "Ждёт дольше положенного"),
    OfficeScreen("shortcuts", SUPPORT, "Открыть эту страницу"),
]


def follow(page: Page, pattern: str) -> str:
    """Give the address of the last link of a list that fits: the oldest."""
    links = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
    fitting = [link for link in links if re.search(pattern, link)]
    assert fitting, links
    return fitting[-1]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_of_the_office_is_presentable(
    screen: OfficeScreen, demonstration: Demonstration, colleagues: Colleagues
) -> None:
    page = colleagues.page(screen.who)
    page.goto(demonstration.url + reverse(f"office:{screen.route}") + screen.query)
    if screen.typed:
        page.get_by_role("searchbox").fill(screen.typed)
        with page.expect_navigation():
            page.get_by_role("button", name="Найти", exact=True).click()
    here = urlsplit(page.url).path if screen.typed and screen.then else None
    path = (follow(page, screen.link) if screen.link else here or "") + screen.then

    with silent_console(page):
        if path:
            page.goto(demonstration.url + path)

        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("main")).to_contain_text(screen.says)
        assert_presentable(page)
        assert_room_for_large_text(page)


def test_an_accountant_decides_about_the_money_that_was_nobodys_and_closes_the_day(
    demonstration: Demonstration, colleagues: Colleagues
) -> None:
    page = colleagues.page(ACCOUNTANT)
    page.goto(f"{demonstration.url}/office/suspense/")
    page.goto(demonstration.url + follow(page, SUM_LINK))
    page.get_by_role("link", name="Зачислить на счёт").click()
    page.get_by_label("Лицевой счёт", exact=True).fill(LUCKY)
    page.get_by_label("На каком основании", exact=True).fill("Плательщик прислал чек")
    page.get_by_role("button", name="Дальше").click()
    expect(page.get_by_text("на лицевой счёт 702 062 014.")).to_be_visible()
    page.get_by_role("button", name="Зачислить").click()
    expect(page.get_by_text("Сумма зачислена на лицевой счёт.")).to_be_visible()

    page.goto(f"{demonstration.url}/office/days/?state=open")
    page.goto(demonstration.url + follow(page, DAY_LINK))
    page.get_by_label("Решение", exact=True).first.fill(f"Зачислено на счёт {LUCKY}")
    page.get_by_role("button", name="Записать решение").first.click()
    expect(page.get_by_text("Решение записано.")).to_be_visible()
    page.get_by_role("button", name="Закрыть день").click()
    expect(page.get_by_text("День закрыт.")).to_be_visible()


def test_two_accountants_give_an_old_payment_back_and_the_sandbox_has_done_it(
    demonstration: Demonstration, colleagues: Colleagues
) -> None:
    page = colleagues.page(SECOND)
    page.goto(f"{demonstration.url}/office/refunds/?state=asked")
    refund = follow(page, REFUND_LINK)
    page.goto(demonstration.url + refund)

    page.get_by_role("button", name="Подтвердить возврат").click()

    expect(page.locator("main")).to_contain_text("Возвращено")
    [[object_id]] = demonstration.query(
        "SELECT payment.gateway_payment_id FROM payments_refund AS refund JOIN payments_payment AS payment"
        " ON payment.supplier_id = refund.supplier_id AND payment.id = refund.payment_id WHERE refund.public_id = %s",
        [refund.strip("/").rpartition("/")[2]],
    )
    at_gateway = demonstration.gateway(f"payments/{object_id}")
    assert at_gateway["refunded"] == at_gateway["amount"]
