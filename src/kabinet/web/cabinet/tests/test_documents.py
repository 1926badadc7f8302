"""A paper that cannot be typeset: its address says what to do instead, and gives the paper once it can be made."""

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills.models import Certificate
from kabinet.bills.tests.papers import unprintable
from kabinet.charges.tests.factories import make_charge
from kabinet.charges.tests.factories import make_payment as settle
from kabinet.payments.tests.factories import make_payment
from kabinet.people.tests.factories import make_user
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def payer(client):
    payer = make_user()
    client.force_login(payer)
    return payer


@pytest.fixture
def account(payer):
    account = make_account(number="702062012")
    make_access(payer, account)
    return account


def bill(client, account, payer):
    make_charge(account, "122.50", period="2026-10")
    return reverse("cabinet:bill", args=[account.supplier_id, account.id, "2026-10"])


def payment_proof(client, account, payer):
    return reverse("cabinet:payment_proof", args=[make_payment(account, payer, "100.00", state="paid").public_id])


def certificate(client, account, payer):
    make_charge(account, "122.50", period="2026-10")
    settle(account, "122.50")
    key = [account.supplier_id, account.id]
    client.post(reverse("cabinet:certificates", args=key))
    return reverse("cabinet:certificate", args=[*key, Certificate.objects.get().id])


def account_statement(client, account, payer):
    return reverse("cabinet:account_statement_pdf", args=[account.supplier_id, account.id])


@pytest.mark.parametrize("paper", [bill, payment_proof, certificate, account_statement])
def test_a_paper_that_cannot_be_made_is_answered_with_what_to_do_instead(client, account, payer, tmp_path, paper):
    address = paper(client, account, payer)

    with unprintable("702062012", tmp_path):
        answer = client.get(address)

    words = text_of(answer)
    assert answer.status_code == 503
    assert answer["Content-Type"].startswith("text/html")
    assert "Составить его не получилось: ошибка у нас." in words
    assert "платить второй раз не нужно" in words
    assert "Если документ не откроется и тогда, напишите нам." in words
    assert f'href="{address}"' in answer.content.decode()
    assert reverse("cabinet:question_ask") in answer.content.decode()

    assert client.get(address)["Content-Type"] == "application/pdf"


def test_the_page_names_the_request_by_which_support_finds_what_happened(client, account, payer, tmp_path):
    address = account_statement(client, account, payer)

    with unprintable("702062012", tmp_path):
        answer = client.get(address)

    assert f"Назовите в обращении номер {answer.wsgi_request.id}" in text_of(answer)


def test_a_strangers_paper_does_not_exist_whether_it_can_be_made_or_not(client, account, payer, tmp_path):
    address = bill(client, account, payer)
    client.force_login(make_user())

    with unprintable("702062012", tmp_path):
        assert client.get(address).status_code == 404
