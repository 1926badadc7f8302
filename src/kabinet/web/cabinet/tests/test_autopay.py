"""«Автоплатёж» on the screen: offered, agreed to after the password, canceled, switched off."""

from uuid import uuid4

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.payments.models import Autopay
from kabinet.payments.tests.factories import make_autopay_charge, make_payer, make_shop
from kabinet.people.tests.factories import PASSWORD
from kabinet.web.cabinet.tests.screens import shown_on, text_of
from sandbox.testing import running_sandbox

pytestmark = pytest.mark.django_db


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


def attached(client, **shop):
    account, payer = make_account(), make_payer()
    make_shop(account.supplier, **({"saves_methods": True} | shop))
    make_access(payer, account)
    make_charge(account, "1234.56")
    client.force_login(payer)
    return account, payer


def address(name, account, *more):
    return reverse(f"cabinet:{name}", args=[account.supplier_id, account.id, *more])


def filled(**values):
    usual = {"first_sum_rub": "1234,56", "day": "10", "cap_rub": "3000", "agrees": "on", "consent_version": "1"}
    return usual | {"request_id": str(uuid4())} | values


def test_it_is_offered_where_the_shop_keeps_cards(client):
    account, _payer = attached(client)

    assert "Включить автоплатёж" in text_of(client.get(address("autopay", account)))


def test_elsewhere_the_page_says_so(client):
    account, _payer = attached(client, saves_methods=False)

    page = client.get(address("autopay", account))

    assert "Автоплатежа здесь пока нет" in text_of(page)
    assert client.get(address("autopay_agree", account)).status_code == 302


def test_the_password_is_asked_again_then_the_form_leads_to_the_gateway(client, gateway):
    account, _payer = attached(client)
    asked = client.get(address("autopay_agree", account), follow=True)
    assert asked.redirect_chain[0][0].startswith(reverse("account_reauthenticate"))

    form = client.post(asked.redirect_chain[0][0], {"password": PASSWORD}, follow=True)
    assert "234,56" in form.content.decode()
    gone = client.post(address("autopay_agree", account), filled())

    assert gone.status_code == 302
    assert gone.headers["Location"].startswith(gateway.page_url)
    assert Autopay.objects.get().state == "waiting"
    assert "включится, когда пройдёт первая оплата" in text_of(client.get(address("autopay", account)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"agrees": ""}, "Без согласия автоплатёж не включить"),
        ({"cap_rub": "0"}, "Сумма должна быть больше нуля"),
        ({"cap_rub": "много"}, "Укажите сумму в рублях и копейках"),
        ({"first_sum_rub": "9999999"}, "Сумма слишком велика"),
        ({"consent_version": "2"}, "текст согласия обновился"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, gateway, wrong, words):
    account, _payer = attached(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = client.post(address("autopay_agree", account), filled(**wrong))

    assert words in text_of(page)
    assert 'value="1234,56"' in page.content.decode() or "first_sum_rub" in wrong
    assert not Autopay.objects.exists()


def test_an_announced_charge_can_be_canceled_and_the_order_switched_off(client):
    account, payer = attached(client)
    charge = make_autopay_charge(account, payer)
    assert "25.11.2026 спишем не больше 500,00" in text_of(client.get(address("autopay", account)))

    canceled = client.post(address("autopay_cancel", account, charge.id), follow=True)
    stopped = client.post(address("autopay_stop", account), follow=True)

    assert "Списание отменено" in text_of(canceled)
    assert "Автоплатёж выключен" in text_of(stopped)
    assert Autopay.objects.get().sealed_method == ""


def test_the_page_costs_a_fixed_number_of_queries(client, django_assert_num_queries):
    account, payer = attached(client)
    make_autopay_charge(account, payer)
    client.get(address("autopay", account))

    with django_assert_num_queries(6):
        client.get(address("autopay", account))
