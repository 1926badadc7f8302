"""Staff note and end outages of a meter, and verify it."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from kabinet.accounts.operations import AccountIsClosed
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.meters import queries
from kabinet.meters.models import Meter, MeterOutage, Reading
from kabinet.meters.operations.meters import ReadingMissing
from kabinet.meters.operations.readings import DayInFuture, MeterNotCounting, MeterRemoved, TakenBeforePrevious
from kabinet.meters.tests.factories import make_keeper, make_meter, make_outage, make_reading
from kabinet.meters.usecases.end_outage import EndsBeforeBeginning, OutageEnded, end_outage
from kabinet.meters.usecases.note_outage import OutageBeforeMeter, OutageKnown, ReasonIsADate, note_outage
from kabinet.meters.usecases.record_reading import record_reading
from kabinet.meters.usecases.review_reading import review_reading
from kabinet.meters.usecases.submit_reading import submit_reading
from kabinet.meters.usecases.verify_meter import DueTooEarly, verify_meter
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def note(meter: Meter, since: str = "2026-11-05", reason: str = "seal_damaged", **values: Any) -> MeterOutage:
    return note_outage(
        supplier_id=meter.supplier_id,
        meter_id=meter.id,
        reason=reason,
        since=day(since),
        **({"document": "акт № 7", "actor": None, "now": NOW} | values),
    )


def end(outage: MeterOutage, on: str = "2026-11-10", opening: str | None = "1300", **values: Any) -> MeterOutage:
    return end_outage(
        supplier_id=outage.supplier_id,
        outage_id=outage.id,
        ended_on=day(on),
        opening_m3={} if opening is None else {"T1": Decimal(opening)},
        **({"request_id": UUID(int=1), "actor": None, "now": NOW} | values),
    )


def verify(meter: Meter, on: str, due: str = "2036-11-01", opening: str | None = None, **values: Any) -> Meter:
    return verify_meter(
        supplier_id=meter.supplier_id,
        meter_id=meter.id,
        verified_on=day(on),
        due_on=day(due),
        opening_m3={} if opening is None else {"T1": Decimal(opening)},
        **({"document": "свидетельство № 1", "request_id": UUID(int=1), "actor": None, "now": NOW} | values),
    )


def review(reading: Reading) -> None:
    review_reading(
        supplier_id=reading.supplier_id, reading_id=reading.id, is_accepted=True, reason="", actor=None, now=NOW
    )


def days_of(meter: Meter) -> list[tuple[str, str, str | None]]:
    rows = MeterOutage.objects.filter(meter=meter).order_by("valid_from")
    return [(row.reason, str(row.valid_from), row.valid_until and str(row.valid_until)) for row in rows]


def openings(meter: Meter) -> list[tuple[str, Decimal]]:
    rows = Reading.objects.filter(meter=meter, source="opening").order_by("id")[1:]
    return [(str(row.taken_on), row.value_m3) for row in rows]


def test_from_an_outage_on_the_meter_takes_no_readings_and_shows_why():
    meter = make_meter(value="1234", on="2026-10-25")
    user = make_user()
    make_access(user, meter.account)

    note(meter, "2026-11-05", actor=make_keeper(meter.supplier))

    assert days_of(meter) == [("seal_damaged", "2026-11-05", None)]
    with pytest.raises(MeterNotCounting):
        submit_reading(
            supplier_id=meter.supplier_id,
            meter_id=meter.id,
            value_m3=Decimal(1240),
            taken_on=day("2026-11-22"),
            request_id=UUID(int=2),
            actor=user,
            now=NOW,
        )
    card = queries.meter_card(meter.supplier_id, meter.id, visible_to=user)
    assert card.outage_on(day("2026-11-22")).reason == "seal_damaged"
    assert card.outage_on(day("2026-11-04")) is None
    assert Entry.objects.get().action == "outage.noted"


def test_the_same_outage_twice_is_one():
    meter = make_meter()

    assert note(meter) == note(meter)

    assert MeterOutage.objects.count() == Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"since": "2026-11-23"}, DayInFuture),
        ({"since": "2026-10-01"}, OutageBeforeMeter),
        ({"since": "2026-11-03"}, OutageKnown),
        ({"since": "2026-11-01"}, OutageKnown),
        ({"reason": "unverified"}, ReasonIsADate),
    ],
)
def test_an_outage_that_cannot_be_is_refused(changes, refusal):
    meter = make_meter(installed_on=day("2026-10-02"))
    make_outage(meter, "faulty", "2026-11-02", "2026-11-04")

    with pytest.raises(refusal):
        note(meter, **changes)

    assert days_of(meter) == [("faulty", "2026-11-02", "2026-11-04")]


def test_the_day_after_an_outage_the_next_one_may_begin():
    meter = make_meter()
    make_outage(meter, "faulty", "2026-11-02", "2026-11-04")

    note(meter, "2026-11-04")

    assert days_of(meter)[1] == ("seal_damaged", "2026-11-04", None)


def test_no_outage_of_a_removed_meter_or_a_closed_account():
    with pytest.raises(MeterRemoved):
        note(make_meter(removed_on=day("2026-11-01")))
    with pytest.raises(AccountIsClosed):
        note(make_meter(make_account(closed_on=day("2026-11-05"))))


def test_an_outage_ends_with_the_reading_from_which_the_meter_counts_on():
    meter = make_meter(value="1234", on="2026-10-25")
    outage = note(meter, "2026-11-05")

    end(outage, "2026-11-10", "1300")
    again = end(outage, "2026-11-10", "1300")

    assert days_of(meter) == [("seal_damaged", "2026-11-05", "2026-11-11")]
    assert openings(meter) == [("2026-11-10", Decimal(1300))]
    assert again.valid_until == day("2026-11-11")
    with pytest.raises(OutageEnded):
        end(outage, "2026-11-12", "1300")


def test_a_repaired_meter_may_begin_with_less_than_it_showed():
    meter = make_meter(value="1234", on="2026-10-25")

    end(note(meter), "2026-11-10", "0")

    assert queries.latest_accepted(meter.supplier_id, Reading.objects.first().scale_id).value_m3 == Decimal(0)


def test_a_doubtful_reading_from_before_an_outage_waits_on_when_the_meter_counts_again():
    meter = make_meter(value="1234", on="2026-09-25")
    doubtful = make_reading(meter, "2034", on="2026-10-25", status="questionable")
    end(note(meter, "2026-11-03"), "2026-11-10", "2100")
    record_reading(
        supplier_id=meter.supplier_id,
        meter_id=meter.id,
        value_m3=Decimal(2110),
        taken_on=day("2026-11-15"),
        request_id=UUID(int=2),
        actor=None,
        now=NOW,
    )
    latest = make_reading(meter, "2120", on="2026-11-20", status="questionable")

    for reading in (latest, doubtful):
        review(reading)

    rows = Reading.objects.filter(meter=meter, status="accepted", used_from__isnull=False).order_by("taken_on")
    assert [(str(row.used_from), str(row.taken_on), row.volume_m3) for row in rows] == [
        ("2026-09-26", "2026-10-25", Decimal(800)),
        ("2026-11-11", "2026-11-15", Decimal(10)),
        ("2026-11-16", "2026-11-20", Decimal(10)),
    ]


def test_a_doubtful_reading_from_before_an_outage_says_nothing_of_those_that_wait_after_it():
    meter = make_meter(value="1234", on="2026-09-25")
    within = make_reading(meter, "1990", on="2026-10-10", status="questionable")
    doubtful = make_reading(meter, "2034", on="2026-10-25", status="questionable")
    still_doubtful = make_reading(meter, "2040", on="2026-10-30", status="questionable")
    end(note(meter, "2026-11-03"), "2026-11-10", "0")
    after = make_reading(meter, "900", on="2026-11-20", status="questionable")

    review(doubtful)

    for reading in (within, still_doubtful, after):
        reading.refresh_from_db()
    assert within.status == "rejected"
    assert (still_doubtful.status, still_doubtful.volume_m3) == ("questionable", Decimal(6))
    assert (after.status, after.volume_m3) == ("questionable", Decimal(900))


@pytest.mark.parametrize(
    ("on", "opening", "refusal"),
    [
        ("2026-11-23", "1300", DayInFuture),
        ("2026-11-04", "1300", EndsBeforeBeginning),
        ("2026-11-10", None, ReadingMissing),
        ("2026-11-06", "1300", TakenBeforePrevious),
    ],
)
def test_an_outage_whose_end_cannot_be_stays_open(on, opening, refusal):
    meter = make_meter(value="1234", on="2026-10-25")
    outage = note(meter, "2026-11-05")
    make_reading(meter, "1250", on="2026-11-07")

    with pytest.raises(refusal):
        end(outage, on, opening)

    assert days_of(meter) == [("seal_damaged", "2026-11-05", None)]
    assert openings(meter) == []


def test_a_meter_verified_in_time_gets_its_new_date_and_goes_on_counting():
    meter = make_meter(verification_due_on=day("2026-11-15"))

    verified = verify(meter, "2026-11-15", "2036-11-15")

    assert verified.verification_due_on == day("2036-11-15")
    assert days_of(meter) == []
    assert openings(meter) == []


def test_a_meter_verified_a_day_late_keeps_that_day_as_an_outage_and_begins_anew():
    meter = make_meter(value="1234", on="2026-10-25", verification_due_on=day("2026-11-15"))

    verify(meter, "2026-11-16", "2036-11-16", opening="1290")
    verify(meter, "2026-11-16", "2036-11-16", opening="1290")

    assert days_of(meter) == [("unverified", "2026-11-16", "2026-11-17")]
    assert openings(meter) == [("2026-11-16", Decimal(1290))]
    assert [entry.action for entry in Entry.objects.all()] == ["meter.verified"]


def test_a_late_verification_without_a_reading_is_refused_and_nothing_is_written():
    meter = make_meter(verification_due_on=day("2026-11-01"))

    with pytest.raises(ReadingMissing):
        verify(meter, "2026-11-16")

    meter.refresh_from_db()
    assert meter.verification_due_on == day("2026-11-01")
    assert days_of(meter) == []


def test_a_meter_that_was_away_for_its_verification_begins_when_it_is_back():
    meter = make_meter(value="1234", on="2026-10-25", verification_due_on=day("2026-11-05"))
    away = note(meter, "2026-11-03", "removed")

    verify(meter, "2026-11-10", "2036-11-10")
    end(away, "2026-11-12", "1236")

    assert days_of(meter) == [("removed", "2026-11-03", "2026-11-13")]
    assert openings(meter) == [("2026-11-12", Decimal(1236))]


def test_a_meter_whose_verification_is_told_after_it_is_back_begins_there_as_well():
    meter = make_meter(value="1234", on="2026-10-25", verification_due_on=day("2026-11-05"))

    end(note(meter, "2026-11-03", "removed"), "2026-11-12", "1236")
    verify(meter, "2026-11-10", "2036-11-10")

    assert openings(meter) == [("2026-11-12", Decimal(1236))]
    assert queries.known_outages(meter).outages == queries.outages_of(meter.supplier_id, [meter.id])[meter.id]
    assert days_of(meter) == [("removed", "2026-11-03", "2026-11-13")]


def test_a_verification_that_comes_to_be_known_after_a_later_outage_has_ended_is_entered():
    meter = make_meter(value="1234", on="2026-08-25", verification_due_on=day("2026-08-31"))
    end(note(meter, "2026-10-10", "faulty"), "2026-11-01", opening="0")

    verify(meter, "2026-09-05", "2036-09-05", opening="1240")

    assert days_of(meter) == [("unverified", "2026-09-01", "2026-09-06"), ("faulty", "2026-10-10", "2026-11-02")]
    assert openings(meter) == [("2026-11-01", Decimal(0))]


@pytest.mark.parametrize(
    ("on", "due", "refusal"),
    [("2026-11-23", "2036-11-01", DayInFuture), ("2026-11-10", "2026-11-10", DueTooEarly)],
)
def test_a_verification_that_cannot_be_is_refused(on, due, refusal):
    meter = make_meter(verification_due_on=day("2026-11-30"))

    with pytest.raises(refusal):
        verify(meter, on, due)

    meter.refresh_from_db()
    assert meter.verification_due_on == day("2026-11-30")


def test_a_stranger_finds_neither_meter_nor_outage():
    meter, stranger = make_meter(), make_keeper(make_supplier())
    outage = note(meter)

    for act in (
        lambda: note(meter, actor=stranger),
        lambda: end(outage, actor=stranger),
        lambda: verify(meter, "2026-11-10", actor=stranger),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        end_outage(
            supplier_id=make_supplier().id,
            outage_id=outage.id,
            ended_on=day("2026-11-10"),
            opening_m3={},
            request_id=UUID(int=1),
            actor=None,
            now=NOW,
        )
