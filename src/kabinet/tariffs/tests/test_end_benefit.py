"""A benefit of an account ends."""

import datetime as dt

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user
from kabinet.tariffs.models import BenefitGrant
from kabinet.tariffs.operations import DaysReversed, EndsAlready
from kabinet.tariffs.tests.factories import grant, make_benefit, make_support
from kabinet.tariffs.usecases.end_benefit import end_benefit

pytestmark = pytest.mark.django_db


def make_grant(**values):
    account = make_account()
    return grant(account, make_benefit(account.supplier), since="2026-01-01", **values)


def end(held, until="2026-12-01", **values):
    return end_benefit(
        supplier_id=values.pop("supplier_id", held.supplier_id),
        grant_id=held.id,
        valid_until=dt.date.fromisoformat(until),
        **({"actor": None, "now": NOW} | values),
    )


def test_a_benefit_ends_before_its_day_and_the_account_is_named_as_changed():
    held = make_grant(set_at=NOW - dt.timedelta(days=1))

    changed = end(held, "2026-12-01", actor=make_support(held.supplier))

    assert BenefitGrant.objects.get().valid_until == dt.date(2026, 12, 1)
    assert changed.affected_since is None


def test_the_same_end_again_changes_nothing():
    held = make_grant()
    end(held)

    end(held, now=NOW + dt.timedelta(hours=1))

    assert BenefitGrant.objects.get().set_at == NOW
    assert Entry.objects.count() == 1


def test_an_end_in_months_that_are_over_names_the_first_of_them():
    assert end(make_grant(), "2026-10-31").affected_since == Month(2026, 10)


def test_an_end_takes_no_day_too_many_and_gives_none_back():
    held = make_grant(until="2026-06-01")

    with pytest.raises(DaysReversed):
        end(held, "2026-01-01")
    with pytest.raises(EndsAlready):
        end(held, "2026-06-02")

    assert end(held, "2026-01-02").row.valid_until == dt.date(2026, 1, 2)


def test_a_stranger_is_told_there_is_no_such_benefit():
    held = make_grant()

    with pytest.raises(NotFound):
        end(held, supplier_id=make_account().supplier_id)
    with pytest.raises(NotFound):
        end(held, actor=make_user())

    assert BenefitGrant.objects.get().valid_until is None
