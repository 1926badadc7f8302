"""What a holder sees of an account."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection

from kabinet.accounts import queries
from kabinet.accounts.models import AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def card_of(account, person, **values):
    return queries.account_card(account.supplier_id, account.id, visible_to=person, **values)


def test_under_full_access_everything_is_shown():
    person, account = make_user(), make_account(closed_on=dt.date(2025, 3, 1))
    make_access(person, account, level="full")

    card = card_of(account, person)

    assert card.payer_name == "Петров Иван Сергеевич"
    assert card.address == "г. Гатчина, ул. Лесная, д. 14, кв. 7"
    assert card.title == "ул. Лесная, д. 14, кв. 7"
    assert card.is_closed


def test_under_lite_access_the_payer_and_the_flat_are_masked():
    person, account = make_user(), make_account()
    make_access(person, account, level="lite")

    card = card_of(account, person)

    assert card.payer_name == "П."
    assert card.address == "г. Гатчина, ул. Лесная, д. 14"
    assert card.title == "ул. Лесная, д. 14"
    assert not any("кв." in str(value) or "Иван" in str(value) for value in vars(card).values())


def test_an_account_without_an_address_is_called_by_its_number():
    person, account = make_user(), make_account(number="702062012", street_address="", flat="")
    make_access(person, account)

    assert card_of(account, person).title == "702062012"


def test_what_needs_full_access_is_refused_under_lite():
    person, account = make_user(), make_account()
    make_access(person, account, level="lite")

    with pytest.raises(queries.FullAccessRequired):
        card_of(account, person, level="full")


def test_a_stranger_is_told_there_is_no_such_account():
    account = make_account()
    make_access(make_user(), account)

    for level in ("lite", "full"):
        with pytest.raises(NotFound):
            card_of(account, make_user(), level=level)


def test_an_account_is_not_found_under_another_supplier():
    person, account = make_user(), make_account()
    make_access(person, account)

    with pytest.raises(NotFound):
        queries.account_card(make_supplier().id, account.id, visible_to=person)


def test_a_cabinet_of_any_size_is_one_query(django_assert_num_queries):
    person = make_user()
    for position in range(5):
        make_access(person, make_account(), position=position)

    with django_assert_num_queries(1):
        assert len(queries.accounts_of(person)) == 5


def test_the_database_refuses_an_attachment_that_mixes_two_suppliers():
    account, other = make_account(), make_supplier()
    AccountAccess.objects.create(supplier=other, account=account, user=make_user(), level="lite", attached_at=NOW)

    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_saving_a_row_never_sets_its_supplier(django_assert_num_queries):
    access = make_access(make_user(), make_account())

    with django_assert_num_queries(1) as captured:
        access.save()

    update = captured.captured_queries[0]["sql"]
    assert 'SET "supplier_id"' not in update
    assert ', "supplier_id" =' not in update.split("WHERE")[0]
    assert f'"supplier_id" = {access.supplier_id}' in update.split("WHERE")[1]
