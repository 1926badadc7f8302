"""A safer way to sign in: offered to customers with a payment, required of staff in the office."""

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.payments.tests.factories import make_payment
from kabinet.people.models import User
from kabinet.people.tests.factories import make_staff, make_user
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db
OFFICE = reverse("admin:index")
SECURITY = reverse("cabinet:security")
OFFER = "Защитите вход в кабинет"


def open_payment(client, user=None, *, state="paid"):
    """Open a payment; give its address and the words of its page."""
    user, account = user or make_user(), make_account()
    make_access(user, account)
    client.force_login(user)
    address = reverse("cabinet:payment", args=[make_payment(account, user, state=state).public_id])
    return address, text_of(client.get(address))


def test_it_is_offered_where_something_was_paid(client):
    assert OFFER in open_payment(client)[1]


@pytest.mark.parametrize("state", ["open", "failed"])
def test_it_is_not_offered_while_nothing_is_paid(client, state):
    assert OFFER not in open_payment(client, state=state)[1]


def test_it_is_not_offered_to_who_has_it(client):
    assert OFFER not in open_payment(client, make_staff())[1]


def test_who_says_not_now_stays_on_the_page_and_is_not_asked_again(client):
    address, _page = open_payment(client)

    answer = client.post(reverse("cabinet:second_factor_decline"), {"next": address}, follow=True)

    assert answer.redirect_chain == [(address, 302)]
    assert OFFER not in text_of(answer)
    assert User.objects.get().second_factor_declined_at is not None


def test_not_now_leads_to_no_foreign_page(client):
    client.force_login(make_user())

    answer = client.post(reverse("cabinet:second_factor_decline"), {"next": "//evil.example/"})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("is_staff", [True, False])
@pytest.mark.parametrize("address", [OFFICE, reverse("admin:suppliers_supplier_changelist")])
def test_staff_without_a_second_factor_set_one_up_before_anything_else(client, address, is_staff):
    client.force_login(make_user(is_staff=is_staff, is_superuser=True))

    answer = client.get(address, follow=True)

    assert answer.redirect_chain == [(SECURITY, 302)]
    assert "Сотрудникам нужен второй шаг входа." in text_of(answer)


def test_nothing_is_done_in_the_office_without_a_second_factor(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))

    assert client.post(reverse("admin:suppliers_supplier_add"), {}).headers["Location"] == SECURITY


def test_staff_with_a_second_factor_enter(client):
    client.force_login(make_staff())

    assert client.get(OFFICE).status_code == 200


def test_the_rest_of_the_cabinet_asks_nothing_of_staff(client):
    client.force_login(make_user(is_staff=True))

    assert client.get(reverse("cabinet:settings")).status_code == 200


def test_customers_and_strangers_learn_nothing_of_it(client):
    assert client.get(OFFICE).status_code == 302
    client.force_login(make_user())

    assert client.get(OFFICE, follow=True).status_code == 403
