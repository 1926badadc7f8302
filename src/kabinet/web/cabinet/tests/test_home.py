"""The first page of an account."""

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.meters.models import Meter
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


def open_page(
    client: Client, account: Account, *, user: User | None = None, level: str = "full", now: str = "2026-11-22"
) -> str:
    user = user or make_user()
    make_access(user, account, level=level)
    client.force_login(user)
    with shown_on(now):
        response = client.get(reverse("cabinet:account", args=[account.supplier_id, account.id]))
    assert response.status_code == 200
    return text_of(response)


def make_full_account() -> Account:
    account = make_account(make_supplier(reading_opens_day=15, reading_closes_day=25))
    make_tariff(account.supplier)
    meter = make_meter(account, value="8000", on="2026-09-25")
    make_reading(meter, "8225", on="2026-10-23")
    make_charge(account, "1484.56", period="2026-10", formula="225 м³ × 4,37507 ₽/м³ = 984,39 ₽")
    make_payment(account, "200", on="2026-11-12")
    return account


def test_it_says_what_is_due_and_how_it_came_about(client):
    page = open_page(client, make_full_account(), user=make_user(given_name="Иван"))

    assert "Здравствуйте, Иван" in page
    assert "1 284,56 ₽ Срок оплаты прошёл 16 ноября" in page
    assert "Долг на 1 октября 0,00 ₽" in page
    assert "Начислено за октябрь 2026 1 484,56 ₽" in page
    assert "−200,00 ₽" in page
    assert "Оплата онлайн" in page
    assert "Квитанция" in page


def test_the_kept_computation_is_russian_and_stands_on_the_russian_page_only(client):
    account, user = make_full_account(), make_user()

    assert "225 м³ × 4,37507 ₽/м³ = 984,39 ₽" in open_page(client, account, user=user)

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with shown_on("2026-11-22"):
        page = text_of(client.get(reverse("cabinet:account", args=[account.supplier_id, account.id])))
    assert "Charge for October 2026" in page
    assert "984,39" not in page


def test_it_asks_for_the_reading_while_the_window_is_open(client):
    account = make_full_account()

    page = open_page(client, account)

    assert "Передайте показания до 25 ноября. Осталось 3 дня." in page
    assert "Показание на 22 ноября" in page
    assert "Предыдущее: 08 225 от 23 октября" in page


def test_it_compares_the_last_month_and_tells_what_the_next_may_come_to(client):
    account = make_account()
    make_tariff(account.supplier, price="4.37507")
    meter = make_meter(account, value="7000", on="2025-10-25")
    make_reading(meter, "7028", on="2025-11-25")
    facts = {"kind": "metered", "price_rub_per_m3": Decimal("4.37507")}
    make_charge(account, "122.50", period="2026-09", volume_m3=Decimal(28), **facts)
    make_charge(account, "245.00", period="2026-10", volume_m3=Decimal(56), **facts)

    page = open_page(client, account)

    assert "Ожидаем за ноябрь 2026 ≈ 122,50 ₽" in page
    assert "По расходу за ноябрь 2025, 28 м³, и цене 4,37507 ₽/м³." in page
    assert "октябрь 2026 · 56 м³ 245,00 ₽" in page
    assert "Месяц назад, сентябрь 2026 · 28 м³ 122,50 ₽ Сейчас на 122,50 ₽ больше. Почему" in page
    assert "Год назад" not in page


def test_an_account_whose_meter_does_not_count_expects_nothing(client):
    account = make_account()
    make_tariff(account.supplier)
    meter = make_meter(account, value="7000", on="2025-10-25", verification_due_on=dt.date(2026, 10, 31))
    make_reading(meter, "7028", on="2025-11-25")
    make_charge(account, "245.00")

    assert "Ожидаем" not in open_page(client, account)


def test_a_closed_account_expects_nothing(client):
    account = make_account(opened_on=dt.date(2020, 1, 1), closed_on=dt.date(2026, 11, 1))
    make_tariff(account.supplier)
    meter = make_meter(account, value="7000", on="2025-10-25")
    make_reading(meter, "7028", on="2025-11-25")
    make_charge(account, "245.00")

    assert "Ожидаем" not in open_page(client, account)


def test_before_the_due_day_it_says_until_when_to_pay(client):
    assert "1 284,56 ₽ Оплатить до 16 ноября" in open_page(client, make_full_account(), now="2026-11-16")


def test_on_the_last_day_it_says_so(client):
    assert "Сегодня последний день." in open_page(client, make_full_account(), now="2026-11-25")


