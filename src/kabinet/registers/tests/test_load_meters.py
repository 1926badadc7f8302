"""Meters and their readings come by registers."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.meters.models import Meter, MeterScale, Reading
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.meters.usecases.record_reading import record_reading
from kabinet.outbox.testing import run_jobs
from kabinet.registers import queries
from kabinet.registers.tests.incoming import Desk, counts, profile_for
from kabinet.registers.usecases.approve_register import approve_register
from kabinet.registers.usecases.check_register import check_register
from kabinet.registers.usecases.read_register import read_register

pytestmark = pytest.mark.django_db(transaction=True)

LATER = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
METERS = "number;serial_number;model_name;digits;installed_on;verification_due_on;zone;value_m3;taken_on\n"
READINGS = "number;serial_number;value_m3;taken_on\n"


@pytest.fixture
def desk():
    return Desk()


def test_a_new_meter_comes_with_its_scales_and_first_readings(desk):
    make_account(desk.supplier, number="702062012")

    register = desk.load(
        "meters",
        METERS + "702062012;0482100;ВК-G4;6;01.02.2020;31.12.2030;Т1;100;01.11.2026\n"
        "702062012;0482100;ВК-G4;6;01.02.2020;31.12.2030;Т2;200;01.11.2026\n",
    )

    meter = Meter.objects.get()
    assert counts(register) == (2, 0, 0, 0)
    assert (meter.serial_number, meter.digits, meter.verification_due_on) == ("0482100", 6, dt.date(2030, 12, 31))
    assert list(MeterScale.objects.order_by("zone").values_list("zone", flat=True)) == ["T1", "T2"]
    readings = Reading.objects.order_by("value_m3").values_list("value_m3", "source", "status")
    assert list(readings) == [(100, "opening", "accepted"), (200, "opening", "accepted")]


def test_a_known_meter_is_changed_where_the_file_says_otherwise(desk):
    account = make_account(desk.supplier, number="702062012")
    meter = make_meter(account, serial_number="0482100", verification_due_on=dt.date(2026, 12, 1))

    register = desk.load("meters", METERS + "702062012;0482100;;;;31.12.2032;;;\n")

    meter.refresh_from_db()
    assert counts(register) == (0, 1, 0, 0)
    assert (meter.verification_due_on, meter.model_name) == (dt.date(2032, 12, 31), "ВК-G4")
    desk.undo(register, now=LATER)
    meter.refresh_from_db()
    assert meter.verification_due_on == dt.date(2026, 12, 1)


def test_an_undone_meter_goes_unless_it_has_counted(desk):
    make_account(desk.supplier, number="702062012")
    make_account(desk.supplier, number="702062013")
    register = desk.load("meters", METERS + "702062012;1001;;;;;;10;01.11.2026\n702062013;1002;;;;;;10;01.11.2026\n")
    make_reading(Meter.objects.get(serial_number="1002"), "20", on="2026-11-20")

    desk.undo(register, now=LATER)

    assert list(Meter.objects.values_list("serial_number", flat=True)) == ["1002"]
    assert register.left_count == 1


def test_a_meter_that_staff_installed_after_the_check_is_met_when_the_file_is_read_again(desk):
    account = make_account(desk.supplier, number="702062012")
    content = METERS + "702062012;1001;ВК-G6;;;;;10;01.11.2026\n"
    register = desk.check("meters", content)
    make_meter(account, serial_number="1001")
    approve_register(**desk.key(register), note="", actor=desk.second, now=NOW)

    with pytest.raises(IntegrityError):
        run_jobs(only="registers.")

    register.refresh_from_db()
    assert (register.state, register.problem[:16]) == ("checked", "После проверки и")
    profile = profile_for("meters", METERS.strip().split(";"))
    read_register(**desk.key(register), profile=profile, profile_name="Тест", actor=desk.first, now=LATER)
    check_register(**desk.key(register), now=LATER)
    register.refresh_from_db()
    assert counts(register) == (0, 1, 0, 0)


def test_a_reading_is_recorded_with_what_was_used(desk):
    meter = make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234")

    register = desk.load("readings", READINGS + "702062012;;1250;31.10.2026\n702062012;1001;1262;15.11.2026\n")

    assert counts(register) == (2, 0, 0, 0)
    readings = Reading.objects.filter(meter=meter, source="import").order_by("taken_on")
    assert [(each.previous_m3, each.volume_m3, each.used_from) for each in readings] == [
        (1234, 16, dt.date(2026, 10, 26)),
        (1250, 12, dt.date(2026, 11, 1)),
    ]


def test_a_line_that_names_no_meter_is_about_the_only_one_that_stands(desk):
    replaced = make_account(desk.supplier, number="702062012")
    make_meter(replaced, serial_number="1001", removed_on=dt.date(2026, 9, 1))
    standing = make_meter(replaced, serial_number="1002", value="100000", digits=6)
    of_two = make_account(desk.supplier, number="702062013")
    make_meter(of_two, serial_number="2001")
    make_meter(of_two, serial_number="2002")

    register = desk.load(
        "readings",
        READINGS + "702062012;;100016;31.10.2026\n702062012;;1000016;15.11.2026\n702062013;;1250;31.10.2026\n",
    )

    assert counts(register) == (1, 0, 0, 2)
    assert Reading.objects.get(source="import").meter == standing
    refused = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    assert [[(reason.label, reason.words) for reason in line.reasons] for line in refused] == [
        [("Показание, м³", "счётчик не может показать такое число")],
        [("Номер счётчика", "такого нет")],
    ]


def test_each_day_that_a_file_says_is_read_as_it_is_written(desk):
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234", on="2026-09-25")

    register = desk.check(
        "readings",
        READINGS + "702062012;1001;1262;31.09.2026\n702062012;1001;1250; 30.09.2026 \n702062012;1001;1262;15.10.2026\n"
        "702062012;1001;1270;\n702062012;1001;1262;15.10.2026\n",
    )

    lines = queries.lines_of_register(desk.supplier.id, register.id)
    assert [(line.line_no, [reason.words for reason in line.reasons]) for line in lines] == [
        (2, ["нет такой даты, или она записана иначе, чем в формате"]),
        (3, []),
        (4, ["повторяется в файле"]),
        (5, ["не заполнено"]),
        (6, ["повторяется в файле"]),
    ]


def test_a_reading_that_cannot_follow_is_refused(desk):
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234")

    register = desk.check(
        "readings",
        READINGS + "702062012;1001;1233;31.10.2026\n702062012;9;1250;31.10.2026\n702062012;1001;1300;23.11.2026\n"
        "702062012;1001;1234567;01.11.2026\n702062012;1001;1200;01.10.2026\n",
    )

    words = [row.reasons[0].words for row in queries.lines_of_register(desk.supplier.id, register.id)]
    assert words == [
        "меньше предыдущего показания; если счётчик прошёл через ноль, запишите это показание на карточке счёта",
        "такого нет",
        "этот день или месяц ещё не наступил",
        "счётчик не может показать такое число",
        "уже есть более позднее показание",
    ]


def test_a_dial_past_zero_is_left_to_a_person_and_the_next_file_goes_on_from_there(desk):
    meter = make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="99987")
    refused = desk.check("readings", READINGS + "702062012;1001;14;31.10.2026\n")
    assert counts(refused) == (0, 0, 0, 1)

    record_reading(
        supplier_id=desk.supplier.id,
        meter_id=meter.id,
        value_m3=Decimal("14"),
        taken_on=dt.date(2026, 10, 31),
        request_id=uuid4(),
        actor=None,
        now=LATER,
        confirmed=True,
        rolled_over=True,
    )
    desk.load("readings", READINGS + "702062012;1001;20;20.11.2026\n", now=LATER)

    volumes = Reading.objects.filter(meter=meter).order_by("taken_on").values_list("value_m3", "volume_m3")
    assert list(volumes)[1:] == [(14, 27), (20, 6)]


@pytest.mark.parametrize(
    ("of_meter", "of_account", "words"),
    [
        ({"removed_on": dt.date(2026, 11, 14)}, {}, "счётчик к этому дню уже снят"),
        ({}, {"closed_on": dt.date(2026, 11, 15)}, "счёт к этому дню уже закрыт"),
    ],
)
def test_what_was_taken_away_after_the_check_counts_no_further(desk, of_meter, of_account, words):
    meter = make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234")
    register = desk.check("readings", READINGS + "702062012;1001;1250;31.10.2026\n702062012;1001;1262;15.11.2026\n")
    Meter.objects.filter(pk=meter.pk).update(**of_meter)
    Account.objects.filter(pk=meter.account_id).update(**of_account)

    desk.apply(register, now=LATER)

    assert counts(register) == (1, 0, 0, 1)
    assert list(Reading.objects.filter(source="import").values_list("value_m3", flat=True)) == [1250]
    [refused] = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    assert [reason.words for reason in refused.reasons] == [words]


def test_a_reading_known_already_changes_nothing(desk):
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234", on="2026-10-25")

    register = desk.check("readings", READINGS + "702062012;1001;1234;25.10.2026\n")

    assert counts(register) == (0, 0, 1, 0)


def test_undone_readings_count_no_more(desk):
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234")
    register = desk.load("readings", READINGS + "702062012;1001;1250;31.10.2026\n")

    desk.undo(register, now=LATER)

    assert Reading.objects.get(source="import").status == "rejected"
    assert Decimal("1234") == Reading.objects.get(status="accepted").value_m3


def test_undoing_brings_a_meter_back_to_what_stood_when_the_register_was_applied(desk):
    account = make_account(desk.supplier, number="702062012")
    meter = make_meter(account, serial_number="0482100", verification_due_on=dt.date(2026, 12, 1))
    register = desk.check("meters", METERS + "702062012;0482100;ВК-G4;;;31.12.2032;;;\n")
    Meter.objects.filter(pk=meter.pk).update(verification_due_on=dt.date(2028, 1, 1), model_name="ВК-G6")

    desk.apply(register)

    meter.refresh_from_db()
    assert (meter.verification_due_on, meter.model_name) == (dt.date(2032, 12, 31), "ВК-G6")
    desk.undo(register, now=LATER)
    meter.refresh_from_db()
    assert (meter.verification_due_on, meter.model_name) == (dt.date(2028, 1, 1), "ВК-G6")


def words_of(desk, register):
    rows = queries.lines_of_register(desk.supplier.id, register.id, outcome="refused")
    return [reason.words for row in rows for reason in row.reasons]


def test_a_scale_that_a_known_meter_has_not_is_refused_and_not_passed_over(desk):
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001")

    register = desk.check("meters", METERS + "702062012;1001;;;;;Т2;200;01.11.2026\n")

    assert counts(register) == (0, 0, 0, 1)
    assert words_of(desk, register) == ["у этого счётчика такой шкалы нет"]


def test_a_new_meter_is_installed_with_all_its_scales_or_not_yet(desk):
    make_account(desk.supplier, number="702062012")
    content = METERS + "702062012;1001;;5;;;Т1;100;01.11.2026\n702062012;1001;;5;;;Т2;{};01.11.2026\n"

    register = desk.load("meters", content.format("1000000"))

    assert counts(register) == (0, 0, 0, 2)
    assert not Meter.objects.exists()
    desk.load("meters", content.format("200"), now=LATER)
    assert MeterScale.objects.count() == 2


@pytest.mark.parametrize("written", ["482100", "№ 0482100", "048-2100"])
def test_a_number_written_otherwise_makes_no_second_meter(desk, written):
    """Spreadsheets take zeros off; a meter twice would be charged twice by its norm."""
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="0482100")

    register = desk.check("meters", METERS + f"702062012;{written};;5;;;;200;01.11.2026\n")

    assert counts(register) == (0, 0, 0, 1)


def test_one_number_in_two_writings_of_a_file_is_not_two_meters(desk):
    make_account(desk.supplier, number="702062012")
    make_account(desk.supplier, number="702062013")

    register = desk.check(
        "meters", METERS + "702062012;0482100;;;;;;;\n702062012;482100;;;;;;;\n702062013;482100;;;;;;;\n"
    )

    assert counts(register) == (1, 0, 0, 2)


def test_a_reading_of_too_much_does_not_let_the_next_one_in(desk):
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234")

    register = desk.check("readings", READINGS + "702062012;1001;90000;31.10.2026\n702062012;1001;90010;15.11.2026\n")

    assert counts(register) == (0, 0, 0, 2)
    assert words_of(desk, register) == [
        "расход больше, чем принимается за один раз",
        "показание перед этим в файле не принято: расход больше, чем принимается за один раз",
    ]


def test_which_of_two_readings_of_a_day_is_right_is_not_guessed(desk):
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234")

    register = desk.check("readings", READINGS + "702062012;1001;1250;31.10.2026\n702062012;1001;1260;31.10.2026\n")

    assert counts(register) == (0, 0, 0, 2)


def test_a_reading_from_before_the_meter_was_installed_is_refused(desk):
    meter = make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="0")
    Meter.objects.filter(pk=meter.pk).update(installed_on=dt.date(2026, 11, 10))

    register = desk.check("readings", READINGS + "702062012;1001;900;09.11.2026\n")

    assert words_of(desk, register) == ["раньше, чем установлен"]


def test_what_waited_for_a_check_waits_again_when_the_register_that_settled_it_is_undone(desk):
    meter = make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234")
    before = make_reading(meter, "1300", on="2026-11-01", status="questionable")
    after = make_reading(meter, "1900", on="2026-11-20", status="questionable")
    register = desk.load("readings", READINGS + "702062012;1001;1500;10.11.2026\n")
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.status, after.status, after.previous_m3) == ("rejected", "questionable", 1500)

    desk.undo(register, now=LATER)

    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.status, after.status, after.previous_m3) == ("questionable", "questionable", 1234)


@pytest.mark.parametrize(("removed_on", "expected"), [("24.10.2026", (0, 0, 0, 1)), ("25.10.2026", (0, 1, 0, 0))])
def test_a_meter_is_not_taken_away_before_its_last_reading(desk, removed_on, expected):
    make_meter(make_account(desk.supplier, number="702062012"), serial_number="1001", value="1234", on="2026-10-25")

    register = desk.check("meters", f"number;serial_number;removed_on\n702062012;1001;{removed_on}\n")

    assert counts(register) == expected
