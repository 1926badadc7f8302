"""Letters about accounts."""

import pytest

from kabinet.accounts.models import AccountAccess
from kabinet.accounts.operations import AttachingIsLocked
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.attach_account import AccountUnknown, attach_account
from kabinet.accounts.usecases.end_foreign_access import end_foreign_access
from kabinet.common.testing import NOW
from kabinet.outbox.testing import run_jobs
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier():
    return make_supplier(name="Межрегионгаз Калуга")


@pytest.fixture
def account(supplier):
    return make_account(supplier, number="702062012")


def attach(supplier, number, actor):
    return attach_account(supplier_id=supplier.id, number=number, proof="", actor=actor, address="", now=NOW)


def test_full_holders_are_told_of_a_new_attachment(supplier, account, mailoutbox):
    make_access(make_user("owner@example.ru"), account, level="full")
    make_access(make_user("guest@example.ru"), account, level="lite")

    attach(supplier, "702062012", make_user("mother@mail.ru"))
    run_jobs(only="letters.")

    (letter,) = mailoutbox
    assert letter.to == ["owner@example.ru"]
    assert "702062012 (Межрегионгаз Калуга)" in letter.body
    assert "m•••@mail.ru" in letter.body
    assert "mother@mail.ru" not in letter.body
    assert f"/accounts/{supplier.id}/{account.id}/settings/" in letter.body


def test_the_first_holder_gets_no_letter_about_themselves(supplier, account, mailoutbox):
    attach(supplier, "702062012", make_user())
    run_jobs(only="letters.")

    assert mailoutbox == []


def test_an_attachment_that_has_ended_already_is_no_news(supplier, account, mailoutbox):
    make_access(make_user("owner@example.ru"), account, level="full")
    access = attach(supplier, "702062012", make_user())
    AccountAccess.objects.filter(id=access.id).delete()

    run_jobs(only="letters.")

    assert mailoutbox == []


def test_a_person_whose_access_was_ended_is_told(supplier, account, mailoutbox):
    owner = make_user()
    make_access(owner, account, level="full")
    access = make_access(make_user("guest@example.ru"), account, level="lite")

    end_foreign_access(supplier_id=supplier.id, account_id=account.id, access_id=access.id, actor=owner, now=NOW)
    run_jobs(only="letters.")

    (letter,) = mailoutbox
    assert letter.to == ["guest@example.ru"]
    assert "702062012" in letter.body


def test_support_is_told_of_a_cabinet_that_counts_through_numbers(supplier, mailoutbox, settings):
    person = make_user("curious@mail.ru")
    for number in range(702062010, 702062014):
        with pytest.raises(AccountUnknown):
            attach(supplier, str(number), person)

    with pytest.raises(AttachingIsLocked):
        attach(supplier, "702062014", person)
    run_jobs(only="letters.")

    (letter,) = mailoutbox
    assert letter.to == [settings.SUPPORT_EMAIL]
    assert f"№ {person.id}" in letter.body
    assert "curious@mail.ru" not in letter.body
