"""A person names, orders and detaches accounts of their cabinet."""

import pytest

from kabinet.accounts import operations, queries
from kabinet.accounts.models import Account, AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.detach_account import detach_account
from kabinet.accounts.usecases.name_account import name_account
from kabinet.accounts.usecases.order_accounts import order_accounts
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db


def titles(person):
    return [account.title for account in queries.accounts_of(person)]


def named(person, *aliases):
    accounts = []
    for position, alias in enumerate(aliases):
        account = make_account()
        make_access(person, account, alias=alias, position=position)
        accounts.append((account.supplier_id, account.id))
    return accounts


def test_an_account_with_a_name_is_called_by_it():
    person, account = make_user(), make_account(street_address="ул. Лесная, д. 14", flat="7")
    make_access(person, account)

    name_account(supplier_id=account.supplier_id, account_id=account.id, alias="  Наша \t дача ", actor=person)

    assert titles(person) == ["Наша дача"]


def test_an_empty_name_gives_the_address_back():
    person, account = make_user(), make_account(street_address="ул. Лесная, д. 14", flat="7")
    make_access(person, account, alias="Дача")

    name_account(supplier_id=account.supplier_id, account_id=account.id, alias="", actor=person)

    assert titles(person) == ["ул. Лесная, д. 14, кв. 7"]


def test_a_name_is_ones_own():
    account, person, other = make_account(), make_user(), make_user()
    make_access(person, account)
    make_access(other, account, alias="Дача")

    name_account(supplier_id=account.supplier_id, account_id=account.id, alias="У родителей", actor=person)

    assert titles(other) == ["Дача"]


def test_accounts_stand_in_the_order_that_was_asked_for():
    person = make_user()
    flat, dacha, parents = named(person, "Квартира", "Дача", "Родители")

    order_accounts(keys=[parents, flat, dacha], actor=person)

    assert titles(person) == ["Родители", "Квартира", "Дача"]


def test_accounts_that_were_not_named_follow_as_they_stood():
    person = make_user()
    _flat, _dacha, parents = named(person, "Квартира", "Дача", "Родители")

    order_accounts(keys=[parents], actor=person)

    assert titles(person) == ["Родители", "Квартира", "Дача"]


def test_a_strangers_account_cannot_be_ordered():
    person, stranger = make_user(), make_user()
    (flat,) = named(person, "Квартира")

    with pytest.raises(NotFound):
        order_accounts(keys=[flat], actor=stranger)


def test_a_detached_account_is_gone_from_this_cabinet_only():
    account, person, other = make_account(), make_user(), make_user()
    make_access(person, account)
    make_access(other, account)

    detach_account(supplier_id=account.supplier_id, account_id=account.id, actor=person, now=NOW)

    assert queries.accounts_of(person) == []
    assert len(queries.accounts_of(other)) == 1
    assert Account.objects.filter(id=account.id).exists()


@pytest.mark.parametrize("act", [detach_account, name_account])
def test_a_stranger_is_told_there_is_no_such_account(act):
    account, person = make_account(), make_user()
    make_access(person, account, alias="Дача")
    more = {"alias": "Моя"} if act is name_account else {"now": NOW}

    with pytest.raises(NotFound):
        act(supplier_id=account.supplier_id, account_id=account.id, actor=make_user(), **more)

    assert AccountAccess.objects.get().alias == "Дача"


def test_a_lock_on_an_account_is_for_those_who_have_it():
    account, person = make_account(), make_user()
    make_access(person, account)
    lock = usecase(operations.lock_account)

    assert lock(account.supplier_id, account.id, visible_to=person) == account
    assert lock(account.supplier_id, account.id) == account
    for supplier_id, account_id, somebody in (
        (account.supplier_id, account.id, make_user()),
        (account.supplier_id + 1, account.id, person),
        (account.supplier_id, account.id + 1, person),
    ):
        with pytest.raises(NotFound):
            lock(supplier_id, account_id, visible_to=somebody)


def test_several_accounts_come_back_in_the_order_that_was_asked_for():
    first, second = make_account(), make_account()
    keys = [(second.supplier_id, second.id), (first.supplier_id, first.id), (second.supplier_id, second.id)]

    assert usecase(operations.lock_accounts)(keys) == [second, first, second]
