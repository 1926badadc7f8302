"""Managers and accountants keep the shops of their supplier."""

import pytest
from django.test import Client
from django.urls import reverse

from kabinet.payments.models import Shop, ShopSwitch
from kabinet.payments.tests.conftest import gateway, running_gateway  # noqa: F401 - fixtures of a gateway
from kabinet.payments.tests.factories import make_shop
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db

NEW = {"gateway": "yookassa", "title": "Оплата газа", "shop_id": "100500", "secret": "test_sandbox"}
SETTINGS = {
    "title": "Оплата газа",
    "takes_sbp": "on",
    "commission_by": "supplier",
    "commission_percent": "0",
    "least_amount_rub": "1",
    "greatest_amount_rub": "350000",
    "greatest_sbp_rub": "700000",
    "refund_alone_rub": "3000",
}


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def supplier():
    return make_supplier(name="Газ Севера")


def signed_in(role, supplier):
    client = Client()
    client.force_login(make_member(role, supplier))
    return client


def address(name, supplier, *ids):
    return reverse(f"office:{name}", args=[supplier.id, *ids])


def test_a_shop_goes_through_two_pairs_of_hands(gateway, supplier):  # noqa: F811
    accountant, manager = signed_in("accountant", supplier), signed_in("manager", supplier)
    assert accountant.get(reverse("office:shops_choose")).headers["location"] == address("shops", supplier)
    assert "Магазина ещё нет" in text_of(accountant.get(address("shops", supplier)))

    said = text_of(accountant.post(address("shop_add", supplier), NEW, follow=True))
    assert "Магазин записан, ключ подошёл." in said
    shop = Shop.objects.get()
    assert "выключен" in said
    assert "Ждёт второго сотрудника" in text_of(accountant.post(address("shop_on", supplier, shop.pk), follow=True))
    switch = ShopSwitch.objects.get()
    confirm = address("shop_switch_confirm", supplier, switch.pk)
    assert "предложили Вы" in text_of(accountant.post(confirm))

    assert "Включение магазина" in text_of(manager.get(reverse("office:home")))
    assert "Подтвердить включение" in text_of(manager.get(address("shops", supplier)))
    assert "Вступит в силу" in text_of(manager.post(confirm, follow=True))

    said = text_of(accountant.post(address("shop_switch_withdraw", supplier, switch.pk), follow=True))
    assert "Включение отозвано." in said


def test_a_key_is_never_written_into_a_page(gateway, supplier):  # noqa: F811
    client = signed_in("accountant", supplier)

    refused = client.post(address("shop_add", supplier), NEW | {"secret": "test_mistyped"})
    assert (refused.status_code, "не признаёт этот номер с этим ключом" in text_of(refused)) == (422, True)
    assert "test_mistyped" not in refused.content.decode()
    assert not Shop.objects.exists()

    shop = make_shop(supplier)
    for name in ("shop", "shop_change", "shop_key"):
        page = client.get(address(name, supplier, shop.pk)).content.decode()
        assert "test_sandbox" not in page
        assert shop.sealed_secret not in page
    assert shop.hook_path in client.get(address("shop", supplier, shop.pk)).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Впишите название."),
        ({"least_amount_rub": "много"}, "Укажите сумму в рублях"),
        ({"least_amount_rub": "500", "greatest_amount_rub": "400"}, "не может быть меньше наименьшего"),
        ({"commission_percent": "11"}, "10"),
        ({"refund_alone_rub": "9000"}, "второй сотрудник увидит его"),
        ({"sends_receipts": "on"}, "Сначала задайте условия чеков на сегодня: Газ: оплата начисленного"),
    ],
)
def test_wrong_settings_are_answered_at_their_fields(supplier, typed, said):
    shop = make_shop(supplier, is_test=False)

    answer = signed_in("manager", supplier).post(address("shop_change", supplier, shop.pk), SETTINGS | typed)

    shop.refresh_from_db()
    assert (answer.status_code, said in text_of(answer), shop.title) == (422, True, "Тестовый магазин")


def test_settings_are_saved_and_shown(supplier):
    shop = make_shop(supplier)

    page = signed_in("manager", supplier).post(
        address("shop_change", supplier, shop.pk), SETTINGS | {"least_amount_rub": "10,50"}, follow=True
    )

    words = text_of(page).replace("\xa0", " ")
    assert "Сохранено." in words
    assert "Наименьший платёж 10,50 ₽" in words
    assert "Изменён магазин" in words


def test_an_empty_form_of_keys_says_what_to_do(supplier):
    shop = make_shop(supplier)

    answer = signed_in("manager", supplier).post(address("shop_key", supplier, shop.pk), {"secret": ""})

    assert (answer.status_code, "Впишите новый ключ или отметьте" in text_of(answer)) == (422, True)


def test_a_shop_is_switched_off_after_a_look_at_what_follows(supplier):
    shop = make_shop(supplier)
    client, page = signed_in("accountant", supplier), address("shop_off", supplier, shop.pk)
    client.get(page)
    assert "больше не смогут платить" in text_of(client.post(page, {}))
    assert Shop.objects.get().is_enabled

    assert "Магазин выключен" in text_of(client.post(page, {"confirmed": "1"}, follow=True))

    assert not Shop.objects.get().is_enabled


def test_a_shop_that_cannot_be_switched_on_says_why(supplier):
    shop = make_shop(supplier, is_enabled=False, sends_receipts=True, is_test=False)

    answer = signed_in("accountant", supplier).post(address("shop_on", supplier, shop.pk))

    assert (answer.status_code, "условия чеков" in text_of(answer)) == (422, True)
    assert not ShopSwitch.objects.exists()


def test_what_a_supplier_does_not_need_is_not_missed(supplier):
    accountant = signed_in("accountant", supplier)
    assert "Магазин в платёжной системе" in text_of(accountant.get(reverse("office:home")))

    make_shop(supplier)

    assert "Магазин в платёжной системе" not in text_of(accountant.get(reverse("office:home")))
