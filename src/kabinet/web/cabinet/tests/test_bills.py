"""«Квитанции»: who may enter, what stands there, what a link gives."""

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills.tests.papers import words_of
from kabinet.charges.tests.factories import make_charge
from kabinet.common.month import Month
from kabinet.payments.tests.factories import make_payment
from kabinet.people.tests.factories import make_user
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    user = make_user()
    client.force_login(user)
    return user


def charged_account(user, level="full", **values):
    account = make_account(**values)
    make_access(user, account, level)
    make_charge(account, "122.50", period="2026-10")
    return account


def bills(client, account):
    with shown_on("2026-11-22"):
        return client.get(reverse("cabinet:bills", args=[account.supplier_id, account.id]))


def bill(client, account, month):
    with shown_on("2026-11-22"):
        return client.get(reverse("cabinet:bill", args=[account.supplier_id, account.id, month]))


def test_months_stand_with_their_sums_and_a_blank_is_offered_for_the_present_one(client, signed_in):
    account = charged_account(signed_in)

    response = bills(client, account)

    words = text_of(response)
    assert "октябрь 2026 122,50 ₽ 0,00 ₽ 122,50 ₽ PDF за октябрь 2026" in words
    assert "За ноябрь 2026 ещё не начислено." in words
    assert reverse("cabinet:bill", args=[account.supplier_id, account.id, "2026-10"]) in response.content.decode()
    assert reverse("cabinet:bill", args=[account.supplier_id, account.id, "2026-11"]) in response.content.decode()


def test_a_year_of_bills_stands_open_and_the_rest_is_folded_away(client, signed_in):
    account = charged_account(signed_in)
    for back in range(1, 14):
        make_charge(account, "100", period=str(Month(2026, 10).plus(-back)))

    page = bills(client, account).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    listed, folded = page.split('<details class="fold">')

    assert "ноябрь 2025" in listed
    assert "октябрь 2025" not in listed
    assert "Раньше: 2" in folded
    assert "октябрь 2025" in folded
    assert "сентябрь 2025" in folded


def test_an_account_without_charges_has_an_empty_list(client, signed_in):
    account = make_account()
    make_access(signed_in, account)

    assert "Счетов пока нет" in text_of(bills(client, account))


def test_a_link_gives_the_pdf_under_a_name_without_the_accounts_number(client, signed_in):
    account = charged_account(signed_in, number="702062012")

    response = bill(client, account, "2026-10")

    assert response["Content-Type"] == "application/pdf"
    assert "702062012" not in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert "122,50" in words_of(response.content)


@pytest.mark.parametrize("month", ["2026-13", "2026-12", "october", "2026-1"])
def test_a_month_that_has_no_bill_is_not_found(client, signed_in, month):
    account = charged_account(signed_in)

    assert bill(client, account, month).status_code == 404


def test_lite_access_is_told_how_to_gain_more(client, signed_in):
    account = charged_account(signed_in, "lite")

    for response in (bills(client, account), bill(client, account, "2026-10")):
        assert response.status_code == 403
        assert "нужен полный доступ" in text_of(response)


def test_a_stranger_is_told_there_is_no_such_page(client, signed_in):
    account = charged_account(make_user())

    assert bills(client, account).status_code == 404
    assert bill(client, account, "2026-10").status_code == 404


def test_a_visitor_is_sent_to_sign_in(client):
    account = charged_account(make_user())

    assert bills(client, account).status_code == 302


def test_a_payer_gets_the_proof_and_the_family_does_not(client, signed_in):
    payer = make_user()
    account = charged_account(payer)
    make_access(signed_in, account)
    payment = make_payment(account, payer, "100.00", state="paid")
    address = reverse("cabinet:payment_proof", args=[payment.public_id])

    assert client.get(address).status_code == 404
    client.force_login(payer)
    assert "100,00 ₽" in words_of(client.get(address).content)
