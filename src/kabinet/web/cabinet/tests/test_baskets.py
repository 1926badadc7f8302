"""«Оплатить несколько счетов»: the choice, the sums before the button, the payments of one press."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.payments.models import Basket, Payment
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.cabinet.tests.screens import shown_on, text_of
from sandbox.testing import running_sandbox

pytestmark = pytest.mark.django_db

NOTHING_LISTENS = "http://127.0.0.1:9/v3"


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox() as running:
        yield running


@pytest.fixture
def gateway(sandbox, settings):
    settings.YOOKASSA_URL = sandbox.api_url
    return sandbox


@pytest.fixture(autouse=True)
def on_a_day_in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def payer(client):
    payer = make_payer()
    client.force_login(payer)
    return payer


@pytest.fixture
def gas(payer):
    return attached(payer, "300.00", "Межрегионгаз Калуга", "702062012")


@pytest.fixture
def water(payer):
    return attached(payer, "70.50", "Водоканал", "111222333")


def attached(payer, debt: str, supplier_name: str, number: str, **shop):
    account = make_account(make_supplier(name=supplier_name, full_name=f"ООО «{supplier_name}»"), number=number)
    make_shop(account.supplier, **shop)
    make_charge(account, debt)
    make_access(payer, account)
    return account


def key(account) -> str:
    return f"{account.supplier_id}-{account.id}"


def choice(*accounts, **sums: str) -> dict[str, str]:
    return {f"pay_{key(account)}": "on" for account in accounts} | sums


def press(shown: str, *accounts_and_sums) -> dict[str, str]:
    parts = {f"shown_{key(account)}": amount for account, amount in accounts_and_sums}
    chosen = choice(*(account for account, _amount in accounts_and_sums))
    return {"pay": "1", "request_id": str(uuid4()), "shown_amount_rub": shown, **parts, **chosen}


ADDRESS = "/pay/"


def test_every_account_is_offered_with_what_it_owes(client, gas, water):
    page = client.get(ADDRESS)

    assert "К оплате 300,00 ₽" in text_of(page)
    assert "К оплате 70,50 ₽" in text_of(page)
    assert page.content.decode().count("checked") == 2


def test_the_confirmation_shows_each_payment_before_the_button(client, gas, water):
    page = text_of(client.get(ADDRESS, choice(gas, water)))

    assert "2 оплаты: деньги идут каждому поставщику на его собственный счёт." in page
    assert "Оплата 1 из 2 ООО «Межрегионгаз Калуга»" in page
    assert "Оплата 2 из 2 ООО «Водоканал»" in page
    assert "370,50 ₽ без комиссии" in page
    assert "Оплатить 370,50 ₽" in page


def test_a_sum_of_ones_own_takes_the_place_of_the_debt(client, gas, water):
    page = text_of(client.get(ADDRESS, choice(gas, **{f"sum_{key(gas)}": "500"})))

    assert "из них аванс 200,00 ₽" in page
    assert "Оплатить 500,00 ₽" in page


def test_the_press_leads_to_the_gateways_page_of_the_first(client, gas, water, gateway):
    answer = client.post(ADDRESS, press("370.50", (gas, "300.00"), (water, "70.50")))

    first, second = Payment.objects.order_by("position")
    assert answer["Location"] == f"{gateway.page_url}/{first.gateway_payment_id}"
    assert (first.state, second.state) == ("open", "intended")


def test_the_payments_of_a_press_stand_on_one_page_with_the_button_for_the_next(client, gas, water, gateway):
    client.post(ADDRESS, press("370.50", (gas, "300.00"), (water, "70.50")))

    page = text_of(client.get(address_of_basket()))

    assert "Оплачено 0,00 ₽ из 370,50 ₽" in page
    assert "Оплата 1 из 2" in page
    assert page.count("Перейти к оплате") == 1


def test_a_paid_first_leads_on_to_the_second(client, payer, gas, water, gateway):
    client.post(ADDRESS, press("370.50", (gas, "300.00"), (water, "70.50")))
    first = Payment.objects.get(position=1)
    gateway.pay(first.gateway_payment_id)
    client.get(reverse("cabinet:payment_return", args=[first.public_id]))
    Payment.objects.filter(position=1).update(state="paid", paid_at=first.created_at)

    page = text_of(client.get(reverse("cabinet:payment", args=[first.public_id])))

    assert "Оплата 1 из 2" in page
    assert "К следующей оплате" in page


def test_a_silent_gateway_shows_the_basket(client, gas, water, settings):
    settings.YOOKASSA_URL = NOTHING_LISTENS

    page = client.post(ADDRESS, press("370.50", (gas, "300.00"), (water, "70.50")), follow=True)

    assert page.redirect_chain[0][0] == address_of_basket()
    assert "Попробовать снова" in text_of(page)


def test_a_debt_that_has_changed_is_shown_anew(client, gas, water, gateway):
    make_charge(water, "1.00", period="2026-09")

    answer = client.post(ADDRESS, press("370.50", (gas, "300.00"), (water, "70.50")))

    assert "Сумма изменилась: было 370,50 ₽, теперь 371,50 ₽." in text_of(answer)
    assert 'name="shown_amount_rub" value="371.50"' in answer.content.decode()
    assert not Payment.objects.exists()


def test_nothing_chosen_and_a_sum_that_will_not_do_are_answered_on_the_form(client, gas, water):
    nothing = client.get(ADDRESS, {f"sum_{key(gas)}": ""})
    too_much = client.get(ADDRESS, choice(gas, **{f"sum_{key(gas)}": "99999"}))

    assert "Отметьте хотя бы один счёт." in text_of(nothing)
    assert "Сумма слишком велика." in text_of(too_much)
    assert 'value="99999"' in too_much.content.decode()


def test_the_payers_commission_is_shown_with_a_way_that_is_free(client, payer, gas):
    other = attached(
        payer, "100.00", "Теплосеть", "555666777", commission_by="payer", commission_percent=Decimal("3.50")
    )

    page = text_of(client.get(ADDRESS, choice(gas, other)))

    assert "403,50 ₽ вместе с комиссией" in page
    assert "Без комиссии можно заплатить по квитанции в банке" in page


def test_an_account_without_a_shop_is_named_apart(client, payer, gas):
    make_access(payer, make_account(make_supplier(name="Без магазина"), number="999888777"))

    page = text_of(client.get(ADDRESS))

    assert "(Без магазина)." in page[page.index("Пока не принимают оплату онлайн:") :]


def test_a_payment_under_way_is_warned_of(client, payer, gas, water, gateway):
    make_payment(gas, payer, "300.00", state="open")

    unwarned = client.post(ADDRESS, press("370.50", (gas, "300.00"), (water, "70.50")))
    assert "уже есть недавний платёж на 300,00 ₽" in text_of(unwarned)

    client.post(ADDRESS, press("370.50", (gas, "300.00"), (water, "70.50")) | {"knows_of_recent": "on"})
    assert Payment.objects.count() == 3


def test_somebody_elses_account_cannot_be_chosen(client, gas, water, gateway):
    client.force_login(make_payer())

    answer = client.post(ADDRESS, press("300.00", (gas, "300.00")))

    assert answer.status_code == 200
    assert not Payment.objects.exists()


def test_somebody_elses_basket_is_404(client, gas, gateway):
    client.post(ADDRESS, press("300.00", (gas, "300.00")))
    client.force_login(make_payer())

    assert client.get(address_of_basket()).status_code == 404
    assert client.get(reverse("cabinet:basket", args=[UUID(int=7)])).status_code == 404


def test_the_choice_costs_the_same_queries_for_two_accounts_as_for_four(
    client, payer, gas, water, django_assert_num_queries
):
    client.get(ADDRESS)
    with django_assert_num_queries(6):
        client.get(ADDRESS)
    for number in ("123456789", "987654321"):
        attached(payer, "1.00", f"Поставщик {number}", number)

    with django_assert_num_queries(6):
        client.get(ADDRESS)


def address_of_basket() -> str:
    return reverse("cabinet:basket", args=[Basket.objects.latest("created_at").request_id])
