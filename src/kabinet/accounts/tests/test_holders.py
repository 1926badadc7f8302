"""Several people have one account: who sees the others, who may end or raise their access."""

import datetime as dt

import pytest

from kabinet.accounts import queries
from kabinet.accounts.models import AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.end_foreign_access import end_foreign_access
from kabinet.accounts.usecases.share_full_access import share_full_access
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return make_account()


def end(account, access, actor):
    end_foreign_access(
        supplier_id=account.supplier_id, account_id=account.id, access_id=access.id, actor=actor, now=NOW
    )


def share(account, access, actor):
    return share_full_access(
        supplier_id=account.supplier_id, account_id=account.id, access_id=access.id, actor=actor, now=NOW
    )


def test_holders_stand_with_full_access_first_and_by_time(account):
    lite = make_access(make_user(), account, level="lite")
    later = make_access(make_user(), account, attached_at=NOW + dt.timedelta(hours=1))
    first = make_access(make_user(), account)

    holders = queries.holders(account.supplier_id, account.id)

    assert [holder.access_id for holder in holders] == [first.id, later.id, lite.id]


def test_holders_see_each_others_addresses_masked(account):
    make_access(make_user(email="ivan@mail.ru"), account)

    assert [holder.masked_email for holder in queries.holders(account.supplier_id, account.id)] == ["i•••@mail.ru"]


def test_a_full_holder_ends_anothers_access_and_the_other_is_told(account):
    owner, other = make_user(), make_user()
    make_access(owner, account)
    access = make_access(other, account, level="lite")

    end(account, access, owner)

    assert [holder.user_id for holder in queries.holders(account.supplier_id, account.id)] == [owner.id]
    fact = RecordedFact.objects.get()
    assert (fact.name, fact.payload["user_id"]) == ("accounts.AccountAccessEnded", other.id)


def test_a_full_holder_shares_full_access(account):
    owner, other = make_user(), make_user()
    make_access(owner, account)
    access = make_access(other, account, level="lite")

    assert share(account, access, owner).is_full


@pytest.mark.parametrize("act", [end, share])
def test_a_lite_holder_may_do_neither(account, act):
    person = make_user()
    make_access(person, account, level="lite")
    access = make_access(make_user(), account, level="lite")

    with pytest.raises(queries.FullAccessRequired):
        act(account, access, person)

    assert AccountAccess.objects.filter(level="lite").count() == 2


@pytest.mark.parametrize("act", [end, share])
def test_a_stranger_is_told_there_is_no_such_account(account, act):
    access = make_access(make_user(), account, level="lite")

    with pytest.raises(NotFound):
        act(account, access, make_user())

    assert AccountAccess.objects.get().level == "lite"


def test_ones_own_access_is_not_foreign(account):
    owner = make_user()
    access = make_access(owner, account)

    with pytest.raises(NotFound):
        end(account, access, owner)


def test_an_attachment_of_another_account_is_not_there(account):
    owner = make_user()
    make_access(owner, account)
    elsewhere = make_access(make_user(), make_account(account.supplier))

    with pytest.raises(NotFound):
        end(account, elsewhere, owner)
