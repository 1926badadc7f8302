"""Staff find a customer in one box, and open their card."""

import pytest
from django.urls import reverse

from kabinet.accounts.models import AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.audit.models import Entry
from kabinet.payments.tests.factories import make_payer, make_payment
from kabinet.people.models import StaffRole
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.support.tests.factories import make_question
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def account():
    return make_account(number="702062012", surname="Щербакова", given_name="Алёна", patronymic="")


@pytest.fixture
def support(client, account):
    member = make_member("support", account.supplier)
    client.force_login(member)
    return member


def search(client, text):
    return client.post(reverse("office:customers"), {"text": text}, follow=True)


def card(account, name="account", *more):
    return reverse(f"office:{name}", args=[account.supplier_id, account.id, *more])


# --- The box ----------------------------------------------------------------------------------------------------------


def test_the_only_one_who_is_found_is_opened(client, support, account):
    assert search(client, "шербакава").redirect_chain[-1][0] == card(account)


def test_of_several_one_is_chosen(client, support, account):
    other = make_account(account.supplier, number="702062013", surname="Щербаков", given_name="Пётр", patronymic="")

    page = search(client, "щербаков")

    assert page.redirect_chain[-1][0] == reverse("office:customers")
    assert card(account) in page.content.decode()
    assert card(other) in page.content.decode()
    assert "Поставщик" not in text_of(page)


def test_what_was_typed_is_in_no_address_and_waits_for_the_way_back(client, support, account):
    make_account(account.supplier, surname="Щербаков")

    page = search(client, "щербаков")
    again = client.get(reverse("office:customers"))

    assert not any("?" in address for address, _status in page.redirect_chain)
    assert "щербаков" in again.content.decode()
    assert card(account) in again.content.decode()


def test_nobody_is_said(client, support):
    assert "Никого не нашли" in text_of(search(client, "Кюхельбекер"))


def test_an_empty_box_asks_for_something(client, support, account):
    answer = client.post(reverse("office:customers"), {"text": " "})

    assert answer.status_code == 422
    assert "что назвали" in text_of(answer)


def test_a_text_that_is_too_long_is_refused(client, support):
    assert client.post(reverse("office:customers"), {"text": "я" * 121}).status_code == 422


def test_the_same_number_at_two_suppliers_is_a_choice_with_their_names(client, support, account):
    other = make_account(make_supplier(), number=account.number)
    StaffRole.objects.create(user=support, supplier=other.supplier, role="support")

    words = text_of(search(client, account.number))

    assert account.supplier.name in words
    assert other.supplier.name in words


def test_another_suppliers_customer_is_not_found(client, account):
    client.force_login(make_member("accountant", make_supplier()))

    assert "Никого не нашли" in text_of(search(client, account.number))


# --- The card ---------------------------------------------------------------------------------------------------------


def test_a_view_of_a_card_is_noted_once(client, support, account):
    for name in ("account", "account_meters", "account_cabinets", "account"):
        client.get(card(account, name))

    entry = Entry.objects.get(action="account.viewed")
    assert (entry.actor, entry.supplier_id, entry.subject) == (support, account.supplier_id, f"account:{account.id}")


def test_whoever_opens_an_act_without_the_card_has_seen_it_too(client, support, account):
    page = client.get(card(account, "account_act", "residents"))

    assert page.status_code == 200
    assert Entry.objects.get(action="account.viewed").subject == f"account:{account.id}"


def test_the_next_day_it_is_another_view_and_so_is_somebody_elses(client, support, account):
    client.get(card(account))
    with shown_on("2026-11-23"):
        client.get(card(account))
    client.force_login(make_member("manager", account.supplier))
    client.get(card(account))

    assert Entry.objects.filter(action="account.viewed").count() == 3


def test_a_card_of_another_supplier_leaves_no_entry(client, support):
    assert client.get(card(make_account())).status_code == 404
    assert not Entry.objects.filter(action="account.viewed").exists()


@pytest.mark.parametrize("role", ["manager", "helpdesk"])
def test_who_only_sees_customers_is_offered_nothing_to_change(client, account, role):
    make_access(make_user(), account, level="lite")
    client.force_login(make_member(role, account.supplier if role == "manager" else None))

    pages = [
        client.get(card(account, name))
        for name in ("account", "account_meters", "account_people", "account_payments", "account_cabinets")
    ]

    assert [page.status_code for page in pages] == [200] * 5
    assert not any("/acts/" in page.content.decode() for page in pages)


def test_payments_of_the_account_are_listed(client, support, account):
    payer = make_payer()
    make_payment(account, payer, state="paid")
    make_payment(make_account(account.supplier), payer, state="paid")

    page = client.get(card(account, "account_payments"))

    assert len(page.context["payments"]) == 1


def test_holders_are_shown_masked_with_their_questions(client, support, account):
    owner = make_user("anna@example.ru")
    make_access(owner, account)
    make_question(owner, account=account, supplier=account.supplier, subject="Откуда долг?")
    make_question(owner, subject="О другом")

    words = text_of(client.get(card(account, "account_cabinets")))

    assert "a•••@example.ru" in words
    assert "anna@" not in words
    assert "Откуда долг?" in words
    assert "О другом" not in words


# --- Who has the account ----------------------------------------------------------------------------------------------


def test_staff_take_an_account_out_of_a_cabinet(client, support, account):
    stays, goes = make_access(make_user(), account), make_access(make_user(), account)

    client.post(card(account, "account_act_on", "access-end", goes.id))

    assert list(AccountAccess.objects.all()) == [stays]
    assert Entry.objects.get(action="account.access_ended").details == {"user": goes.user_id}


def test_staff_who_have_seen_a_paper_give_full_access(client, support, account):
    access = make_access(make_user(), account, level="lite")

    client.post(card(account, "account_act_on", "access-full", access.id), {"document": "договор"})

    access.refresh_from_db()
    assert access.is_full
    assert Entry.objects.get(action="account.full_access_given").details["document"] == "договор"


@pytest.mark.parametrize("key", ["access-end", "access-full"])
def test_an_attachment_of_another_account_is_not_there(client, support, account, key):
    foreign = make_access(make_user(), make_account(account.supplier), level="lite")

    answer = client.post(card(account, "account_act_on", key, foreign.id), {"document": "договор"})

    assert answer.status_code == 404
    assert not AccountAccess.objects.get().is_full
