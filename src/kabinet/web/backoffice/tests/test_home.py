"""The first page of the office."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import AccrualRun
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.payments.models import ReconciliationDay, SuspendedSum
from kabinet.payments.tests.factories import make_payer, make_payment
from kabinet.people.rules import rights
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db
HOME = reverse("office:home")


def open_home(client, member):
    client.force_login(member)
    with shown_on("2026-11-22"):
        return text_of(client.get(HOME))


@pytest.fixture
def payment():
    return make_payment(make_account(), make_payer(), "300.00", state="paid", paid_at=at("2026-11-22 10:00"))


def suspend(payment, amount="50.00", decided="0.00"):
    SuspendedSum.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        gateway_payment_id="foreign",
        reason="foreign",
        amount_rub=Decimal(amount),
        decided_rub=Decimal(decided),
        came_on=NOW.date(),
        created_at=NOW,
    )


def test_money_of_today_and_of_the_last_days_is_summed(client, payment):
    make_payment(payment.shares.get().account, make_payer(), "70.00", state="paid", paid_at=at("2026-11-21 23:30"))
    make_payment(payment.shares.get().account, make_payer(), "9.00", state="paid", paid_at=at("2026-10-23 00:30"))

    words = open_home(client, make_member("accountant", payment.supplier))

    assert "300,00 ₽ 1 оплаченный платёж" in words.replace("300 ,00", "300,00")
    assert "Вчера 70,00 ₽" in words
    assert "За 30 дней 370,00 ₽" in words


def test_when_nothing_waits_it_says_so(client, payment):
    assert "Всё разобрано" in open_home(client, make_member("accountant", payment.supplier))


def test_what_waits_for_an_accountant_is_named_with_its_sum(client, payment):
    suspend(payment, "50.00", decided="20.00")
    ReconciliationDay.objects.create(supplier_id=payment.supplier_id, shop=payment.shop, day="2026-11-20")

    words = open_home(client, make_member("accountant", payment.supplier))

    assert "Невыясненные суммы: 1 30,00 ₽ пришли" in words
    assert "Не сверены дни: 1 самый давний — 20 ноября" in words


def test_an_accrual_that_waits_for_the_second_person_is_named(client, payment):
    AccrualRun.objects.create(supplier_id=payment.supplier_id, period=Month(2026, 10), asked_at=NOW, state="ready")

    words = open_home(client, make_member("accountant", payment.supplier))

    assert "Начисление за октябрь 2026 Посчитано и ждёт, чтобы Вы проверили и провели" in words


def test_today_is_not_a_day_that_waits(client, payment):
    ReconciliationDay.objects.create(supplier_id=payment.supplier_id, shop=payment.shop, day="2026-11-22")

    assert "Всё разобрано" in open_home(client, make_member("accountant", payment.supplier))


def test_support_is_not_asked_to_decide(client, payment):
    suspend(payment)

    assert "Всё разобрано" in open_home(client, make_member("support", payment.supplier))


def test_a_shop_that_is_refused_is_said_on_top(client, payment):
    payment.shop.refused_at, payment.shop.refusal = NOW, "invalid_credentials"
    payment.shop.save()

    assert "«invalid_credentials»" in open_home(client, make_member("accountant", payment.supplier))


def test_another_suppliers_money_and_matters_are_not_here(client, payment):
    suspend(payment)

    words = open_home(client, make_member("accountant", make_account().supplier))

    assert "Всё разобрано" in words
    assert "300" not in words


@pytest.mark.parametrize(
    ("role", "sections"),
    [
        ("accountant", ["Возвраты", "Сверка", "Выплаты", "Начисления", "Лицевые счета", "Тарифы"]),
        ("support", ["Начало", "Платежи", "Невыясненные", "Возвраты", "Лицевые счета", "Тарифы"]),
        ("operator", ["Начало", "Платежи", "Невыясненные", "Возвраты", "Состояние"]),
        ("manager", ["Начало", "Платежи", "Невыясненные", "Возвраты", "Тарифы"]),
        ("helpdesk", ["Начало", "Платежи", "Невыясненные", "Возвраты"]),
    ],
)
def test_the_bar_shows_what_is_the_work_of_a_role(client, payment, role, sections):
    words = open_home(client, make_member(role, None if role in rights.OF_INSTALLATION else payment.supplier))

    assert " ".join(sections) in words


def test_the_page_costs_a_fixed_number_of_queries(client, payment, django_assert_num_queries):
    client.force_login(make_member("accountant", payment.supplier))
    with django_assert_num_queries(15):
        client.get(HOME)


def test_staff_without_accounts_of_their_own_land_here_after_signing_in(client, payment):
    client.force_login(make_member("support", payment.supplier))

    assert client.get(reverse("cabinet:home")).headers["location"] == HOME


def test_in_the_cabinet_staff_find_the_way_back_and_customers_do_not(client, payment):
    for member, is_shown in ((make_member("support", payment.supplier), True), (make_payer(), False)):
        client.force_login(member)
        assert ("Служебный раздел" in text_of(client.get(reverse("cabinet:settings")))) is is_shown
