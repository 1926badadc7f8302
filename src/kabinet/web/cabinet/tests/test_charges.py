"""«Начисления»: the statement by month, balances by service, each line's own computation."""

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.models import AccrualPolicy, Charge
from kabinet.charges.tests.documents import adjust
from kabinet.charges.tests.factories import make_accrual_policy, make_charge, make_payment
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.meters.models import Meter
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service, StatutoryTerm
from kabinet.suppliers.tests.factories import make_service
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(client: Client) -> Account:
    user, account = make_user(), make_account()
    make_access(user, account)
    client.force_login(user)
    return account


def overview_of(account: Account, query: str = "") -> str:
    return reverse("cabinet:charges", args=[account.supplier_id, account.id]) + query


def month_of(account: Account, month: str = "2026-10") -> str:
    return reverse("cabinet:charges_month", args=[account.supplier_id, account.id, month])


def look(client: Client, url: str) -> str:
    with shown_on("2026-11-22"):
        response = client.get(url)
    assert response.status_code == 200
    return text_of(response)


def test_the_statement_shows_each_month_newest_first(client, account):
    make_charge(account, "300", period="2026-09")
    make_charge(account, "400", period="2026-10")
    make_payment(account, "250", on="2026-10-12")

    page = look(client, overview_of(account))

    october = "октябрь 2026 300,00 ₽ 400,00 ₽ 250,00 ₽ 450,00 ₽"
    september = "сентябрь 2026 0,00 ₽ 300,00 ₽ 0,00 ₽ 300,00 ₽"
    assert 0 < page.index(october) < page.index(september)
    assert "август 2026" not in page


def test_each_service_has_its_balance_and_they_sum_up(client, account):
    upkeep = make_service(account.supplier, Service.MAINTENANCE, name="Обслуживание", position=5)
    make_charge(account, "300")
    make_charge(account, "200", service=upkeep)
    make_payment(account, "350")

    page = look(client, overview_of(account))

    assert "Газ переплата −50,00 ₽ Обслуживание 200,00 ₽ Всего к оплате 150,00 ₽" in page


def test_a_month_that_gives_back_has_no_day_to_be_paid_by(client, account):
    StatutoryTerm.objects.create(from_month=Month(2026, 1), bill_by_day=5, pay_by_day=15)
    make_charge(account, "300", period="2026-09")
    make_charge(account, "-31.45", period="2026-10", kind="correction")

    assert "Срок оплаты до 15 октября 2026" in look(client, month_of(account, "2026-09"))
    assert "Срок оплаты" not in look(client, month_of(account, "2026-10"))


def test_an_account_without_charges_says_so(client, account):
    page = look(client, overview_of(account))

    assert "Начислений ещё не было" in page
    assert "Квитанция" not in page


def test_a_line_explains_itself(client, account):
    make_tariff(account.supplier, source="Приказ № 150-п")
    make_accrual_policy(account.supplier)
    meter = make_meter(account, value="1234", on="2026-09-25")
    make_reading(meter, "1262", on="2026-10-25")
    accrue_month(
        supplier_id=account.supplier_id, account_id=account.id, period=Month(2026, 10), now=at("2026-11-01 05:10")
    )

    page = look(client, month_of(account))

    for said in (
        "Начисления за октябрь 2026",
        "28 м³ × 4,37507 ₽/м³ = 122,50 ₽",
        "Как посчитано",
        f"Счётчик № {meter.serial_number}",
        "Показание на 25.10.2026 1 262",
        "Предыдущее, на 25.09.2026 1 234",
        "Расход 1 262 − 1 234 = 28 м³",
        "Цена 4,37507 ₽/м³",
        "Кем установлена Приказ № 150-п",
        "По какому правилу Правила поставки газа (постановление Правительства РФ от 21.07.2008 № 549), пункт 25",
        "На конец месяца 122,50 ₽",
    ):
        assert said in page


def test_a_line_says_what_is_left_to_pay_of_it(client, account):
    make_charge(account, "300")
    make_payment(account, "100")

    assert "Осталось оплатить 200,00 ₽" in look(client, month_of(account))

    make_payment(account, "200")
    assert "Оплачено" in look(client, month_of(account))


