"""The frame of a page knows the accounts, the current one and the section."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve, reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.people.tests.factories import make_user
from kabinet.web.cabinet.context import cabinet

pytestmark = pytest.mark.django_db


def nav_at(address, user, session=None):
    request = RequestFactory().get(address)
    request.user, request.session = user, {} if session is None else session
    request.resolver_match = resolve(address)
    return cabinet(request)["nav"]


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def accounts(person):
    made = [make_account(), make_account()]
    for position, account in enumerate(made):
        make_access(person, account, position=position)
    return made


def settings_of(account):
    return reverse("cabinet:account_settings", args=[account.supplier_id, account.id])


def test_the_account_of_the_address_is_the_current_one_and_is_remembered(person, accounts):
    session = {}

    assert nav_at(settings_of(accounts[1]), person, session).account.id == accounts[1].id
    assert nav_at(reverse("cabinet:settings"), person, session).account.id == accounts[1].id


def test_before_any_account_was_looked_at_the_first_is_the_current_one(person, accounts):
    assert nav_at(reverse("cabinet:settings"), person).account.id == accounts[0].id


def test_a_foreign_account_never_becomes_the_current_one(person, accounts):
    session = {}

    assert nav_at(settings_of(make_account()), person, session).account.id == accounts[0].id
    assert session == {}


def test_a_detached_account_is_forgotten(person, accounts):
    assert nav_at(reverse("cabinet:settings"), person, {"account": "0-0"}).account.id == accounts[0].id


def test_a_page_that_does_not_ask_costs_nothing_and_one_that_asks_one_query(
    person, accounts, django_assert_num_queries
):
    with django_assert_num_queries(0):
        nav = nav_at(reverse("cabinet:settings"), person)
    with django_assert_num_queries(1):
        assert len(nav.accounts) == 2
        assert nav.account is not None


def test_who_is_not_signed_in_has_no_accounts(django_assert_num_queries):
    with django_assert_num_queries(0):
        nav = nav_at(reverse("cabinet:settings"), AnonymousUser())
        assert (nav.accounts, nav.account) == ([], None)


@pytest.mark.parametrize(
    ("name", "section"), [("settings", "settings"), ("account_attach", "settings"), ("welcome", "")]
)
def test_the_section_is_told_by_the_address(person, name, section):
    assert nav_at(reverse(f"cabinet:{name}"), person).section == section