def test_outside_the_window_it_says_when_readings_are_taken(client):
    page = open_page(client, make_full_account(), now="2026-11-26")

    assert "Передайте их с 15 декабря по 25 декабря." in page
    assert "Передайте показания до" not in page


def test_a_reading_that_was_handed_in_is_shown_with_its_preliminary_cost(client):
    account = make_full_account()
    [meter] = account_meters(account)
    make_reading(meter, "8412", on="2026-11-20")

    page = open_page(client, account)

    assert "Показание принято. 08 412 от 20 ноября." in page
    assert "Предварительно по показаниям" in page
    assert "≈ 818,14 ₽" in page
    assert "Передайте показания до" not in page


def account_meters(account: Account):
    return Meter.objects.filter(account=account)


def test_an_advance_is_called_so(client):
    account = make_full_account()
    make_payment(account, "1500", on="2026-11-13")

    page = open_page(client, account)

    assert "Переплата" in page
    assert "215,44 ₽ Платить сейчас не нужно" in page


def test_nothing_due_is_called_so(client):
    assert "Долга нет" in open_page(client, make_account())


def test_an_account_with_no_meters_and_no_history_says_so(client):
    page = open_page(client, make_account())

    assert "Счётчиков нет" in page
    assert "Пока ничего не было" in page
    assert "Пока нет данных." in page


def test_a_closed_account_takes_no_readings(client):
    page = open_page(client, make_account_with_meter(closed_on=dt.date(2026, 11, 1)))

    assert "Лицевой счёт закрыт." in page
    assert "Передать показания" not in page


def make_account_with_meter(verification_due_on: dt.date | None = None, **values) -> Account:
    account = make_account(**values)
    make_meter(account, verification_due_on=verification_due_on)
    return account


def test_an_expired_verification_is_told_instead_of_the_form(client):
    page = open_page(client, make_account_with_meter(verification_due_on=dt.date(2026, 11, 21)))

    assert "Срок поверки истёк. Последний день был 21 ноября 2026." in page
    assert "Передать показания" not in page


@pytest.mark.parametrize(("due_on", "warned"), [("2027-01-21", True), ("2027-01-22", False), ("2026-11-22", True)])
def test_a_verification_is_reminded_of_sixty_days_before(client, due_on, warned):
    page = open_page(client, make_account_with_meter(verification_due_on=dt.date.fromisoformat(due_on)))

    assert ("Закажите поверку заранее." in page) is warned


def test_lite_access_shows_the_sum_and_the_form_and_nothing_else(client):
    account = make_full_account()

    page = open_page(client, account, level="lite")

    assert "1 284,56 ₽" in page
    assert "Предыдущее: 08 225 от 23 октября" in page
    for hidden in ("кв. 7", "Петров", "Начислено за", "Квитанция", "Последние операции", "Расход газа", "04821"):
        assert hidden not in page


def test_a_strangers_account_is_not_found(client):
    client.force_login(make_user())
    account = make_account()

    assert client.get(reverse("cabinet:account", args=[account.supplier_id, account.id])).status_code == 404


def test_the_start_leads_to_signing_in_to_attaching_or_to_the_account(client):
    start = reverse("cabinet:home")
    assert client.get(start).url == reverse("cabinet:sign_in")
    user, account = make_user(), make_account()
    client.force_login(user)
    assert client.get(start).url == reverse("cabinet:welcome")

    make_access(user, account)

    assert client.get(start).url == reverse("cabinet:account", args=[account.supplier_id, account.id])


def count_queries(client: Client, url: str, django_assert_max_num_queries) -> int:
    client.get(url)
    with django_assert_max_num_queries(40) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_history(client, django_assert_max_num_queries):
    user, account = make_user(), make_full_account()
    make_access(user, account)
    client.force_login(user)
    url = reverse("cabinet:account", args=[account.supplier_id, account.id])
    before = count_queries(client, url, django_assert_max_num_queries)

    [meter] = account_meters(account)
    for month in range(1, 9):
        make_reading(meter, str(7000 + month), on=f"2026-{month:02}-23", volume_m3=Decimal(1))
        make_charge(account, "10", period=f"2026-{month:02}")
        make_payment(account, "10", on=f"2026-{month:02}-12")

    assert count_queries(client, url, django_assert_max_num_queries) == before
    assert before == 16


def test_a_month_that_was_charged_after_its_day_to_pay_is_not_overdue_before_the_next_one(client):
    account = make_account()
    make_charge(account, "300", period="2026-10", charged_on=dt.date(2026, 11, 17))

    assert "300,00 ₽ Оплатить до 15 декабря" in open_page(client, account)