def estimated(account: Account, meter: Meter | None, kind: str = "average", **inputs: object) -> Charge:
    """Charge October without a reading."""
    return make_charge(
        account,
        "400",
        kind=kind,
        meter=meter,
        volume_m3=Decimal(50),
        price_rub_per_m3=Decimal(8),
        used_since=dt.date(2026, 10, 1),
        used_until=dt.date(2026, 11, 1),
        inputs=inputs,
    )


def allow_months_by_mean(account: Account, months: int) -> None:
    AccrualPolicy.objects.create(
        supplier=account.supplier,
        from_month=Month(2026, 1),
        price_split="by_days",
        recalculate_norm_months="by_operator",
        average_of_months=12,
        average_at_most_months=months,
        removed_at_most_months=months,
        odd_ratio=Decimal(10),
        silent_months=12,
        penalty_recheck_months=6,
    )


def test_under_an_estimate_stands_what_to_do_until_when_and_how_long_the_mean_lasts(client, account):
    meter = make_meter(account, value="1234", on="2026-09-25")
    allow_months_by_mean(account, 2)
    estimated(account, meter, reason="silent", last_reading_on="2026-09-25")

    page = look(client, month_of(account))

    assert "Передайте показание до 30 ноября. Тогда эти дни пересчитают по счётчику" in page
    assert "По среднему могут начислить ещё 1 месяц, потом по нормативу" in page
    assert (
        reverse("cabinet:reading_submit", args=[account.supplier_id, meter.id])
        in client.get(month_of(account)).content.decode()
    )


def test_the_last_month_by_the_mean_warns_of_the_norm(client, account):
    allow_months_by_mean(account, 1)
    estimated(account, make_meter(account, on="2026-09-25"), reason="silent", last_reading_on="2026-09-25")

    assert "Следующий месяц без показания начислят уже по нормативу" in look(client, month_of(account))


def test_once_the_reading_came_its_real_figures_stand_there_instead(client, account):
    meter = make_meter(account, value="1234", on="2026-09-25")
    charge = estimated(account, meter, reason="silent", last_reading_on="2026-09-25")
    make_reading(meter, "1264", on="2026-11-20")
    figures = {"due_m3": "30", "due_rub": "240,00", "charged_m3": "50", "charged_rub": "400,00"}
    inputs = {"reading": {}, "charged": [{"charge_id": str(charge.id)}]} | figures
    make_charge(account, "1", period="2026-11", kind="correction", inputs=inputs)

    page = look(client, month_of(account))

    assert "С показанием вовремя вышло бы 30 м³, 240,00 ₽. Без него было начислено за 50 м³, 400,00 ₽." in page
    assert "Разница −160,00 ₽ стоит в начислении за ноябрь 2026." in page
    assert "Передайте показание" not in page


def test_a_meter_that_no_reading_helps_is_to_be_mended(client, account):
    estimated(account, make_meter(account, on="2026-09-25"), "norm", reasons=["unverified"])

    page = look(client, month_of(account))

    assert "Показания не учитываются: истёк срок поверки." in page
    assert "Передайте показание" not in page


def test_a_month_is_compared_with_the_one_before_and_with_a_year_ago(client, account):
    for period, volume in (("2025-10", 40), ("2026-09", 30), ("2026-10", 50)):
        facts = {"kind": "metered", "volume_m3": Decimal(volume), "price_rub_per_m3": Decimal(8)}
        make_charge(account, str(volume * 8), period=period, **facts)

    page = look(client, month_of(account))

    assert "Месяц назад, сентябрь 2026 · 30 м³ 240,00 ₽ Сейчас на 160,00 ₽ больше. Почему" in page
    assert "Год назад, октябрь 2025 · 40 м³ 320,00 ₽ Сейчас на 80,00 ₽ больше. Почему" in page
    assert "Расход: 50 м³ вместо 30 м³ +160,00 ₽ Всего +160,00 ₽" in page


def test_english_readers_get_english_numbers(client, account):
    make_charge(account, "1000", kind="metered", volume_m3=Decimal(1000), price_rub_per_m3=Decimal(1))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert "1,000 m³ × 1 ₽/m³ = 1,000.00 ₽" in look(client, month_of(account))


