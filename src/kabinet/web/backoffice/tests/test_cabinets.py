"""Who has an account in a cabinet, on its card: a cabinet that counted through numbers is opened there."""

import pytest
from django.urls import reverse

from kabinet.accounts.models import AttachingLock
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.testing import NOW
from kabinet.people.rules import rights
from kabinet.people.tests.factories import make_user
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def access():
    """A cabinet with one account that attaches no more."""
    found = make_access(make_user("curious@example.ru"), make_account())
    AttachingLock.objects.create(user=found.user, locked_at=NOW)
    return found


def signed_in(client, access, role):
    client.force_login(make_member(role, None if role in rights.OF_INSTALLATION else access.account.supplier))


def card(access):
    return reverse("office:account_cabinets", args=[access.supplier_id, access.account_id])


def unlock(access):
    return reverse("office:account_act_on", args=[access.supplier_id, access.account_id, "attaching-unlock", access.id])


@pytest.mark.parametrize("role", ["support", "manager", "helpdesk"])
def test_who_answers_customers_opens_a_locked_cabinet_on_the_card(client, access, role):
    signed_in(client, access, role)
    page = client.get(card(access))
    assert "подключение счетов закрыто" in text_of(page)
    assert unlock(access) in page.content.decode()
    assert client.post(unlock(access), {"reason": " "}).status_code == 422

    words = text_of(client.post(unlock(access), {"reason": "Свои квартиры"}, follow=True))

    assert "Подключение счетов снова открыто." in words
    assert "подключение счетов закрыто" not in words
    assert client.get(unlock(access)).status_code == 404


def test_an_accountant_sees_that_it_is_locked_and_is_offered_nothing(client, access):
    signed_in(client, access, "accountant")

    page = client.get(card(access))

    assert "подключение счетов закрыто" in text_of(page)
    assert unlock(access) not in page.content.decode()
    assert client.post(unlock(access), {"reason": "Свои квартиры"}).status_code == 403
    assert AttachingLock.objects.filter(lifted_at=None).exists()
