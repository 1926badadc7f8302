"""Staff record a reading."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from kabinet.accounts.operations import AccountIsClosed
from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.meters.models import Meter, Reading
from kabinet.meters.operations.readings import (
    DayInFuture,
    MeterNotCounting,
    MeterRemoved,
    ReadingBelowPrevious,
    ReadingDoesNotFit,
    ReadingImplausible,
    RolloverNotConfirmed,
    TakenBeforePrevious,
    VerificationExpired,
    VolumeTooLarge,
)
from kabinet.meters.tests.factories import make_keeper, make_meter, make_outage, make_reading
from kabinet.meters.usecases.record_reading import record_reading
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def record(meter: Meter, value: str, *, on: str = "2026-11-22", **values: Any) -> Reading:
    return record_reading(
        supplier_id=meter.supplier_id,
        meter_id=meter.id,
        value_m3=Decimal(value),
        taken_on=dt.date.fromisoformat(on),
        **({"request_id": UUID(int=1), "actor": None, "now": NOW} | values),
    )


def stored(meter: Meter) -> list[Decimal]:
    return list(Reading.objects.filter(meter=meter).order_by("id").values_list("value_m3", flat=True))


def test_a_control_reading_on_a_day_outside_the_window_counts():
    supplier = make_supplier(reading_opens_day=15, reading_closes_day=25)
    meter = make_meter(make_account(supplier), value="1234", on="2026-10-25")
    keeper = make_keeper(supplier)

    reading = record(meter, "1240", on="2026-10-31", actor=keeper, by_inspector=True)

    assert (reading.used_from, reading.taken_on, reading.volume_m3) == (
        dt.date(2026, 10, 26),
        dt.date(2026, 10, 31),
        Decimal(6),
    )
    assert (reading.source, reading.status, reading.author) == ("inspector", "accepted", keeper)
    assert Entry.objects.get().action == "reading.recorded"


def test_the_same_request_twice_is_one_reading():
    meter = make_meter(value="1234")

    first, again = record(meter, "1240"), record(meter, "1240")

    assert again == first
    assert stored(meter) == [Decimal(1234), Decimal(1240)]
    assert Entry.objects.count() == 1


def test_a_reading_that_follows_an_opening_one_begins_there():
    meter = make_meter(value="9000", on="2026-09-25")
    make_reading(meter, "17", on="2026-11-05", source="opening", previous_m3=None, used_from=None, volume_m3=Decimal(0))

    reading = record(meter, "25")

    assert (reading.previous_m3, reading.used_from, reading.volume_m3) == (
        Decimal(17),
        dt.date(2026, 11, 6),
        Decimal(8),
    )


@pytest.mark.parametrize(
    ("value", "on", "refusal"),
    [
        ("100000", "2026-11-22", ReadingDoesNotFit),
        ("1240.5", "2026-11-22", ReadingDoesNotFit),
        ("1240", "2026-11-23", DayInFuture),
        ("1240", "2026-10-24", TakenBeforePrevious),
        ("1233", "2026-11-22", ReadingBelowPrevious),
        ("11235", "2026-11-22", VolumeTooLarge),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(value, on, refusal):
    meter = make_meter(value="1234", on="2026-10-25")

    with pytest.raises(refusal):
        record(meter, value, on=on)

    assert stored(meter) == [Decimal(1234)]
    assert not Entry.objects.exists()


def test_staff_who_have_seen_it_let_a_large_volume_count():
    meter = make_meter(value="1234")

    reading = record(meter, "11235", confirmed=True)

    assert (reading.volume_m3, reading.status) == (Decimal(10001), "accepted")


def test_much_more_than_usual_is_asked_once_and_then_counts():
    meter = make_meter(value="1000", on="2026-09-25")
    make_reading(meter, "1030", on="2026-10-25")

    with pytest.raises(ReadingImplausible):
        record(meter, "1200")

    assert record(meter, "1200", confirmed=True).status == "accepted"


def test_a_dial_that_passed_zero_has_to_be_confirmed():
    meter = make_meter(value="99987")

    with pytest.raises(RolloverNotConfirmed):
        record(meter, "14")

    assert record(meter, "14", rolled_over=True).volume_m3 == Decimal(27)


def test_no_reading_is_taken_on_days_on_which_the_meter_does_not_count():
    removed = make_meter(removed_on=dt.date(2026, 11, 1))
    expired = make_meter(verification_due_on=dt.date(2026, 11, 21))
    faulty = make_meter()
    make_outage(faulty, "faulty", "2026-11-20")

    for meter, refusal in [(removed, MeterRemoved), (expired, VerificationExpired), (faulty, MeterNotCounting)]:
        with pytest.raises(refusal):
            record(meter, "1240")
    assert record(faulty, "1240", on="2026-11-19").status == "accepted"


def test_the_refusal_says_since_when_and_why_the_meter_does_not_count():
    meter = make_meter()
    make_outage(meter, "seal_damaged", "2026-11-20")

    with pytest.raises(MeterNotCounting) as refused:
        record(meter, "1240")

    assert str(refused.value).startswith("С 20.11.2026 показания этого счётчика не учитываются: повреждена пломба.")


def test_a_closed_account_takes_readings_of_its_days_only():
    meter = make_meter(make_account(closed_on=dt.date(2026, 11, 16)))

    with pytest.raises(AccountIsClosed):
        record(meter, "1240", on="2026-11-16")

    assert record(meter, "1240", on="2026-11-15").volume_m3 == Decimal(6)


def test_a_reading_that_counts_ends_the_waiting_of_earlier_ones_and_is_what_later_ones_are_compared_with():
    meter = make_meter(value="1000", on="2026-09-25")
    earlier = make_reading(meter, "1900", on="2026-10-20", status="questionable")
    later = make_reading(meter, "1950", on="2026-11-20", status="questionable")
    below = make_reading(meter, "1003", on="2026-11-21", status="questionable")

    record(meter, "1010", on="2026-10-25")

    for reading in (earlier, later, below):
        reading.refresh_from_db()
    assert (earlier.status, below.status) == ("rejected", "rejected")
    assert (later.status, later.previous_m3, later.volume_m3) == ("questionable", Decimal(1010), Decimal(940))
    assert later.used_from == dt.date(2026, 10, 26)


def test_staff_without_the_right_may_not_and_others_find_no_meter():
    meter = make_meter()
    operator = make_user(is_staff=True)
    StaffRole.objects.create(user=operator, supplier=None, role="operator")

    with pytest.raises(NotAllowed):
        record(meter, "1240", actor=operator)
    with pytest.raises(NotFound):
        record(meter, "1240", actor=make_keeper(make_supplier()))
    with pytest.raises(NotFound):
        record(meter, "1240", actor=make_user("customer@example.ru"))
    assert stored(meter) == [Decimal(1234)]
