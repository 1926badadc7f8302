"""A customer submits a reading."""

import datetime as dt
import threading
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from kabinet.accounts import operations as account_operations
from kabinet.accounts import queries as accounts
from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW, at
from kabinet.meters import queries
from kabinet.meters.models import Meter, MeterScale, Reading
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.meters.usecases.submit_reading import (
    AccountClosed,
    MeterRemoved,
    ReadingBelowPrevious,
    ReadingDoesNotFit,
    ReadingImplausible,
    RolloverNotConfirmed,
    TakenBeforePrevious,
    TakenInFuture,
    TakenOutsideWindow,
    VerificationExpired,
    VolumeTooLarge,
    WindowClosed,
    submit_reading,
)
from kabinet.outbox.models import RecordedFact
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def holder_of(meter: Meter, level: str = "full") -> User:
    user = make_user()
    make_access(user, meter.account, level=level)
    return user


def submit(meter: Meter, value: str, *, by: User | None = None, on: str = "2026-11-22", **values: Any) -> Reading:
    return submit_reading(
        supplier_id=meter.supplier_id,
        meter_id=meter.id,
        value_m3=Decimal(value),
        taken_on=dt.date.fromisoformat(on),
        actor=by or holder_of(meter),
        **({"request_id": UUID(int=1), "now": NOW} | values),
    )


def stored(meter: Meter) -> list[Decimal]:
    return list(Reading.objects.filter(meter=meter).order_by("id").values_list("value_m3", flat=True))


def test_a_reading_is_stored_with_the_consumption_since_the_one_before():
    meter = make_meter(value="1234", on="2026-10-25")
    user = holder_of(meter)

    reading = submit(meter, "1262", by=user)

    assert (reading.value_m3, reading.previous_m3, reading.volume_m3) == (Decimal(1262), Decimal(1234), Decimal(28))
    assert (reading.used_from, reading.taken_on) == (dt.date(2026, 10, 26), dt.date(2026, 11, 22))
    assert (reading.source, reading.status, reading.author) == ("customer", "accepted", user)
    assert not reading.is_unproven
    assert [fact.name for fact in RecordedFact.objects.all()] == ["meters.ReadingSubmitted"]


def test_what_was_submitted_is_seen_at_once():
    meter = make_meter(value="1234")
    user = holder_of(meter)

    submit(meter, "1262", by=user)

    card = queries.meter_card(meter.supplier_id, meter.id, visible_to=user)
    account = accounts.account_card(meter.supplier_id, meter.account_id, visible_to=user)
    newest = queries.reading_history(account, limit=10)[0]
    assert card.scale.previous_m3 == Decimal(1262)
    assert (newest.value_m3, newest.status_name, newest.source_name) == (Decimal(1262), "принято", "личный кабинет")


def test_the_same_request_twice_is_one_reading():
    meter = make_meter(value="1234")
    user = holder_of(meter)

    first = submit(meter, "1250", by=user, request_id=UUID(int=7))
    again = submit(meter, "1250", by=user, request_id=UUID(int=7))

    assert again == first
    assert stored(meter) == [Decimal(1234), Decimal(1250)]
    assert RecordedFact.objects.count() == 1


def test_the_same_reading_from_two_tabs_is_one_reading():
    meter = make_meter(value="1234")
    user = holder_of(meter)

    first = submit(meter, "1250", by=user, request_id=UUID(int=7))
    again = submit(meter, "1250", by=user, request_id=UUID(int=8))
    another_day = submit(
        meter, "1250", by=user, on="2026-11-23", now=NOW + dt.timedelta(days=1), request_id=UUID(int=9)
    )

    assert again == first
    assert another_day.volume_m3 == 0
    assert stored(meter) == [Decimal(1234), Decimal(1250), Decimal(1250)]


def test_the_first_reading_of_a_meter_is_where_counting_begins():
    meter = make_meter(value=None)

    reading = submit(meter, "17")

    assert (reading.volume_m3, reading.used_from, reading.status) == (Decimal(0), None, "accepted")


def test_the_unchanged_reading_says_that_nothing_was_used():
    meter = make_meter(value="1234")

    assert submit(meter, "1234").volume_m3 == Decimal(0)


