"""What accrual is told of meters."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.common.days import Days
from kabinet.meters import queries, rules
from kabinet.meters.tests.factories import make_meter, make_outage, make_reading, make_scale

pytestmark = pytest.mark.django_db


def test_an_account_comes_with_its_meters_scales_outages_and_readings_that_count():
    account = make_account()
    meter = make_meter(account, value="1234", on="2026-09-25", verification_due_on=dt.date(2026, 12, 1))
    night = make_scale(meter, "T2", "50", on="2026-09-25")
    reading = make_reading(meter, "1240", on="2026-10-31")
    make_reading(meter, "1250", on="2026-11-01")
    make_reading(meter, "9000", on="2026-10-30", status="questionable")
    make_outage(meter, "faulty", "2026-10-05", "2026-10-08")

    [found] = queries.metering_of(account.supplier_id, [account.id], until=dt.date(2026, 11, 1))[account.id]

    first, second = found.scales
    assert (found.id, found.serial_number, found.verification_due_on) == (
        meter.id,
        meter.serial_number,
        dt.date(2026, 12, 1),
    )
    assert found.outages == (rules.Outage(Days(dt.date(2026, 10, 5), dt.date(2026, 10, 8)), "faulty"),)
    assert (first.zone, second.id, second.zone) == ("T1", night.id, "T2")
    assert first.readings[1:] == (
        rules.Reading(
            id=reading.id,
            taken_on=dt.date(2026, 10, 31),
            value_m3=Decimal(1240),
            previous_m3=Decimal(1234),
            used_from=dt.date(2026, 9, 26),
            volume_m3=Decimal(6),
            is_rollover=False,
        ),
    )
    assert [one.value_m3 for one in second.readings] == [Decimal(50)]


def test_two_years_are_told_and_no_day_more():
    account = make_account()
    meter = make_meter(account, value="1", on="2024-10-31")
    make_reading(meter, "2", on="2024-11-01")
    make_meter(account, value=None, removed_on=dt.date(2024, 10, 31))
    gone = make_meter(account, value=None, removed_on=dt.date(2024, 11, 1))

    found = queries.metering_of(account.supplier_id, [account.id], until=dt.date(2026, 11, 1))[account.id]

    assert [one.id for one in found] == [meter.id, gone.id]
    assert [one.value_m3 for one in found[0].scales[0].readings] == [Decimal(2)]


def test_a_leap_day_has_its_two_years_too():
    account = make_account()
    meter = make_meter(account, value="1", on="2026-02-28")

    [found] = queries.metering_of(account.supplier_id, [account.id], until=dt.date(2028, 2, 29))[account.id]

    assert found.id == meter.id
    assert len(found.scales[0].readings) == 1


def test_many_accounts_cost_as_many_queries_as_one(django_assert_num_queries):
    bare = make_account()
    same = [make_meter(make_account(bare.supplier)).account for _ in range(3)]

    with django_assert_num_queries(4):
        queries.metering_of(bare.supplier_id, [same[0].id], until=dt.date(2026, 11, 1))
    with django_assert_num_queries(4):
        found = queries.metering_of(
            bare.supplier_id, [bare.id, *(account.id for account in same)], until=dt.date(2026, 11, 1)
        )

    assert found[bare.id] == ()
    assert all(len(found[account.id]) == 1 for account in same)
