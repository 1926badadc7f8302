"""A monthly fee of an account ends."""

import datetime as dt

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.tests.factories import make_service
from kabinet.tariffs.models import MonthlyFee
from kabinet.tariffs.operations import DaysReversed, EndsAlready
from kabinet.tariffs.tests.factories import make_monthly_fee, make_support
from kabinet.tariffs.usecases.end_monthly_fee import end_monthly_fee

pytestmark = pytest.mark.django_db


def make_fee(**values):
    account = make_account()
    service = make_service(account.supplier, "maintenance")
    return make_monthly_fee(account, service, since="2026-01-01", **({"set_at": NOW - dt.timedelta(days=9)} | values))


def end(fee, until="2026-12-01", **values):
    return end_monthly_fee(
        supplier_id=values.pop("supplier_id", fee.supplier_id),
        fee_id=fee.id,
        valid_until=dt.date.fromisoformat(until),
        **({"actor": None, "now": NOW} | values),
    )


def test_a_fee_ends_before_its_day():
    fee = make_fee()

    changed = end(fee, "2026-12-01")

    fee.refresh_from_db()
    assert (fee.valid_until, fee.set_at) == (dt.date(2026, 12, 1), NOW)
    assert changed.affected_since is None


def test_the_same_end_again_changes_nothing():
    fee = make_fee()
    end(fee)

    end(fee, now=NOW + dt.timedelta(hours=1))

    assert MonthlyFee.objects.get().set_at == NOW
    assert Entry.objects.filter(action="monthly_fee.ended").count() == 1


def test_an_end_in_months_that_are_over_names_the_first_of_them():
    assert end(make_fee(), "2026-09-16").affected_since == Month(2026, 9)


@pytest.mark.parametrize("until", ["2026-01-01", "2025-12-31"])
def test_a_fee_that_would_have_no_day_is_refused(until):
    with pytest.raises(DaysReversed):
        end(make_fee(), until)


def test_an_end_does_not_make_a_fee_longer():
    fee = make_fee(until="2026-06-01")

    with pytest.raises(EndsAlready) as caught:
        end(fee, "2026-07-01")

    assert "её последний день — 31.05.2026" in str(caught.value)
    assert end(fee, "2026-05-01").row.valid_until == dt.date(2026, 5, 1)


def test_a_stranger_and_support_end_nothing():
    fee = make_fee()
    with pytest.raises(NotFound):
        end(fee, supplier_id=make_account().supplier_id)
    with pytest.raises(NotAllowed):
        end(fee, actor=make_support(fee.supplier))

    assert MonthlyFee.objects.get().valid_until is None
