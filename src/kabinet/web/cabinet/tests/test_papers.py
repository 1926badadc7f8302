"""Certificates and the act of reconciliation: who may enter, what stands there, what a code tells anybody."""

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills.models import Certificate
from kabinet.bills.tests.papers import words_of
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.people.operations.counters import WRONG_CODES_FROM_NETWORK
from kabinet.people.tests.factories import make_user
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db

CHECK = reverse("cabinet:certificate_check_form")


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def account(client):
    user, account = make_user(), make_account(number="702062012")
    make_access(user, account)
    client.force_login(user)
    make_charge(account, "122.50", period="2026-10")
    return account


def address(name, account, *more, query=""):
    return reverse(f"cabinet:{name}", args=[account.supplier_id, account.id, *more]) + query


def issued(client, account) -> Certificate:
    make_payment(account, "122.50")
    client.post(address("certificates", account))
    return Certificate.objects.get()


# The certificate


def test_a_debt_is_named_with_what_to_do(client, account):
    page = text_of(client.get(address("certificates", account)))

    assert "122,50 ₽ Столько нужно оплатить, чтобы получить справку" in page
    assert "Оплата онлайн" in page


def test_asked_for_with_a_debt_it_is_refused_with_the_sum(client, account):
    response = client.post(address("certificates", account))

    assert response.status_code == 422
    assert "По счёту есть долг 122,50 ₽. Оплатите его" in text_of(response)
    assert not Certificate.objects.exists()


def test_without_a_debt_a_press_gives_it_and_a_second_press_the_same(client, account):
    make_payment(account, "122.50")

    response = client.post(address("certificates", account), follow=True)
    client.post(address("certificates", account))

    assert "Справка готова." in text_of(response)
    assert "На 22 ноября 2026 код" in text_of(response)
    certificate = Certificate.objects.get()
    pdf = client.get(address("certificate", account, certificate.id))
    assert pdf["Content-Type"] == "application/pdf"
    assert "702062012" in words_of(pdf.content)
    assert "702062012" not in pdf["Content-Disposition"]


def test_it_asks_the_database_as_often_with_many_as_with_one(client, account, django_assert_num_queries):
    issued(client, account)
    url = address("certificates", account)
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
    for day in range(1, 9):
        with shown_on(f"2026-12-{day:02}"):
            client.post(url)
    assert Certificate.objects.count() == 9
    with django_assert_num_queries(7):
        client.get(url)


# Its check


def test_anybody_with_the_code_is_told_what_the_paper_says(client, client_elsewhere, account):
    certificate = issued(client, account)

    response = client_elsewhere.get(CHECK, {"code": certificate.code.lower()}, follow=True)

    page = text_of(response)
    assert response.status_code == 200
    assert response.redirect_chain[0][1] == 302
    assert "Справка подлинная." in page
    assert "На 22 ноября 2026 долга нет" in page
    assert "Лицевой счёт •••••2012" in page
    assert account.supplier.name in page
    assert not [word for word in ("702062012", "702 062 012", "Петров", "Лесная") if word in page]
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_code_that_was_never_given_out_is_called_so(client_elsewhere):
    response = client_elsewhere.get(reverse("cabinet:certificate_check", args=["0000-0000-0000-0000"]))

    assert response.status_code == 404
    assert "Справки с таким кодом мы не выдавали." in text_of(response)


@pytest.mark.parametrize("code", ["", "12", "<script>"])
def test_what_is_no_code_is_answered_beside_the_field(client_elsewhere, code):
    response = client_elsewhere.get(CHECK, {"code": code})

    assert response.status_code == 422
    assert response.context["form"].errors["code"]


def test_the_form_alone_finds_no_fault(client_elsewhere):
    response = client_elsewhere.get(CHECK)

    assert response.status_code == 200
    assert "не выдавали" not in text_of(response)


def test_guessing_is_stopped(client, client_elsewhere, account):
    certificate = issued(client, account)
    wrong = reverse("cabinet:certificate_check", args=["0000-0000-0000-0000"])
    for _ in range(WRONG_CODES_FROM_NETWORK):
        client_elsewhere.get(wrong)

    response = client_elsewhere.get(reverse("cabinet:certificate_check", args=[certificate.code]))

    assert response.status_code == 429
    assert "слишком много неверных кодов" in text_of(response)
    assert "Справка подлинная." not in text_of(response)


# The act of reconciliation


def test_the_act_shows_the_last_year_and_adds_up(client, account):
    make_payment(account, "100", on="2026-11-12")

    page = text_of(client.get(address("account_statement", account)))

    assert "Начислено 122,50 ₽ Оплачено 100,00 ₽ Остаток на конец 22.11.2026" in page
    assert "Начисление за октябрь 2026 Газ 01.11.2026 122,50 ₽" in page
    assert "Оплата Газ 12.11.2026 100,00 ₽" in page
    assert "22,50 ₽" in page


def test_months_may_be_chosen_and_go_into_the_file(client, account):
    query = "?since=2026-11&last=2026-11"

    page = client.get(address("account_statement", account, query=query))
    pdf = client.get(address("account_statement_pdf", account, query=query))

    assert "Остаток на 01.11.2026 122,50 ₽" in text_of(page)
    assert "Движений не было" in text_of(page)
    assert f"{address('account_statement_pdf', account)}?since=2026-11&amp;last=2026-11" in page.content.decode()
    assert "Долг на 1 ноября 2026 122,50 ₽" in words_of(pdf.content)


@pytest.mark.parametrize("query", ["?since=2026-11&last=2026-10", "?since=x", "?last=2030-01", "?since=1800-01"])
def test_months_that_make_no_period_are_refused_above_the_form_and_as_a_file_not_found(client, account, query):
    response = client.get(address("account_statement", account, query=query))

    assert response.status_code == 422
    assert client.get(address("account_statement_pdf", account, query=query)).status_code == 404


def test_an_account_without_movements_has_an_empty_act(client):
    user, account = make_user(), make_account()
    make_access(user, account)
    client.force_login(user)

    assert "Движений не было" in text_of(client.get(address("account_statement", account)))


def test_the_act_asks_the_database_as_often_whatever_happened(client, account, django_assert_num_queries):
    url = address("account_statement", account)
    client.get(url)
    with django_assert_num_queries(11):
        client.get(url)
    for month in range(1, 9):
        make_charge(account, "10", period=f"2026-{month:02}")
        make_payment(account, "10", on=f"2026-{month:02}-12")
    with django_assert_num_queries(11):
        client.get(url)


# Who may


def test_lite_access_is_told_how_to_gain_more_and_a_stranger_finds_nothing(client, client_elsewhere, account):
    certificate = issued(client, account)
    addresses = [
        address("certificates", account),
        address("certificate", account, certificate.id),
        address("account_statement", account),
        address("account_statement_pdf", account),
    ]
    lite = make_user()
    make_access(lite, account, "lite")

    client.force_login(lite)
    assert [client.get(url).status_code for url in addresses] == [403] * 4
    assert client.post(addresses[0]).status_code == 403
    client.force_login(make_user())
    assert [client.get(url).status_code for url in addresses] == [404] * 4
    assert [client_elsewhere.get(url).status_code for url in addresses] == [302] * 4
