"""An account is granted a benefit."""

import datetime as dt
import threading

import pytest
from django.db import connection

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.tariffs import queries
from kabinet.tariffs.models import BenefitGrant
from kabinet.tariffs.operations import DaysReversed
from kabinet.tariffs.tests.factories import make_benefit, make_support
from kabinet.tariffs.usecases.grant_benefit import BenefitGrantedAlready, grant_benefit

pytestmark = pytest.mark.django_db


def grant_it(account, benefit, *, since="2026-12-01", until=None, **values):
    return grant_benefit(
        supplier_id=account.supplier_id,
        account_id=account.id,
        benefit_id=benefit.id,
        valid_from=dt.date.fromisoformat(since),
        valid_until=until and dt.date.fromisoformat(until),
        **({"document": "Удостоверение № 7", "actor": None, "now": NOW} | values),
    )


def test_an_account_has_a_benefit_from_its_day():
    account = make_account()
    benefit = make_benefit(account.supplier)

    changed = grant_it(account, benefit, since="2026-12-01")

    assert changed.affected_since is None
    found = queries.benefits_of_accounts(
        account.supplier_id, [account.id], since=dt.date(2026, 12, 1), until=dt.date(2027, 1, 1)
    )
    assert [held.code for held in found[account.id]] == ["veteran"]
    assert Entry.objects.get().action == "benefit.granted"


def test_a_benefit_of_months_that_are_over_names_the_first_of_them_and_the_account():
    account = make_account()

    changed = grant_it(account, make_benefit(account.supplier), since="2026-08-20")

    assert changed.affected_since == Month(2026, 8)


@pytest.mark.parametrize(("since", "until"), [("2026-11-30", "2026-12-02"), ("2026-12-31", None), ("2026-01-01", None)])
def test_the_same_benefit_twice_on_a_day_is_refused(since, until):
    account = make_account()
    benefit = make_benefit(account.supplier)
    grant_it(account, benefit, since="2026-12-01", until="2027-01-01")

    with pytest.raises(BenefitGrantedAlready):
        grant_it(account, benefit, since=since, until=until)

    assert BenefitGrant.objects.count() == 1


def test_the_days_right_before_and_after_and_another_benefit_are_free():
    account = make_account()
    benefit = make_benefit(account.supplier)
    grant_it(account, benefit, since="2026-12-01", until="2027-01-01")

    grant_it(account, benefit, since="2026-11-01", until="2026-12-01")
    grant_it(account, benefit, since="2027-01-01")
    grant_it(account, make_benefit(account.supplier, "large-family"))

    assert BenefitGrant.objects.count() == 4


def test_days_reversed_are_refused():
    account = make_account()

    with pytest.raises(DaysReversed):
        grant_it(account, make_benefit(account.supplier), since="2026-12-01", until="2026-12-01")


def test_a_foreign_account_and_a_foreign_benefit_are_not_there():
    account, foreign = make_account(), make_account()

    with pytest.raises(NotFound):
        grant_it(account, make_benefit(foreign.supplier))

    assert not BenefitGrant.objects.exists()


def test_support_grants_what_a_paper_proves_and_an_operator_does_not():
    account = make_account()
    operator = make_user(is_staff=True)
    StaffRole.objects.create(user=operator, supplier=None, role="operator")
    with pytest.raises(NotAllowed):
        grant_it(account, make_benefit(account.supplier), actor=operator)

    assert grant_it(account, make_benefit(account.supplier, "other"), actor=make_support(account.supplier)).row.pk


@pytest.mark.django_db(transaction=True)
def test_two_who_grant_at_once_grant_once():
    account = make_account()
    benefit = make_benefit(account.supplier)
    barrier, refused = threading.Barrier(2), []

    def try_to_grant():
        try:
            barrier.wait(timeout=30)
            grant_it(account, benefit)
        except BenefitGrantedAlready as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_grant) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert BenefitGrant.objects.count() == 1
    assert len(refused) == 1
