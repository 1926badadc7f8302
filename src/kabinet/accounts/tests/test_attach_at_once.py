"""Two presses at once, or two people at once, on one number."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kabinet.accounts import operations
from kabinet.accounts.models import AccountAccess, AttachAttempt
from kabinet.accounts.operations import TooManyTries
from kabinet.accounts.tests.factories import make_account
from kabinet.accounts.usecases.attach_account import AccountUnknown, AlreadyAttached, attach_account
from kabinet.common.errors import Refusal
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(supplier, tries):
    """Attach (person, number) pairs, each in a thread and connection of its own; give back what each met."""
    start = threading.Barrier(len(tries))

    def one(person, number):
        try:
            start.wait(timeout=10)
            attach_account(supplier_id=supplier.id, number=number, proof="", actor=person, address="", now=NOW)
        except Refusal as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(lambda pair: one(*pair), tries))


def test_two_presses_at_once_attach_once():
    supplier, person = make_supplier(), make_user()
    make_account(supplier, number="702062012")

    met = all_at_once(supplier, [(person, "702062012")] * 4)

    assert sorted(met, key=str) == sorted([None] + [AlreadyAttached] * 3, key=str)
    assert AccountAccess.objects.count() == 1


def test_two_people_at_once_both_get_the_account():
    supplier = make_supplier()
    make_account(supplier, number="702062012")

    met = all_at_once(supplier, [(make_user(), "702062012"), (make_user(), "702062012")])

    assert met == [None, None]
    assert AccountAccess.objects.count() == 2


def test_guesses_at_once_do_not_pass_the_limit():
    supplier, person = make_supplier(), make_user()
    for index in range(8):
        AttachAttempt.objects.create(
            supplier=supplier, user=person, number=f"{index}0000", outcome="unknown", made_at=NOW
        )

    met = all_at_once(supplier, [(person, f"{number}00000000") for number in range(1, 6)])

    assert met.count(AccountUnknown) == 2
    assert met.count(TooManyTries) == 3


def test_control_without_lock_and_constraint_two_presses_make_two_rows(monkeypatch):
    """Proves that the tests above could fail: with both belts off, the same presses do attach twice."""
    supplier = make_supplier()
    account = make_account(supplier, number="702062012")
    monkeypatch.setattr(operations, "lock_attaching", lambda guess: None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_accountaccess DROP CONSTRAINT account_access_once")

    try:
        for _attempt in range(20):
            person = make_user()
            all_at_once(supplier, [(person, "702062012")] * 4)
            if AccountAccess.objects.filter(user=person).count() > 1:
                break
        else:
            pytest.fail("without lock and constraint the race never showed")
    finally:
        AccountAccess.objects.filter(account=account).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE accounts_accountaccess"
                " ADD CONSTRAINT account_access_once UNIQUE (supplier_id, account_id, user_id)"
            )
