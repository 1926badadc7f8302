"""How consumption becomes money, and money settles charges."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.charges import rules
from kabinet.charges.rules import PriceMissing, Settled, Unpaid
from kabinet.common.month import Month
from kabinet.tariffs.rules import Price

GAS, UPKEEP, PENALTY = 1, 2, 3


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def price(rub: str, since: str = "2020-01-01", until: str | None = None, source: str = "") -> Price:
    return Price(day(since), until and day(until), Decimal(rub), source)


def lines(volume_m3: str, prices: list[Price], since: str = "2026-09-26", until: str = "2026-10-26"):
    return rules.metered_lines(volume_m3=Decimal(volume_m3), since=day(since), until=day(until), prices=prices)


@pytest.mark.parametrize(
    ("volume_m3", "price_rub", "amount_rub"),
    [
        ("28", "4.37507", "122.50"),
        ("27", "4.37507", "118.13"),
        ("0", "4.37507", "0.00"),
        ("1", "0.00500", "0.01"),
        ("1", "0.00499", "0.00"),
        ("1000", "8.13", "8130.00"),
    ],
)
def test_a_volume_at_one_price_is_one_line_rounded_once(volume_m3, price_rub, amount_rub):
    [line] = lines(volume_m3, [price(price_rub)])

    assert (line.volume_m3, line.amount_rub) == (Decimal(volume_m3), Decimal(amount_rub))


def test_a_price_change_inside_the_interval_splits_the_volume_by_days():
    prices = [price("10.548", "2026-10-01"), price("9.624", "2026-01-01", "2026-10-01")]

    before, after = lines("90", prices)

    assert (before.since, before.until, before.volume_m3, before.amount_rub) == (
        day("2026-09-26"),
        day("2026-10-01"),
        Decimal(15),
        Decimal("144.36"),
    )
    assert (after.since, after.until, after.volume_m3, after.amount_rub) == (
        day("2026-10-01"),
        day("2026-10-26"),
        Decimal(75),
        Decimal("791.10"),
    )
    assert before.amount_rub + after.amount_rub == Decimal("935.46")


def test_a_control_reading_on_the_last_day_of_a_price_leaves_nothing_to_split():
    prices = [price("9.624", "2026-01-01", "2026-10-01"), price("10.548", "2026-10-01")]

    [line] = lines("15", prices, since="2026-09-26", until="2026-10-01")

    assert line.price_rub_per_m3 == Decimal("9.624")


def test_a_volume_that_does_not_divide_is_cut_to_litres_and_still_sums_up():
    prices = [price("1", "2026-01-01", "2026-10-01"), price("2", "2026-10-01")]

    before, after = lines("91", prices)

    assert (before.volume_m3, after.volume_m3) == (Decimal("15.167"), Decimal("75.833"))


def test_two_periods_of_one_price_and_one_source_are_one_line():
    prices = [price("9.624", "2026-01-01", "2026-10-01", "Приказ 1"), price("9.624", "2026-10-01", None, "Приказ 1")]

    assert len(lines("90", prices)) == 1


def test_two_readings_of_one_day_are_priced_as_that_day():
    prices = [price("10", until="2026-10-26"), price("20", "2026-10-26")]

    [line] = lines("5", prices, since="2026-10-26", until="2026-10-26")

    assert line.amount_rub == Decimal("50.00")


@pytest.mark.parametrize(
    ("prices", "missing"),
    [
        ([], "2026-09-26"),
        ([price("1", "2026-10-01")], "2026-09-26"),
        ([price("1", "2026-01-01", "2026-10-25")], "2026-10-25"),
        ([price("1", "2026-01-01", "2026-10-01"), price("1", "2026-10-02")], "2026-10-01"),
    ],
)
def test_a_day_without_a_price_is_named(prices, missing):
    with pytest.raises(PriceMissing) as refused:
        lines("90", prices)

    assert refused.value.day == day(missing)


@given(
    st.integers(0, 99999),
    st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 1)),
    st.integers(1, 200),
    st.lists(st.integers(1, 300), unique=True, max_size=5),
)
def test_lines_follow_each_other_and_their_volumes_sum_to_the_whole(volume_m3, since, length, change_days):
    until = since + dt.timedelta(days=length)
    starts = [dt.date(2025, 1, 1), *sorted(dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in change_days)]
    prices = [
        Price(start, end, Decimal(number + 1), "")
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True))
    ]

    found = rules.metered_lines(volume_m3=Decimal(volume_m3), since=since, until=until, prices=prices)

    assert sum(line.volume_m3 for line in found) == volume_m3
    assert (found[0].since, found[-1].until) == (since, until)
    assert all(line.until == following.since for line, following in pairwise(found))
    assert all(line.volume_m3 >= 0 for line in found)


def owed(charge_id: int, period: str, amount_rub: str, service_id: int = GAS) -> Unpaid:
    return Unpaid(charge_id, service_id, Month.parse(period), Decimal(amount_rub), is_penalty=service_id == PENALTY)


THREE_MONTHS = [owed(3, "2026-03", "500"), owed(1, "2026-01", "300"), owed(2, "2026-02", "400")]
ONE_DOCUMENT = [owed(1, "2026-01", "800"), owed(2, "2026-01", "200", UPKEEP)]
NAMED_PENALTY = [
    owed(1, "2026-01", "300"),
    owed(2, "2026-01", "30", PENALTY),
    owed(3, "2026-03", "500"),
    owed(4, "2026-03", "50", PENALTY),
]
WITH_PENALTY = [owed(1, "2026-01", "30", PENALTY), owed(2, "2026-01", "300"), owed(3, "2026-02", "400")]


@pytest.mark.parametrize(
    ("unpaid", "amount_rub", "named", "settled"),
    [
        (THREE_MONTHS, "600", None, [(1, "300"), (2, "300")]),
        (THREE_MONTHS, "600", "2026-03", [(3, "500"), (1, "100")]),
        (ONE_DOCUMENT, "500", None, [(1, "400"), (2, "100")]),
        (ONE_DOCUMENT, "0.01", None, [(1, "0.01")]),
        (WITH_PENALTY, "700", None, [(2, "300"), (3, "400")]),
        (WITH_PENALTY, "710", None, [(2, "300"), (3, "400"), (1, "10")]),
        (NAMED_PENALTY, "600", "2026-03", [(3, "500"), (1, "100")]),
        (NAMED_PENALTY, "870", "2026-03", [(3, "500"), (1, "300"), (4, "50"), (2, "20")]),
        (THREE_MONTHS, "5000", None, [(1, "300"), (2, "400"), (3, "500")]),
        ([], "100", None, []),
        ([owed(1, "2026-01", "0")], "100", None, []),
    ],
)
def test_a_sum_settles_the_named_period_then_the_oldest_and_penalties_last(unpaid, amount_rub, named, settled):
    found = rules.allocate(Decimal(amount_rub), unpaid, named=named and Month.parse(named))

    assert [(item.charge_id, item.amount_rub) for item in found] == [(number, Decimal(rub)) for number, rub in settled]


def test_each_part_says_by_which_rule_it_settles():
    found = rules.allocate(Decimal(600), THREE_MONTHS, named=Month(2026, 3))

    assert found == [Settled(3, Decimal(500), "named-period"), Settled(1, Decimal(100), "oldest-first")]


@pytest.mark.parametrize(
    ("unpaid", "amount_rub", "parts"),
    [
        (ONE_DOCUMENT, "500", [(GAS, "400"), (UPKEEP, "100")]),
        (ONE_DOCUMENT, "1500", [(GAS, "1300"), (UPKEEP, "200")]),
        ([], "100", [(GAS, "100")]),
        (WITH_PENALTY, "700", [(GAS, "700")]),
        (WITH_PENALTY, "730", [(GAS, "700"), (PENALTY, "30")]),
    ],
)
def test_a_payment_is_split_between_services_and_the_rest_is_an_advance_on_the_main_one(unpaid, amount_rub, parts):
    found = rules.spread_payment(Decimal(amount_rub), unpaid, main_service_id=GAS)

    assert found == [(service_id, Decimal(rub)) for service_id, rub in parts]


kopecks = st.integers(1, 500_000).map(lambda number: Decimal(number) / 100)
any_unpaid = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([GAS, UPKEEP, PENALTY]), kopecks), max_size=8).map(
    lambda rows: [
        Unpaid(number, service_id, Month(2026, month), rub, is_penalty=service_id == PENALTY)
        for number, (month, service_id, rub) in enumerate(rows)
    ]
)


@given(kopecks, any_unpaid)
def test_no_kopeck_is_lost_and_no_charge_is_settled_twice(amount_rub, unpaid):
    parts = rules.spread_payment(amount_rub, unpaid, main_service_id=GAS)
    settled = rules.allocate(amount_rub, unpaid)

    owed_rub = {item.charge_id: item.amount_rub for item in unpaid}
    assert sum(part for _, part in parts) == amount_rub
    assert sum(item.amount_rub for item in settled) == min(amount_rub, sum(owed_rub.values()))
    assert all(0 < item.amount_rub <= owed_rub[item.charge_id] for item in settled)


@given(kopecks, any_unpaid)
def test_allocating_the_part_of_each_service_settles_what_the_whole_would(amount_rub, unpaid):
    parts = rules.spread_payment(amount_rub, unpaid, main_service_id=GAS)

    by_service = [
        item
        for service_id, part_rub in parts
        for item in rules.allocate(part_rub, [item for item in unpaid if item.service_id == service_id])
    ]

    assert sum(item.amount_rub for item in by_service) == sum(
        item.amount_rub for item in rules.allocate(amount_rub, unpaid)
    )
