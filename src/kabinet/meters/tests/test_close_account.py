"""Staff close the account of people who have moved out."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.operations import AccountIsClosed
from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.meters.models import Reading
from kabinet.meters.operations.readings import DayInFuture, ReadingBelowPrevious
from kabinet.meters.tests.factories import make_keeper, make_meter
from kabinet.meters.usecases.close_account import ClosesBeforeOpening, FinalReadingMissing, close_account
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def close(account: Account, closing: dict[int, str], *, last_day: str = "2026-11-15", **values: Any) -> Account:
    return close_account(
        supplier_id=account.supplier_id,
        account_id=account.id,
        last_day=dt.date.fromisoformat(last_day),
        closing_m3={meter_id: {"T1": Decimal(value)} for meter_id, value in closing.items()},
        **({"request_id": UUID(int=1), "actor": None, "now": NOW} | values),
    )


def test_an_account_closes_with_the_last_reading_of_its_meter():
    meter = make_meter(value="1234", on="2026-10-25")

    first = close(meter.account, {meter.id: "1260"}, actor=make_keeper(meter.supplier))
    again = close(meter.account, {meter.id: "1260"})

    assert first.closed_on == again.closed_on == dt.date(2026, 11, 16)
    last = Reading.objects.filter(meter=meter).latest("id")
    assert (last.source, last.taken_on, last.volume_m3) == ("closing", dt.date(2026, 11, 15), Decimal(26))
    assert [entry.action for entry in Entry.objects.all()] == ["account.closed"]
    with pytest.raises(AccountIsClosed):
        close(meter.account, {meter.id: "1260"}, last_day="2026-11-17")


def test_a_meter_is_read_or_said_to_be_unread():
    account = make_account()
    read = make_meter(account, value="1234")
    unread = make_meter(account, value="500", serial_number="Н-5")

    with pytest.raises(FinalReadingMissing) as refused:
        close(account, {read.id: "1260"})
    closed = close(account, {read.id: "1260"}, unread_meter_ids=[unread.id])

    assert "№ Н-5" in str(refused.value)
    assert closed.is_closed
    assert Reading.objects.filter(source="closing").count() == 1
    assert Entry.objects.get().details["unread_meters"] == [unread.id]


def test_a_meter_that_does_not_count_or_is_gone_needs_no_reading():
    account = make_account()
    make_meter(account, verification_due_on=dt.date(2026, 11, 1))
    make_meter(account, removed_on=dt.date(2026, 11, 1))

    assert close(account, {}).is_closed


@pytest.mark.parametrize(
    ("last_day", "value", "refusal"),
    [
        ("2026-11-23", "1260", DayInFuture),
        ("2020-01-01", "1260", ClosesBeforeOpening),
        ("2026-11-15", "1000", ReadingBelowPrevious),
    ],
)
def test_what_cannot_be_leaves_the_account_open(last_day, value, refusal):
    meter = make_meter(make_account(opened_on=dt.date(2020, 1, 2)), value="1234")

    with pytest.raises(refusal):
        close(meter.account, {meter.id: value}, last_day=last_day)

    assert not Account.objects.get().is_closed
    assert Reading.objects.count() == 1


def test_a_meter_of_another_account_and_a_stranger_are_not_found():
    account, other = make_account(), make_meter()

    with pytest.raises(NotFound):
        close(account, {other.id: "1260"})
    with pytest.raises(NotFound):
        close(account, {}, actor=make_keeper(make_supplier()))
    assert not Account.objects.filter(closed_on__isnull=False).exists()