@pytest.mark.parametrize(
    ("moment", "opens", "refused"),
    [
        ("2026-11-14 23:59:59", "15.11.2026", True),
        ("2026-11-15 00:00", None, False),
        ("2026-11-25 23:59:59", None, False),
        ("2026-11-26 00:00", "15.12.2026", True),
    ],
)
def test_readings_are_taken_inside_the_window_of_the_suppliers_own_days(moment, opens, refused):
    supplier = make_supplier(reading_opens_day=15, reading_closes_day=25, time_zone="Asia/Novosibirsk")
    meter = make_meter(make_account(supplier), value="1234", on="2026-10-25")
    now = at(moment, "Asia/Novosibirsk")

    if not refused:
        submit(meter, "1240", on=moment[:10], now=now)
        return
    with pytest.raises(WindowClosed) as refusal:
        submit(meter, "1240", on=moment[:10], now=now)

    assert opens in str(refusal.value)
    assert stored(meter) == [Decimal(1234)]


def test_a_reading_taken_before_the_window_opened_is_refused():
    meter = make_meter(make_account(make_supplier(reading_opens_day=15, reading_closes_day=25)), on="2026-10-25")

    with pytest.raises(TakenOutsideWindow):
        submit(meter, "1240", on="2026-11-14")

    assert submit(meter, "1240", on="2026-11-15").taken_on == dt.date(2026, 11, 15)


def test_a_day_that_has_not_come_is_refused():
    meter = make_meter()

    with pytest.raises(TakenInFuture):
        submit(meter, "1240", on="2026-11-23")

    assert stored(meter) == [Decimal(1234)]


def test_a_day_before_the_last_reading_is_refused_and_its_own_day_is_not():
    meter = make_meter(value="1234", on="2026-11-20")

    with pytest.raises(TakenBeforePrevious):
        submit(meter, "1240", on="2026-11-19")

    assert submit(meter, "1240", on="2026-11-20").volume_m3 == Decimal(6)


@pytest.mark.parametrize("value", ["100000", "-1", "1240.5"])
def test_what_the_dial_cannot_show_is_refused(value):
    meter = make_meter(value="1234", digits=5)

    with pytest.raises(ReadingDoesNotFit):
        submit(meter, value)

    assert stored(meter) == [Decimal(1234)]


def test_a_smaller_number_is_refused():
    meter = make_meter(value="51234", on="2026-10-25")

    with pytest.raises(ReadingBelowPrevious) as refusal:
        submit(meter, "51233", rolled_over=True)

    assert str(refusal.value) == ("Показание меньше предыдущего: 51234 от 25.10.2026. Проверьте число на счётчике.")
    assert stored(meter) == [Decimal(51234)]


def test_a_dial_past_its_last_digit_goes_on_from_zero():
    meter = make_meter(value="99987")

    with pytest.raises(RolloverNotConfirmed):
        submit(meter, "14")
    reading = submit(meter, "14", rolled_over=True)

    assert (reading.volume_m3, reading.is_rollover) == (Decimal(27), True)


def test_a_supplier_that_knows_no_rollover_refuses_it():
    meter = make_meter(make_account(make_supplier(allow_rollover=False)), value="99987")

    with pytest.raises(ReadingBelowPrevious):
        submit(meter, "14", rolled_over=True)


def test_a_larger_number_is_no_rollover_whatever_is_ticked():
    meter = make_meter(value="1234")

    reading = submit(meter, "1240", rolled_over=True)

    assert (reading.volume_m3, reading.is_rollover) == (Decimal(6), False)


def test_more_than_the_supplier_takes_at_once_is_refused_and_the_most_is_not():
    meter = make_meter(make_account(make_supplier(max_volume_m3=Decimal(100))), value="1234")

    with pytest.raises(VolumeTooLarge):
        submit(meter, "1335", confirmed=True)

    assert submit(meter, "1334").volume_m3 == Decimal(100)


def make_meter_with_a_usual_month_of(volume_m3: int) -> Meter:
    meter = make_meter(value="1000", on="2026-09-22")
    make_reading(meter, str(1000 + volume_m3), on="2026-10-22")
    return meter


def test_three_times_the_usual_volume_has_to_be_confirmed_and_is_looked_at():
    meter = make_meter_with_a_usual_month_of(30)
    user = holder_of(meter)

    with pytest.raises(ReadingImplausible) as refusal:
        submit(meter, "1124", by=user)
    assert len(stored(meter)) == 2
    reading = submit(meter, "1124", by=user, confirmed=True)

    assert "Расход 94 м³ намного больше обычного (около 31 м³)" in str(refusal.value)
    assert reading.status == "questionable"
    card = queries.meter_card(meter.supplier_id, meter.id, visible_to=user)
    assert (card.scale.previous_m3, card.scale.latest_m3, card.scale.awaits_check) == (1030, 1124, True)


def test_up_to_three_times_the_usual_volume_is_accepted_unasked():
    meter = make_meter_with_a_usual_month_of(30)

    assert submit(meter, "1123").status == "accepted"