def test_payments_of_the_month_stand_under_its_charges(client, account):
    make_payment(account, "200", on="2026-10-12")

    page = look(client, month_of(account))

    assert "За этот месяц начислений нет" in page
    assert "Оплата 12 октября · Газ +200,00 ₽" in page


@pytest.mark.parametrize("month", ["2026-13", "october", "2026-1", "0000-01", "9999-12"])
def test_what_is_no_month_is_not_found(client, account, month):
    assert client.get(month_of(account, month)).status_code == 404


def test_lite_access_is_told_how_to_gain_the_full_one(client, account):
    user = make_user()
    make_access(user, account, level="lite")
    client.force_login(user)
    make_charge(account, "300")

    for url in (overview_of(account), month_of(account)):
        response = client.get(url)
        assert response.status_code == 403
        assert "Здесь нужен полный доступ" in text_of(response)
        assert "300" not in text_of(response)


def test_a_strangers_charges_are_not_found(client, account):
    client.force_login(make_user())

    assert client.get(overview_of(account)).status_code == 404
    assert client.get(month_of(account)).status_code == 404


def test_the_consumption_is_compared_with_a_year_ago(client, account):
    meter = make_meter(account, value="1000", on="2025-09-25")
    make_reading(meter, "1200", on="2025-10-25")
    make_reading(meter, "1900", on="2026-09-25")
    make_reading(meter, "2076", on="2026-10-25")

    page = look(client, overview_of(account))

    assert "176 м³ за октябрь 2026, на 12 % меньше, чем год назад" in page
    assert "октябрь 2026 176" in page


def test_gas_of_months_without_readings_is_shared_between_them_and_said_to_be(client, account):
    meter = make_meter(account, value="1287", on="2026-03-25")
    make_reading(meter, "1427", on="2026-10-25")

    page = look(client, overview_of(account))

    assert "≈ 17 м³ за октябрь 2026" in page
    assert "март 2026 нет данных апрель 2026 23 (по дням) май 2026 20 (по дням)" in page
    assert "октябрь 2026 17 (по дням)" in page
    assert "Столбцы с пунктиром: на несколько месяцев пришлось одно показание" in page


def test_a_shared_month_is_compared_with_no_other(client, account):
    meter = make_meter(account, value="1000", on="2025-09-25")
    make_reading(meter, "1200", on="2025-10-25")
    make_reading(meter, "1900", on="2026-10-25")

    page = look(client, overview_of(account))

    assert "за октябрь 2026" in page
    assert "год назад" not in page


def test_three_years_can_be_looked_at(client, account):
    make_charge(account, "300", period="2024-01")

    assert "январь 2024" not in look(client, overview_of(account))
    assert "январь 2024" in look(client, overview_of(account, "?span=36"))
    assert client.get(overview_of(account, "?span=x")).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_history(client, account, django_assert_max_num_queries):
    def count(url: str) -> int:
        client.get(url)
        with django_assert_max_num_queries(40) as captured:
            client.get(url)
        return len(captured)

    urls = [overview_of(account), month_of(account)]
    make_charge(account, "300")
    before = [count(url) for url in urls]
    for month in range(1, 10):
        make_charge(account, "10", period=f"2026-{month:02}")
        make_charge(account, "10", period="2026-10")
        make_payment(account, "10", on=f"2026-{month:02}-12")

    assert [count(url) for url in urls] == before
    assert max(before) <= 14


def test_a_month_with_an_adjustment_says_what_its_lines_come_to_and_draws_that(client, account):
    make_charge(account, "113.75", period="2026-10")
    make_charge(account, "122.50", period="2026-11")
    adjust(account, "-18.40")

    page = look(client, month_of(account, "2026-11"))

    assert "Вместе с корректировками 104,10 ₽" in page
    assert "Сейчас на 9,65 ₽ меньше" in page
    assert "октябрь 2026 113,75 ноябрь 2026 104,10" in page


def test_a_month_without_adjustments_says_its_sum_once(client, account):
    make_charge(account, "122.50", period="2026-10")

    assert "Вместе с корректировками" not in look(client, month_of(account))
