"""A reading that was wrong is withdrawn, while nothing rests on it. Source: docs/adr/0207."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.audit.models import Entry
from kabinet.charges.tests.factories import make_accrual_policy
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.charges.usecases.cancel_accrual import cancel_accrual
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.charges.usecases.withdraw_own_reading import TakingIsOver, withdraw_own_reading
from kabinet.charges.usecases.withdraw_reading import (
    BeingCharged,
    ReasonMissing,
    TooLateToWithdraw,
    withdraw_reading,
)
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.meters import queries
from kabinet.meters.models import Meter, Reading
from kabinet.meters.tests.factories import make_keeper, make_meter, make_reading
from kabinet.meters.usecases.submit_reading import ReadingBelowPrevious, submit_reading
from kabinet.outbox.models import RecordedFact
from kabinet.people.models import User
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_accountant, make_tariff

pytestmark = pytest.mark.django_db

NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)


@pytest.fixture
def meter() -> Meter:
    supplier = make_supplier()
    make_tariff(supplier, "10", set_at=at("2026-01-01 00:00"))
    make_accrual_policy(supplier)
    return make_meter(make_account(supplier), value="1234", on="2026-10-31")


@pytest.fixture
def holder(meter: Meter) -> User:
    user = make_user()
    make_access(user, meter.account)
    return user


def hand_in(meter: Meter, value: str, *, by: User, on: str = "2026-11-22", now: dt.datetime = NOW) -> Reading:
    return submit_reading(
        supplier_id=meter.supplier_id,
        meter_id=meter.id,
        value_m3=Decimal(value),
        taken_on=dt.date.fromisoformat(on),
        request_id=uuid4(),
        confirmed=True,
        actor=by,
        now=now,
    )


def withdraw_own(reading: Reading, *, by: User, now: dt.datetime = NOW) -> Reading:
    return withdraw_own_reading(supplier_id=reading.supplier_id, reading_id=reading.id, actor=by, now=now)


def withdraw(reading: Reading, reason: str = "Лишняя цифра", **asked: Any) -> Reading:
    usual = {"actor": None, "now": NOW}
    return withdraw_reading(supplier_id=reading.supplier_id, reading_id=reading.id, reason=reason, **(usual | asked))


def last_m3(meter: Meter) -> Decimal:
    scale_id = Reading.objects.filter(meter=meter).values_list("scale_id", flat=True)[0]
    return queries.latest_accepted(meter.supplier_id, scale_id).value_m3


def statuses(*readings: Reading) -> list[str]:
    return [Reading.objects.get(id=reading.id).status for reading in readings]


def test_a_mistyped_number_makes_room_for_the_right_one_which_is_lower(meter, holder):
    mistyped = hand_in(meter, "1290", by=holder)
    with pytest.raises(ReadingBelowPrevious):
        hand_in(meter, "1260", by=holder)

    withdraw_own(mistyped, by=holder)
    right = hand_in(meter, "1260", by=holder)

    assert (right.previous_m3, right.volume_m3, right.status) == (Decimal(1234), Decimal(26), "accepted")
    mistyped.refresh_from_db()
    assert (mistyped.status, mistyped.review_note) == ("rejected", "Отозвано тем, кто его передал.")


def test_what_is_charged_is_the_right_number(meter, holder):
    withdraw_own(hand_in(meter, "1290", by=holder), by=holder)
    hand_in(meter, "1260", by=holder)

    [charge] = accrue_month(
        supplier_id=meter.supplier_id, account_id=meter.account_id, period=NOVEMBER, now=at("2026-12-01 05:00")
    )

    assert (charge.volume_m3, charge.amount_rub) == (Decimal(26), Decimal("260.00"))


def test_withdrawn_twice_is_once(meter, holder):
    reading = hand_in(meter, "1290", by=holder)

    withdraw_own(reading, by=holder)
    withdraw_own(reading, by=holder)

    assert [entry.action for entry in Entry.objects.all()] == ["reading.withdrawn"]
    facts = sorted(fact.name for fact in RecordedFact.objects.all())
    assert facts == ["meters.ReadingSubmitted", "meters.ReadingWithdrawn"]


def test_after_the_window_a_customer_asks_the_supplier(meter, holder):
    reading = hand_in(meter, "1290", by=holder)

    with pytest.raises(TakingIsOver) as refused:
        withdraw_own(reading, by=holder, now=at("2026-12-14 12:00"))

    assert "Напишите поставщику" in str(refused.value)
    assert last_m3(meter) == Decimal(1290)


def test_another_holder_of_the_account_has_nothing_to_withdraw(meter, holder):
    reading = hand_in(meter, "1290", by=holder)
    wife = make_user("wife@example.ru")
    make_access(wife, meter.account)

    with pytest.raises(NotFound):
        withdraw_own(reading, by=wife)


def test_only_the_last_reading_is_withdrawn(meter, holder):
    first = hand_in(meter, "1250", by=holder, on="2026-11-20")
    hand_in(meter, "1260", by=holder)

    with pytest.raises(TooLateToWithdraw):
        withdraw_own(first, by=holder)


def test_a_reading_that_is_charged_is_not_withdrawn(meter, holder):
    reading = hand_in(meter, "1290", by=holder)
    accrue_month(
        supplier_id=meter.supplier_id, account_id=meter.account_id, period=NOVEMBER, now=at("2026-12-01 05:00")
    )

    with pytest.raises(TooLateToWithdraw):
        withdraw(reading, now=at("2026-12-02 12:00"))
    assert last_m3(meter) == Decimal(1290)


def test_while_a_run_of_its_month_waits_nothing_is_withdrawn_and_of_a_later_month_it_is(meter, holder):
    october = make_reading(make_meter(meter.account, value="10", on="2026-09-30"), "15", on="2026-10-31")
    november = hand_in(meter, "1290", by=holder)
    accountant = make_accountant(meter.supplier)
    run = start_accrual(supplier_id=meter.supplier_id, period=OCTOBER, actor=accountant, now=NOW)

    with pytest.raises(BeingCharged):
        withdraw(october)
    withdraw(november)

    cancel_accrual(supplier_id=meter.supplier_id, run_id=run.id, actor=accountant, now=NOW)
    withdraw(october)
    assert set(Reading.objects.filter(id__in=[october.id, november.id]).values_list("status", flat=True)) == {
        "rejected"
    }


def test_a_doubtful_reading_that_waits_is_compared_with_the_one_before(meter, holder):
    wrong = make_reading(meter, "1290", on="2026-11-10")
    waiting = make_reading(meter, "1900", on="2026-11-20", status="questionable")

    withdraw(wrong)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.previous_m3, waiting.volume_m3) == ("questionable", Decimal(1234), Decimal(666))
    assert waiting.used_from == dt.date(2026, 11, 1)


def test_doubtful_readings_that_the_wrong_one_had_settled_wait_again(meter, holder):
    within = make_reading(meter, "1900", on="2026-11-10", status="questionable")
    below = make_reading(meter, "1280", on="2026-11-22", status="questionable")
    refused = make_reading(meter, "1400", on="2026-11-11", status="rejected", review_note="На фото 1140.")
    wrong = hand_in(meter, "1290", by=holder, on="2026-11-20")
    assert statuses(within, below) == ["rejected", "rejected"]

    withdraw(wrong)

    assert statuses(within, below, refused) == ["questionable", "questionable", "rejected"]
    within.refresh_from_db()
    assert (within.previous_m3, within.volume_m3) == (Decimal(1234), Decimal(666))


def test_what_an_earlier_reading_settles_as_well_waits_no_more(meter, holder):
    before = make_reading(meter, "1250", on="2026-11-12")
    within = make_reading(meter, "1900", on="2026-11-12", status="rejected")
    below = make_reading(meter, "1240", on="2026-11-15", status="questionable", volume_m3=Decimal(0))
    wrong = hand_in(meter, "1290", by=holder, on="2026-11-20")

    withdraw(wrong)

    assert statuses(before, within, below) == ["accepted", "rejected", "rejected"]


@pytest.mark.parametrize("source", ["opening", "closing", "import"])
def test_what_belongs_to_an_act_or_to_a_register_is_not_withdrawn_alone(meter, source):
    reading = make_reading(meter, "1290", on="2026-11-10", source=source)

    with pytest.raises(TooLateToWithdraw):
        withdraw(reading)


def test_staff_say_why_and_only_those_who_keep_accounts(meter, holder):
    reading = hand_in(meter, "1290", by=holder)

    with pytest.raises(ReasonMissing):
        withdraw(reading, " ")
    with pytest.raises((NotAllowed, NotFound)):
        withdraw(reading, actor=holder)
    withdraw(reading, actor=make_keeper(meter.supplier))

    reading.refresh_from_db()
    assert (reading.status, reading.review_note) == ("rejected", "Лишняя цифра")
