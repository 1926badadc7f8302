"""Staff see what waits for a second person, and decide."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Adjustment
from kabinet.charges.tests.documents import propose
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.ledger import queries as ledger
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def account():
    account = make_account(number="702062012")
    make_charge(account, "300.00", period="2026-10")
    return account


@pytest.fixture
def first(account):
    return make_member("accountant", account.supplier, given_name="Вера", surname="Орлова")


@pytest.fixture
def second(account, client):
    member = make_member("manager", account.supplier, given_name="Пётр", surname="Ильин")
    client.force_login(member)
    return member


def address(name, proposal):
    return reverse(f"office:{name}", args=[proposal.supplier_id, proposal.id])


def test_the_page_says_who_why_and_what_will_be_owed(client, account, first, second):
    proposal = propose(account, "-120.00", kind="write_off", reason="Решение суда № 5", actor=first)
    make_payment(account, "50.00")

    words = text_of(client.get(address("proposal", proposal)))

    assert "Вера Орлова" in words
    assert "Решение суда № 5" in words
    assert "Счёт был тогда должен +300,00 ₽" in words
    assert "Должен сейчас +250,00 ₽" in words
    assert "Будет должен +130,00 ₽" in words
    assert "Провести документ" in words


def test_the_second_person_approves_and_the_card_names_both(client, account, first, second):
    proposal = propose(account, "-120.00", kind="write_off", actor=first)

    answer = client.post(address("proposal_approve", proposal), follow=True)

    assert "Документ проведён." in text_of(answer)
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("180.00")
    card = text_of(client.get(reverse("office:account", args=[account.supplier_id, account.id])))
    assert "Вера Орлова, Пётр Ильин" in card


def test_the_first_person_sees_no_button_and_is_refused(client, account, first):
    proposal = propose(account, "-120.00", actor=first)
    client.force_login(first)

    page = text_of(client.get(address("proposal", proposal)))
    answer = client.post(address("proposal_approve", proposal))

    assert "Провести документ" not in page
    assert "Провести должен другой сотрудник" in page
    assert answer.status_code == 422
    assert not Adjustment.objects.exists()
    assert "отозван" in text_of(client.post(address("proposal_withdraw", proposal), follow=True))


def test_what_no_longer_fits_says_why(client, account, first, second):
    proposal = propose(account, "-300.00", kind="write_off", actor=first)
    make_payment(account, "100.00")

    words = text_of(client.post(address("proposal_approve", proposal), follow=True))

    assert "Провести уже нельзя: Долг по этой услуге сейчас 200,00 ₽" in words
    assert "Снято" in words


def test_it_is_declined_with_a_reason(client, account, first, second):
    proposal = propose(account, "-120.00", actor=first)

    assert client.post(address("proposal_decline", proposal), {"note": ""}).status_code == 422
    words = text_of(client.post(address("proposal_decline", proposal), {"note": "Нет решения"}, follow=True))

    assert "Отклонено" in words
    assert "Нет решения" in words


def test_the_first_page_counts_what_others_have_proposed(client, account, first, second):
    propose(account, "-120.00", actor=first)

    assert "Списания и корректировки на решение: 1" in text_of(client.get(reverse("office:home")))
    client.force_login(first)
    assert "Списания и корректировки на решение" not in text_of(client.get(reverse("office:home")))


def test_the_list_shows_what_waits_and_what_was_decided(client, account, first, second):
    propose(account, "-120.00", actor=first)
    overview = reverse("office:proposals")

    assert "702 062 012" in text_of(client.get(overview + "?state=waiting"))
    assert "Ничего не нашлось" in text_of(client.get(overview + "?state=approved"))
    assert client.get(overview + "?download=csv").status_code == 200


def test_the_list_costs_a_fixed_number_of_queries(client, account, first, second, django_assert_num_queries):
    overview = reverse("office:proposals")
    propose(account, "-1.00", actor=first)
    client.get(overview)
    for _number in range(3):
        other = make_account(account.supplier)
        make_charge(other, "10.00")
        propose(other, "-1.00", actor=first)

    with django_assert_num_queries(8):
        client.get(overview)
