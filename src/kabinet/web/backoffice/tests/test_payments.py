"""Payments as staff see them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.payments.models import Chargeback, ChargebackShare, Payment
from kabinet.payments.queries.office import payment_for_staff
from kabinet.payments.tests.factories import make_payer, make_payment
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db
LIST = reverse("office:payments")


@pytest.fixture
def payment():
    return make_payment(make_account(number="702062012"), make_payer(), "1234.56", state="paid")


@pytest.fixture
def accountant(client, payment):
    user = make_member("accountant", payment.supplier)
    client.force_login(user)
    return user


def test_the_list_shows_account_state_and_sum(client, accountant):
    words = text_of(client.get(LIST))

    assert "702 062 012" in words
    assert "Оплачено 1 234,56 ₽" in words


@pytest.mark.parametrize("typed", ["702062012", " 702 062 012 "])
def test_a_payment_is_found_by_the_number_of_its_account(client, accountant, typed):
    assert "1 234,56" in text_of(client.get(LIST, {"text": typed}))


def test_a_payment_is_found_by_its_number_and_by_the_gateways(client, accountant, payment):
    for number in (str(payment.public_id), payment.gateway_payment_id):
        assert "1 234,56" in text_of(client.get(LIST, {"text": number}))


def test_nothing_found_says_so(client, accountant):
    assert "Ничего не нашлось" in text_of(client.get(LIST, {"text": "702062013"}))


def test_a_list_without_payments_says_so(client):
    client.force_login(make_member("accountant", make_account().supplier))

    assert "Платежей ещё не было" in text_of(client.get(LIST))


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({"state": "paid"}, True),
        ({"state": "open"}, False),
        ({"started_on": "2026-11-22"}, True),
        ({"started_on": "2026-11-21"}, False),
        ({"needs_person": "on"}, False),
    ],
)
def test_the_list_is_narrowed_by_state_day_and_alarm(client, accountant, query, is_found):
    assert ("1 234,56" in text_of(client.get(LIST, query))) is is_found


def test_another_suppliers_payments_are_not_in_the_list(client, accountant):
    make_payment(make_account(), make_payer(), "77.77", state="paid")

    assert "77,77" not in text_of(client.get(LIST))


def test_an_operator_sees_the_payments_of_all_suppliers(client, payment):
    make_payment(make_account(), make_payer(), "77.77", state="paid")
    client.force_login(make_member("operator"))

    words = text_of(client.get(LIST))

    assert "77,77" in words
    assert "1 234,56" in words
    assert payment.supplier.name in words


def test_a_list_costs_as_much_however_long_it_is(client, accountant, payment, django_assert_num_queries):
    for _number in range(40):
        make_payment(payment.shares.get().account, make_payer())

    with django_assert_num_queries(10):
        page = client.get(LIST)

    assert text_of(page).count("702 062 012") == 30
    assert "page=2" in page.content.decode()
    assert text_of(client.get(LIST, {"page": "2"})).count("702 062 012") == 11


def test_one_payment_shows_its_shares_its_numbers_and_its_path(client, accountant, payment):
    words = text_of(client.get(reverse("office:payment", args=[payment.public_id])))

    assert "702 062 012, Газ 1 234,56 ₽" in words
    assert payment.gateway_payment_id in words
    assert "Деньги списаны с плательщика" in words
    assert payment.basket.user.email not in words


def test_one_payment_costs_a_fixed_number_of_queries(client, accountant, payment, django_assert_num_queries):
    with django_assert_num_queries(15):
        client.get(reverse("office:payment", args=[payment.public_id]))


def test_what_a_bank_took_back_of_a_share_is_not_left_of_it(payment):
    chargeback = Chargeback.objects.create(
        supplier=payment.supplier,
        shop=payment.shop,
        payment=payment,
        reference="CB-1",
        amount_rub=Decimal("1000.00"),
        came_on=NOW.date(),
        recorded_at=NOW,
    )
    ChargebackShare.objects.create(
        supplier=payment.supplier, chargeback=chargeback, share=payment.shares.get(), amount_rub=Decimal("1000.00")
    )

    [share] = payment_for_staff(payment.public_id, visible_to=make_member("accountant", payment.supplier)).shares

    assert share.left_rub == Decimal("234.56")


def test_a_person_who_has_looked_at_a_payment_says_so(client, accountant, payment):
    Payment.objects.update(alarm=Payment.Alarm.PAID_AFTER_FAILED)
    page = reverse("office:payment", args=[payment.public_id])
    assert "Разобрались" in text_of(client.get(page))

    answer = client.post(reverse("office:payment_alarm", args=[payment.public_id]), {"alarm": "paid_after_failed"})

    assert answer.url == page
    words = text_of(client.get(page))
    assert "Нужен человек" not in words
    assert "Разобрались" not in words


def test_what_has_happened_meanwhile_is_said_beside_the_button(client, accountant, payment):
    Payment.objects.update(alarm=Payment.Alarm.RECEIPT_FAILED)

    answer = client.post(reverse("office:payment_alarm", args=[payment.public_id]), {"alarm": "paid_after_failed"})

    assert answer.status_code == 422
    assert "С платежом успело произойти другое" in text_of(answer)