def test_a_plausible_reading_ends_the_waiting_of_an_earlier_doubtful_one():
    meter = make_meter_with_a_usual_month_of(30)
    user = holder_of(meter)
    doubtful = submit(meter, "1124", by=user, confirmed=True)

    reading = submit(meter, "1060", by=user, request_id=UUID(int=2))

    doubtful.refresh_from_db()
    assert (reading.status, reading.volume_m3, doubtful.status) == ("accepted", Decimal(30), "rejected")


def test_a_meter_past_its_verification_is_refused_from_the_day_after():
    meter = make_meter(verification_due_on=dt.date(2026, 11, 21))

    with pytest.raises(VerificationExpired):
        submit(meter, "1240", on="2026-11-22")

    assert submit(meter, "1240", on="2026-11-21").status == "accepted"


def test_a_removed_meter_and_a_closed_account_take_no_readings():
    with pytest.raises(MeterRemoved):
        submit(make_meter(removed_on=dt.date(2026, 11, 1)), "1240")
    with pytest.raises(AccountClosed):
        submit(make_meter(make_account(closed_on=dt.date(2026, 11, 1))), "1240")

    assert RecordedFact.objects.count() == 0


def test_who_has_not_proven_the_account_may_submit_and_the_reading_says_so():
    meter = make_meter()

    assert submit(meter, "1240", by=holder_of(meter, level="lite")).is_unproven


def test_a_stranger_is_told_there_is_no_such_meter():
    meter = make_meter()

    with pytest.raises(NotFound):
        submit(meter, "1240", by=make_user())
    with pytest.raises(NotFound):
        submit_reading(
            supplier_id=make_supplier().id,
            meter_id=meter.id,
            value_m3=Decimal(1240),
            taken_on=dt.date(2026, 11, 22),
            request_id=UUID(int=1),
            actor=holder_of(meter),
            now=NOW,
        )

    assert stored(meter) == [Decimal(1234)]


def test_each_scale_of_a_meter_counts_for_itself():
    meter = make_meter(value="1000")
    night = MeterScale.objects.create(supplier_id=meter.supplier_id, meter=meter, zone="T2", name="Ночь")
    make_reading(meter, "500", on="2026-10-25", scale=night)

    reading = submit(meter, "510", scale_id=night.id)

    assert (reading.scale, reading.volume_m3) == (night, Decimal(10))
    with pytest.raises(NotFound):
        submit(meter, "1010", scale_id=MeterScale.objects.get(meter=make_meter()).id, request_id=UUID(int=2))


def two_at_once(meter: Meter) -> list[Reading]:
    """Let two people submit 1240 and 1250 at the same moment, each with a connection of their own."""
    users = [holder_of(meter), holder_of(meter)]
    start = threading.Barrier(2)

    def run(user: User, value: str, number: int) -> None:
        start.wait(timeout=10)
        try:
            submit(meter, value, by=user, request_id=UUID(int=number))
        except ReadingBelowPrevious:
            pass
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(user, value, number))
        for number, (user, value) in enumerate(zip(users, ["1240", "1250"], strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return list(Reading.objects.filter(meter=meter, used_from__isnull=False).order_by("value_m3"))


@pytest.fixture
def both_read_before_either_writes(monkeypatch):
    """Hold each submission after it has read the previous reading until the other has too, or a moment has passed."""
    met = threading.Barrier(2)
    latest_accepted = queries.latest_accepted

    def wait_for_the_other(*arguments: Any) -> Reading | None:
        found = latest_accepted(*arguments)
        try:
            met.wait(timeout=1)
        except threading.BrokenBarrierError:
            met.reset()
        return found

    monkeypatch.setattr(queries, "latest_accepted", wait_for_the_other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("both_read_before_either_writes")
def test_two_at_once_never_count_the_same_gas_twice():
    meter = make_meter(value="1234")

    readings = two_at_once(meter)

    assert sum(reading.volume_m3 for reading in readings) == readings[-1].value_m3 - Decimal(1234)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("both_read_before_either_writes")
def test_without_the_lock_two_at_once_count_the_same_gas_twice(monkeypatch):
    def not_locked(supplier_id: int, account_id: int, *, visible_to: User) -> Account:
        return Account.objects.get(supplier_id=supplier_id, id=account_id)

    monkeypatch.setattr(account_operations, "lock_account", not_locked)
    meter = make_meter(value="1234")

    readings = two_at_once(meter)

    assert [reading.volume_m3 for reading in readings] == [Decimal(6), Decimal(16)]
