"""Readings leave to a supplier: those that count, each once; one that counts no longer leaves as such."""

import datetime as dt

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.meters.models import Reading
from kabinet.meters.tests.factories import make_meter, make_reading, make_scale
from kabinet.people.tests.factories import make_user
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.queries import waiting_to_leave_count
from kabinet.registers.tests.outgoing import lines_of, make_dispatch
from kabinet.registers.usecases.make_register import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def meter():
    return make_meter(make_account(number="0070201"), serial_number="0042", value="1200")


def send(meter):
    return make_register(supplier_id=meter.supplier_id, kind="readings", actor=None, now=NOW)


def values(register):
    return [(line["Показание, м³"], line["Вид"]) for line in lines_of(register)]


def test_a_reading_leaves_with_what_a_billing_needs(meter):
    reading = make_reading(meter, "1250", on="2026-11-20", submitted_at=dt.datetime(2026, 11, 20, 22, tzinfo=dt.UTC))

    register = send(meter)

    assert lines_of(register) == [
        {
            "Лицевой счёт": "0070201",
            "Номер счётчика": "0042",
            "Шкала": "T1",
            "Показание, м³": "1250,000",
            "Дата показания": "20.11.2026",
            "Вид": "принято",
            "Источник": "личный кабинет",
            "Передано": "21.11.2026 01:00",  # by the supplier's clock
            "Наш номер показания": str(reading.id),
        }
    ]
    assert (register.lines_count, register.amount_rub) == (1, None)


def test_each_reading_leaves_once(meter):
    make_reading(meter, "1250", on="2026-11-20")
    send(meter)
    make_reading(meter, "1260", on="2026-11-21")

    assert values(send(meter)) == [("1260,000", "принято")]
    assert send(meter) is None


def test_each_scale_of_a_meter_leaves_by_itself(meter):
    night = make_scale(meter, "T2", "100")
    make_reading(meter, "1250", on="2026-11-20")
    make_reading(meter, "110", on="2026-11-20", scale=night)

    assert [(line["Шкала"], line["Показание, м³"]) for line in lines_of(send(meter))] == [
        ("T1", "1250,000"),
        ("T2", "110,000"),
    ]


@pytest.mark.parametrize(
    "what",
    [
        {"source": Reading.Source.IMPORT},  # they have told us of it
        {"source": Reading.Source.OPENING},  # as the register of meters has it
        {"status": Reading.Status.QUESTIONABLE},
        {"status": Reading.Status.REJECTED},
    ],
)
def test_what_does_not_count_or_came_from_them_does_not_leave(meter, what):
    make_reading(meter, "1250", on="2026-11-20", **what)

    assert send(meter) is None
    assert OutgoingRegister.objects.count() == 0


def test_the_first_reading_of_a_meter_that_staff_have_put_in_leaves(meter):
    make_reading(meter, "0", on="2026-11-20", source=Reading.Source.OPENING, author=make_user(), volume_m3=0)

    assert values(send(meter)) == [("0,000", "принято")]


def test_a_reading_that_counts_no_longer_leaves_once_more_as_such(meter):
    reading = make_reading(meter, "1250", on="2026-11-20")
    send(meter)
    Reading.objects.filter(pk=reading.pk).update(status=Reading.Status.REJECTED)

    assert values(send(meter)) == [("1250,000", "отменено")]
    assert send(meter) is None


def test_what_was_handed_in_before_the_first_day_stays(meter):
    make_dispatch(meter.supplier, "readings", since=dt.date(2026, 11, 20))
    make_reading(meter, "1240", on="2026-11-19", submitted_at=dt.datetime(2026, 11, 19, 20, 59, tzinfo=dt.UTC))
    make_reading(meter, "1250", on="2026-11-20", submitted_at=dt.datetime(2026, 11, 19, 21, tzinfo=dt.UTC))

    assert waiting_to_leave_count(meter.supplier_id, "readings") == 1
    assert values(send(meter)) == [("1250,000", "принято")]


def test_readings_go_to_a_supplier_that_is_billed_here_too(meter):
    assert meter.supplier.billing == "kabinet"
    make_reading(meter, "1250", on="2026-11-20")

    assert send(meter).lines_count == 1


def test_readings_of_another_supplier_are_none_of_theirs(meter):
    make_reading(make_meter(value="1"), "2", on="2026-11-20")

    assert send(meter) is None
