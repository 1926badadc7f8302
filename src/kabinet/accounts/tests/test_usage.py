"""Staff write down what the gas of an account goes on: prices and norms go by it."""

import datetime as dt

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.operations import AccountIsClosed
from kabinet.accounts.tests.factories import make_account
from kabinet.accounts.usecases.set_usage import UsageUnknown, set_usage
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier, make_usage_purpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = make_account()
    make_usage_purpose(account.supplier, "heating", "отопление")
    return account


def usage(account, code, region="", actor=None):
    set_usage(
        supplier_id=account.supplier_id,
        account_id=account.id,
        usage_purpose_code=code,
        region_code=region,
        actor=actor,
        now=NOW,
    )
    return Account.objects.values_list("usage_purpose_code", "region_code").get(id=account.id)


def test_direction_and_region_are_written_and_taken_back(account):
    assert usage(account, "heating", "47") == ("heating", "47")
    assert usage(account, "") == ("", "")


def test_the_same_again_is_no_change(account):
    usage(account, "heating")
    usage(account, "heating")

    [entry] = Entry.objects.filter(action="account.usage_set")
    assert entry.details["usage"] == ["", "heating"]


def test_a_direction_of_another_supplier_is_refused(account):
    make_usage_purpose(make_supplier(), "bath", "баня")

    with pytest.raises(UsageUnknown):
        usage(account, "bath")
    with pytest.raises(UsageUnknown):
        usage(account, "nonsense")


def test_a_closed_account_keeps_its_direction(account):
    Account.objects.filter(id=account.id).update(closed_on=dt.date(2026, 11, 1))

    with pytest.raises(AccountIsClosed):
        usage(account, "heating")


def test_only_who_keeps_accounts_may(account):
    with pytest.raises(NotFound):
        usage(account, "heating", actor=make_user("stranger@example.ru"))
