"""The worker counts what the first page of the office shows."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge, Figure
from kabinet.charges.queries import figures
from kabinet.charges.tests.factories import make_charge
from kabinet.charges.usecases.count_figures import count_figures
from kabinet.common.testing import NOW
from kabinet.meters import queries as meters
from kabinet.meters.models import Reading
from kabinet.meters.tests.factories import make_meter, make_reading, make_scale
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def supplier():
    return make_supplier(reading_opens_day=20, reading_closes_day=25)


def counted(*suppliers, today=TODAY, now=NOW):
    for supplier in suppliers:
        count_figures(supplier_id=supplier.id, now=now)
    found = figures([supplier.id for supplier in suppliers], today=today)
    assert found is not None
    return found


def settle(charge, amount):
    Charge.objects.filter(pk=charge.pk).update(settled_rub=Decimal(amount))


def owed(debts):
    return {age.since_months: age.amount_rub for age in debts.ages if age.amount_rub}


def test_what_is_left_to_pay_is_summed_by_its_age(supplier):
    first, second = make_account(supplier), make_account(supplier)
    settle(make_charge(first, "100.00", period="2026-10"), "40.00")
    make_charge(first, "30.00", period="2026-06")
    make_charge(second, "5.00", period="2026-10")
    settle(make_charge(second, "9.00", period="2026-09"), "9.00")

    debts = counted(supplier).debts

    assert owed(debts) == {0: Decimal("65.00"), 3: Decimal("30.00")}


def test_accounts_that_owe_are_counted_once_by_all_their_services(supplier):
    first, second = make_account(supplier), make_account(supplier)
    make_charge(first, "100.00", period="2026-10")
    make_charge(first, "30.00", period="2026-06")
    settle(make_charge(second, "-200.00", period="2026-10"), "0.00")

    debts = counted(supplier).debts

    assert (debts.debtors_count, debts.total_rub) == (1, Decimal("130.00"))


def test_a_balance_that_no_charge_explains_has_no_month(supplier):
    settle(make_charge(make_account(supplier), "100.00", period="2026-10"), "60.00")

    debts = counted(supplier).debts

    assert (owed(debts), debts.undated_rub) == ({0: Decimal("40.00")}, Decimal("60.00"))


def test_each_scale_counts_on_the_day_of_its_first_reading_of_the_window(supplier):
    meter, other = make_meter(make_account(supplier)), make_meter(make_account(supplier))
    make_scale(other, "T2", "10")
    make_reading(meter, "1240", on="2026-11-20")
    make_reading(meter, "1241", on="2026-11-22")
    make_reading(other, "1250", on="2026-11-22")

    received = counted(supplier).received

    assert [(day.day.day, day.count) for day in received.days] == [
        (20, 1), (21, 0), (22, 1), (23, None), (24, None), (25, None)
    ]  # fmt: skip
    assert (received.count, received.expected, received.percent) == (2, 3, 66)


@pytest.mark.parametrize(
    "values", [{"status": Reading.Status.REJECTED}, {"source": Reading.Source.CLOSING}, {"on": "2026-11-19"}]
)
def test_what_is_rejected_closes_a_meter_or_lies_before_the_window_is_not_counted(supplier, values):
    meter = make_meter(make_account(supplier))
    make_reading(meter, "1240", **({"on": "2026-11-20"} | values))

    assert counted(supplier).received.count == 0


def test_the_window_before_is_told_day_by_day_and_up_to_today(supplier):
    meter, other = (make_meter(make_account(supplier), on="2026-09-25") for _ in range(2))
    make_reading(meter, "1240", on="2026-10-21")
    make_reading(other, "1240", on="2026-10-24")

    received = counted(supplier).received

    assert [day.before for day in received.days] == [0, 1, 0, 0, 1, 0]
    assert (received.before, received.percent_before) == (1, 50)


def test_after_the_window_it_is_shown_until_the_next_one_opens(supplier):
    make_reading(make_meter(make_account(supplier), on="2026-09-25"), "1240", on="2026-10-21")

    received = counted(supplier, today=dt.date(2026, 11, 3), now=NOW - dt.timedelta(days=19)).received

    assert received.days[1].day == dt.date(2026, 10, 21)
    assert [day.count for day in received.days] == [0, 1, 0, 0, 0, 0]


def test_a_meter_that_was_removed_is_not_waited_for(supplier):
    make_meter(make_account(supplier), removed_on=TODAY)

    assert counted(supplier).received.expected == 0


def test_windows_of_several_suppliers_are_laid_first_day_on_first_day(supplier):
    other = make_supplier(reading_opens_day=1, reading_closes_day=3)
    make_reading(make_meter(make_account(supplier)), "1240", on="2026-11-21")
    make_reading(make_meter(make_account(other)), "1240", on="2026-11-02")

    days = counted(supplier, other).received.days

    assert [(day.place, day.day, day.count) for day in days][:3] == [(1, None, 0), (2, None, 2), (3, None, 0)]


def test_counted_again_the_new_numbers_stand_in_the_place_of_the_old(supplier):
    charge = make_charge(make_account(supplier), "100.00")
    counted(supplier)
    settle(charge, "100.00")

    assert owed(counted(supplier).debts) == {}
    assert Figure.objects.filter(kind=Figure.Kind.DEBTORS).count() == 1


def test_another_suppliers_numbers_stay_out(supplier):
    make_charge(make_account(other := make_supplier()), "100.00")
    count_figures(supplier_id=other.id, now=NOW)

    assert figures([supplier.id], today=TODAY) is None
    assert counted(supplier).debts.debtors_count == 0


@pytest.mark.parametrize(
    ("opens_day", "closes_day", "on", "before", "present"),
    [
        (20, 25, "2026-11-20", ("2026-10-20", "2026-10-26"), ("2026-11-20", "2026-11-26")),
        (20, 25, "2026-11-19", ("2026-09-20", "2026-09-26"), ("2026-10-20", "2026-10-26")),
        (20, 25, "2026-11-30", ("2026-10-20", "2026-10-26"), ("2026-11-20", "2026-11-26")),
        (25, 3, "2026-11-26", ("2026-10-25", "2026-11-04"), ("2026-11-25", "2026-12-04")),
        (25, 3, "2026-12-02", ("2026-10-25", "2026-11-04"), ("2026-11-25", "2026-12-04")),
        (25, 3, "2026-11-24", ("2026-09-25", "2026-10-04"), ("2026-10-25", "2026-11-04")),
        (1, 31, "2026-03-01", ("2026-02-01", "2026-03-01"), ("2026-03-01", "2026-04-01")),
    ],
)
def test_the_last_two_windows_that_have_opened(opens_day, closes_day, on, before, present):
    supplier = make_supplier(reading_opens_day=opens_day, reading_closes_day=closes_day)

    found = meters.latest_windows(suppliers.supplier_card(supplier.id), dt.date.fromisoformat(on))

    assert [(str(window.opens_on), str(window.until)) for window in found] == [before, present]
