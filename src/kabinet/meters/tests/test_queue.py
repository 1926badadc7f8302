"""The queue of readings that wait for a check."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.meters import queries
from kabinet.meters.models import Reading
from kabinet.meters.tests.factories import make_keeper, make_meter, make_reading
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def wait(meter, value="1900", *, hours_ago=0, on="2026-11-20"):
    """Make a reading that waits since so many hours."""
    return make_reading(meter, value, on=on, status="questionable", submitted_at=NOW - hours_ago * HOUR)


def listed(user, **asked):
    return [row.id for row in queries.waiting_readings(visible_to=user, limit=10, **asked)]


def test_who_waits_longest_comes_first_and_what_counts_is_not_in_it():
    meter = make_meter()
    later, earlier = wait(meter, hours_ago=1), wait(meter, "1950", hours_ago=5)
    keeper = make_keeper(meter.supplier)

    assert listed(keeper) == [earlier.id, later.id]
    assert queries.waiting_count(visible_to=keeper) == 2
    assert queries.first_waiting(visible_to=keeper) == (meter.supplier_id, earlier.id)


@pytest.mark.parametrize(
    ("order_by", "values"),
    [("volume", ["1500", "1900"]), ("-volume", ["1900", "1500"]), ("-submitted", ["1500", "1900"])],
)
def test_it_is_sorted_by_a_column(order_by, values):
    meter = make_meter()
    wait(meter, "1900", hours_ago=5)
    wait(meter, "1500", hours_ago=1)

    rows = queries.waiting_readings(visible_to=make_keeper(meter.supplier), order_by=order_by, limit=10)

    assert [str(row.value_m3.normalize()) for row in rows] == [f"{Decimal(value).normalize()}" for value in values]


def test_a_page_is_a_part_of_it():
    meter = make_meter()
    first, second, _third = (
        wait(meter, value, hours_ago=hours) for value, hours in (("1900", 3), ("1910", 2), ("1920", 1))
    )
    keeper = make_keeper(meter.supplier)

    assert [row.id for row in queries.waiting_readings(visible_to=keeper, limit=1, offset=1)] == [second.id]
    assert [row.id for row in queries.waiting_readings(visible_to=keeper, limit=1)] == [first.id]


def test_staff_see_the_readings_of_their_suppliers_alone():
    meter, foreign = make_meter(), make_meter()
    own = wait(meter)
    hidden = wait(foreign)
    keeper = make_keeper(meter.supplier)

    assert listed(keeper) == [own.id]
    assert listed(keeper, supplier_id=foreign.supplier_id) == []
    with pytest.raises(NotFound):
        queries.waiting_card(foreign.supplier_id, hidden.id, visible_to=keeper)
    with pytest.raises(NotFound):
        queries.waiting_card(meter.supplier_id, hidden.id, visible_to=keeper)


def test_a_manager_may_not_decide_and_a_customer_sees_nothing():
    meter = make_meter()
    reading = wait(meter)
    manager = make_user(is_staff=True)
    StaffRole.objects.create(user=manager, supplier=meter.supplier, role="manager")

    with pytest.raises(NotAllowed):
        queries.waiting_card(meter.supplier_id, reading.id, visible_to=manager)
    assert listed(manager) == []
    assert listed(make_user()) == []


def test_a_card_says_what_a_reading_is_judged_by():
    meter = make_meter(value="1000", on="2025-10-31")
    for value, day in (("1100", "2025-11-30"), ("1200", "2025-12-31"), ("1300", "2026-10-31")):
        make_reading(meter, value, on=day)
    reading = wait(meter, "1700", on="2026-11-30")

    card = queries.waiting_card(meter.supplier_id, reading.id, visible_to=make_keeper(meter.supplier))

    assert (card.row.volume_m3, card.row.days, card.usual_m3, card.times_usual) == (400, 30, 100, Decimal("4.0"))
    assert [str(row.taken_on) for row in card.earlier] == ["2026-10-31", "2025-12-31", "2025-11-30", "2025-10-31"]
    counted = {month.period: month.volume_m3 for month in card.months if month.volume_m3 is not None}
    assert counted == {Month(2025, 11): 100, Month(2025, 12): 100, Month(2026, 10): 100}
    assert card.months[-1].period == Month(2026, 11)
    assert card.is_waiting


def test_without_a_history_nothing_is_usual():
    meter = make_meter(value="1000", on="2026-10-31")
    reading = wait(meter, "1700", on="2026-11-30")

    card = queries.waiting_card(meter.supplier_id, reading.id, visible_to=make_keeper(meter.supplier))

    assert (card.usual_m3, card.times_usual) == (None, None)


def test_one_goes_from_each_to_the_next_and_back():
    meter = make_meter()
    first, second, third = (
        wait(meter, value, hours_ago=hours) for value, hours in (("1900", 3), ("1910", 2), ("1920", 1))
    )
    keeper = make_keeper(meter.supplier)

    def around(reading):
        card = queries.waiting_card(meter.supplier_id, reading.id, visible_to=keeper)
        found = queries.neighbours_of(card, visible_to=keeper)
        return (found.before and found.before[1], found.after and found.after[1], found.place, found.total)

    assert around(first) == (None, second.id, 1, 3)
    assert around(second) == (first.id, third.id, 2, 3)
    assert around(third) == (second.id, None, 3, 3)


def test_from_one_that_is_decided_about_one_goes_on_too():
    meter = make_meter()
    first, second = wait(meter, hours_ago=3), wait(meter, "1950", hours_ago=2)
    keeper = make_keeper(meter.supplier)
    Reading.objects.filter(id=first.id).update(status="rejected", review_note="На счётчике другое число.")

    card = queries.waiting_card(meter.supplier_id, first.id, visible_to=keeper)

    assert (card.is_waiting, card.review_note) == (False, "На счётчике другое число.")
    assert queries.neighbours_of(card, visible_to=keeper).after == (meter.supplier_id, second.id)


def test_an_opening_reading_is_nothing_to_decide_about():
    meter = make_meter()
    opening = Reading.objects.get(meter=meter)

    with pytest.raises(NotFound):
        queries.waiting_card(meter.supplier_id, opening.id, visible_to=make_keeper(meter.supplier))


def test_the_list_costs_the_same_however_long_it_is(django_assert_num_queries):
    meter = make_meter()
    keeper = make_keeper(meter.supplier)
    for number in range(5):
        wait(meter, str(1900 + number))

    with django_assert_num_queries(2):
        assert len(listed(keeper)) == 5
