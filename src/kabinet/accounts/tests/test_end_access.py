"""Staff of a supplier take an account out of somebody's cabinet."""

import pytest

from kabinet.accounts.facts import AccountAccessEnded
from kabinet.accounts.models import Account, AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.end_access import end_access
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.models import User
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db


def end(account: Account, access: AccountAccess, *, actor: User | None = None) -> None:
    end_access(
        supplier_id=account.supplier_id,
        account_id=account.id,
        access_id=access.id,
        actor=actor or make_staff_of(account.supplier),
        now=NOW,
    )


def test_the_account_leaves_that_cabinet_and_stays_in_the_others():
    account = make_account()
    ended, other = make_access(make_user(), account), make_access(make_user(), account)
    keeper = make_staff_of(account.supplier)

    end(account, ended, actor=keeper)

    assert list(AccountAccess.objects.all()) == [other]
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.subject) == ("account.access_ended", keeper, f"account:{account.id}")
    assert entry.details == {"user": ended.user_id}


def test_its_owner_is_told():
    account = make_account()
    access = make_access(make_user(), account)

    end(account, access)

    assert [fact.name for fact in RecordedFact.objects.all()] == [f"accounts.{AccountAccessEnded.__name__}"]


def test_what_has_ended_is_not_there():
    account = make_account()
    access = make_access(make_user(), account)
    kept_id = access.id
    end(account, access)
    access.id = kept_id

    with pytest.raises(NotFound):
        end(account, access)

    assert Entry.objects.count() == 1


def test_a_manager_keeps_no_accounts_and_a_stranger_is_told_nothing():
    account, other = make_account(), make_account()
    access = make_access(make_user(), account)

    with pytest.raises(NotAllowed):
        end(account, access, actor=make_staff_of(account.supplier, role="manager"))
    with pytest.raises(NotFound):
        end(account, access, actor=make_staff_of(other.supplier))
    with pytest.raises(NotFound):
        end(account, access, actor=access.user)
    with pytest.raises(NotFound):
        end(other, access)

    assert AccountAccess.objects.count() == 1
    assert not Entry.objects.exists()
