"""Each view of a customer's card leaves a trace, one for a person, an account and twelve hours."""

import datetime as dt

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.accounts.usecases.note_view import note_view
from kabinet.audit.models import Entry
from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db

TWELVE_HOURS = dt.timedelta(hours=12)


def view(account: Account, actor: User, *, now: dt.datetime = NOW) -> None:
    note_view(supplier_id=account.supplier_id, account_id=account.id, actor=actor, now=now)


def test_it_says_who_opened_which_card_and_when():
    account = make_account()
    support = make_staff_of(account.supplier)

    view(account, support)

    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.at) == ("account.viewed", support, NOW)
    assert (entry.subject, entry.supplier_id) == (f"account:{account.id}", account.supplier_id)


def test_to_and_fro_within_twelve_hours_is_one_view():
    account = make_account()
    support = make_staff_of(account.supplier)

    view(account, support)
    view(account, support, now=NOW + TWELVE_HOURS)
    assert Entry.objects.count() == 1

    view(account, support, now=NOW + TWELVE_HOURS + dt.timedelta(seconds=1))
    assert Entry.objects.count() == 2


def test_another_person_and_another_account_are_views_of_their_own():
    account = make_account()
    neighbour = make_account(account.supplier)
    first, second = make_staff_of(account.supplier), make_staff_of(account.supplier)

    view(account, first)
    view(account, second)
    view(neighbour, first)

    assert Entry.objects.count() == 3
