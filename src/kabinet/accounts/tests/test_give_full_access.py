"""Staff of a supplier give full access to whoever has shown a paper."""

import pytest

from kabinet.accounts.models import Account, AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.give_full_access import give_full_access
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db


def give(account: Account, access: AccountAccess, *, actor: User | None = None) -> AccountAccess:
    return give_full_access(
        supplier_id=account.supplier_id,
        account_id=account.id,
        access_id=access.id,
        document="Договор № 17",
        actor=actor or make_staff_of(account.supplier),
        now=NOW,
    )


def test_it_is_raised_and_the_trail_names_the_paper():
    account = make_account()
    lite, other = (make_access(make_user(), account, level="lite") for _ in range(2))
    keeper = make_staff_of(account.supplier)

    give(account, lite, actor=keeper)

    lite.refresh_from_db()
    other.refresh_from_db()
    assert (lite.is_full, other.is_full) == (True, False)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject) == ("account.full_access_given", keeper, f"account:{account.id}")
    assert entry.details == {"user": lite.user_id, "document": "Договор № 17"}


def test_given_again_it_changes_nothing():
    account = make_account()
    lite = make_access(make_user(), account, level="lite")

    give(account, lite)
    give(account, lite)

    assert Entry.objects.count() == 1


def test_a_manager_keeps_no_accounts_and_a_stranger_is_told_nothing():
    account, other = make_account(), make_account()
    lite = make_access(make_user(), account, level="lite")

    with pytest.raises(NotAllowed):
        give(account, lite, actor=make_staff_of(account.supplier, role="manager"))
    for stranger in (make_staff_of(other.supplier), lite.user):
        with pytest.raises(NotFound):
            give(account, lite, actor=stranger)
    with pytest.raises(NotFound):
        give(other, lite)

    lite.refresh_from_db()
    assert not lite.is_full
    assert not Entry.objects.exists()
