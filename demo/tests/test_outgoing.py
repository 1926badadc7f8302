"""Files that have left to suppliers, in the demonstration."""

import datetime as dt

import pytest

from demo import outgoing
from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW, at
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.registers.models import Dispatch, OutgoingRegister
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier():
    account = make_account()
    meter = make_meter(account, value="1000", on="2026-09-01")
    for value, day in (("1010", "2026-10-25"), ("1020", "2026-11-10"), ("1030", "2026-11-20")):
        make_reading(meter, value, on=day, submitted_at=at(f"{day} 12:00"))
    return account.supplier


def save(supplier):
    outgoing.save_readings_out(supplier, make_staff_of(supplier, role="accountant"), NOW)
    return OutgoingRegister.objects.get().lines_count, Dispatch.objects.get().since


def test_readings_of_the_last_forty_days_leave(supplier):
    assert save(supplier) == (3, dt.date(2026, 10, 13))


def test_of_many_readings_the_days_of_the_newest_leave(supplier, monkeypatch):
    monkeypatch.setattr(outgoing, "MOST_READINGS", 1)

    assert save(supplier) == (2, dt.date(2026, 11, 10))
