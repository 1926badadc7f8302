"""A supplier is told of accounts that come into cabinets and leave them, and of contacts where it may know them."""

import pytest

from kabinet.accounts.models import AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.registers.models import ToldHolder
from kabinet.registers.queries import waiting_to_leave_count
from kabinet.registers.tests.outgoing import lines_of, make_dispatch
from kabinet.registers.usecases.make_register import BasisMissing, make_register

pytestmark = pytest.mark.django_db

BASIS = "Поручение № 7 от 01.11.2026"


@pytest.fixture
def account():
    return make_account(number="0070201")


@pytest.fixture
def anna():
    return make_user("anna@example.org", phone="+79991234567")


def send(account, kind="attachments"):
    return make_register(supplier_id=account.supplier_id, kind=kind, actor=None, now=NOW)


def told(register, *names):
    return [tuple(line[name] for name in names) for line in lines_of(register)]


EVENT = ("Лицевой счёт", "Что произошло", "Доступ")
CONTACT = ("Лицевой счёт", "Эл. почта", "Телефон")


def test_an_account_in_a_cabinet_is_told_of_once(account, anna):
    make_access(anna, account)

    assert told(send(account), *EVENT) == [("0070201", "подключён", "полный доступ")]
    assert send(account) is None


def test_without_a_document_nobodys_contacts_leave(account, anna):
    make_access(anna, account)

    assert told(send(account), *CONTACT) == [("0070201", "", "")]
    with pytest.raises(BasisMissing):
        send(account, "contacts")


def test_with_a_document_contacts_of_whoever_has_full_access_leave(account, anna):
    make_dispatch(account.supplier, "attachments", contacts_basis=BASIS)
    make_access(anna, account)
    make_access(make_user("lodger@example.org"), account, level="lite")

    assert told(send(account), *CONTACT) == [("0070201", "anna@example.org", "79991234567"), ("0070201", "", "")]


def test_more_access_and_its_end_are_told_by_the_same_number(account, anna):
    access = make_access(anna, account, level="lite")
    first = send(account)
    AccountAccess.objects.filter(pk=access.pk).update(level="full")
    second = send(account)
    access.delete()
    third = send(account)

    events = [told(register, "Что произошло", "Доступ")[0] for register in (first, second, third)]
    assert events == [("подключён", "неполный доступ"), ("доступ изменён", "полный доступ"), ("отключён", "")]
    assert len({told(register, "Номер подключения")[0] for register in (first, second, third)}) == 1
    assert send(account) is None
    assert not ToldHolder.objects.exists()


def test_what_came_and_went_between_two_registers_is_not_told(account, anna):
    make_access(anna, account).delete()

    assert send(account) is None


def test_an_account_of_a_removed_cabinet_is_told_of_as_gone(account, anna):
    make_access(anna, account)
    send(account)
    User.objects.get(pk=anna.pk).delete()

    assert told(send(account), "Что произошло", "Эл. почта") == [("отключён", "")]


def test_a_changed_contact_leaves_once(account, anna):
    make_dispatch(account.supplier, "contacts", contacts_basis=BASIS)
    make_access(anna, account)
    assert told(send(account, "contacts"), *CONTACT) == [("0070201", "anna@example.org", "79991234567")]
    assert send(account, "contacts") is None

    User.objects.filter(pk=anna.pk).update(phone="")

    assert waiting_to_leave_count(account.supplier_id, "contacts") == 1
    assert told(send(account, "contacts"), *CONTACT) == [("0070201", "anna@example.org", "")]
    assert send(account, "contacts") is None


@pytest.mark.parametrize("what", ["less access", "detached", "switched off"])
def test_contacts_that_may_be_used_no_longer_leave_empty(account, anna, what):
    make_dispatch(account.supplier, "contacts", contacts_basis=BASIS)
    access = make_access(anna, account)
    send(account, "contacts")

    if what == "detached":
        access.delete()
    elif what == "less access":
        AccountAccess.objects.filter(pk=access.pk).update(level="lite")
    else:
        User.objects.filter(pk=anna.pk).update(is_active=False)

    register = send(account, "contacts")
    assert told(register, *CONTACT) == [("0070201", "", "")]
    assert told(register, "Что произошло") == [("больше не использовать",)]
    assert send(account, "contacts") is None


def test_what_one_file_told_the_other_does_not_tell_again(account, anna):
    make_dispatch(account.supplier, "attachments", contacts_basis=BASIS)
    make_dispatch(account.supplier, "contacts", contacts_basis=BASIS)
    make_access(anna, account)
    send(account)

    assert send(account, "contacts") is None


def test_no_contact_stands_in_what_is_remembered(account, anna):
    make_dispatch(account.supplier, "contacts", contacts_basis=BASIS)
    make_access(anna, account)
    send(account, "contacts")

    row = ToldHolder.objects.values().get()

    assert "anna" not in str(row)
    assert "9991234567" not in str(row)


def test_people_of_another_supplier_are_none_of_theirs(account, anna):
    make_access(anna, make_account())

    assert send(account) is None
