"""Every day of a contract is charged by one thing and by no other: by a meter, or by the norm where none counts."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kabinet.charges import rules
from kabinet.charges.rules import AccountMonth, Accrued, Line, Reading, Scale
from kabinet.charges.rules.spans import Span
from kabinet.charges.tests.months import (
    ONE_DAY,
    as_charged,
    day,
    make_account,
    make_meter,
    make_norm,
    make_readings,
    make_terms,
    outage,
)
from kabinet.common.month import Month, months_between
from kabinet.meters.rules import Meter, with_first_days

NORMS = {("", ""): (make_norm("23.3"),)}
FIRST_DAY = dt.date(2026, 1, 10)
READ_ON = 25

#: Days until a meter is in place, days that it stays, on which of them it fails, days until it is repaired.
stays = st.tuples(st.integers(0, 40), st.integers(1, 80), st.one_of(st.none(), st.integers(1, 80)), st.integers(0, 40))
lives = st.tuples(st.lists(stays, min_size=1, max_size=3), st.integers(0, 40))


def account_of(life: tuple[list[tuple[int, int, int | None, int]], int]) -> AccountMonth:
    """Make an account whose contract begins on FIRST_DAY; it is read on the 25th of each month, on which it counts.

    The first meter may be in place from the first day of the contract on. A next one that comes after no days replaces
    the one before on the day on which that is removed.
    """
    of_meters, days_after = life
    on, meters = FIRST_DAY, []
    for number, (without, stay, fails_after, repaired_after) in enumerate(of_meters, start=1):
        installed_on = on + without * ONE_DAY
        removed_on = installed_on + stay * ONE_DAY
        fails_on = installed_on + fails_after * ONE_DAY if fails_after and fails_after <= stay else None
        repaired_on = fails_on and min(fails_on + repaired_after * ONE_DAY, removed_on)
        meters.append(meter_of(number, installed_on, removed_on, fails_on, repaired_on))
        on = removed_on
    return make_account(
        *with_first_days(meters),
        period="2026-01",
        area=None,
        opened_on=FIRST_DAY,
        closed_on=on + (1 + days_after) * ONE_DAY,
    )


def meter_of(
    number: int, installed_on: dt.date, removed_on: dt.date, fails_on: dt.date | None, repaired_on: dt.date | None
) -> Meter:
    """Make a meter that is read when it is installed, removed, and on the 25th; when it was repaired it begins anew."""
    days = [installed_on + number * ONE_DAY for number in range((removed_on - installed_on).days + 1)]
    read = [on for on in days if on in (installed_on, removed_on) or on.day == READ_ON]
    stretches = [read]
    outages = ()
    if fails_on and repaired_on:
        stretches = [[on for on in read if on < fails_on], [repaired_on, *(on for on in read if on > repaired_on)]]
        outages = (outage("faulty", str(fails_on), str(repaired_on + ONE_DAY)),)
    readings: list[Reading] = []
    for stretch in stretches:
        first_id = 1000 * number + len(readings)
        readings += make_readings(*((str(on), str((on - FIRST_DAY).days)) for on in stretch), first_id=first_id)
    scale = Scale(number, "T1", tuple(readings))
    return make_meter(id=number, installed_on=installed_on, removed_on=removed_on, outages=outages, scales=(scale,))


def as_known(account: AccountMonth, period: Month) -> AccountMonth:
    """Give what is known at the end of a month: of acts and readings, those of its days and before."""
    meters = []
    for meter in account.meters:
        if meter.installed_on and meter.installed_on <= period.last_day:
            [scale] = meter.scales
            readings = tuple(reading for reading in scale.readings if reading.taken_on <= period.last_day)
            is_removed = meter.removed_on and meter.removed_on <= period.last_day
            meters.append(
                replace(
                    meter,
                    removed_on=meter.removed_on if is_removed else None,
                    scales=(replace(scale, readings=readings),),
                )
            )
    return replace(account, period=period, meters=with_first_days(meters))


def charged_for(account: AccountMonth) -> list[Line]:
    """Charge one month after another up to that of the end of the contract; give all lines."""
    assert account.closed_on
    terms, found = make_terms(norms=NORMS), []
    for period in months_between(Month.of(FIRST_DAY), Month.of(account.closed_on).next()):
        seen = as_known(account, period)
        accrued = rules.accrue(seen, terms)
        assert not [oddity for oddity in accrued.oddities if oddity.kind in rules.NOTHING_CHARGED]
        found += accrued.lines
        charged = as_charged(seen, Accrued(accrued.lines, ()))
        account = replace(account, charged=charged.charged, charged_reading_ids=charged.charged_reading_ids)
    return found


def days_of(line: Line) -> list[Span]:
    """Give the days that a line charges; what a metered one left as it was is not among them."""
    if line.kind == "norm":
        return [Span(day(part["since"]), day(part["until"])) for part in line.inputs["components"]]
    if "undue" in line.inputs:
        return [Span(day(part["since"]), day(part["until"])) for part in line.inputs["days"]]
    assert line.used_since
    assert line.used_until
    kept = [Span(day(part["since"]), day(part["until"])) for part in line.inputs.get("kept", ())]
    return Span(line.used_since, line.used_until).without(kept)


def times_charged(lines: list[Line]) -> Counter[dt.date]:
    """Count by what each day is charged, less what goes back."""
    counted: Counter[dt.date] = Counter()
    for line in lines:
        for span in days_of(line):
            for number in range(span.days):
                counted[span.since + number * ONE_DAY] += -1 if "undue" in line.inputs else 1
    return counted


def every_day_of(account: AccountMonth) -> dict[dt.date, int]:
    assert account.opened_on
    assert account.closed_on
    return {account.opened_on + number * ONE_DAY: 1 for number in range((account.closed_on - account.opened_on).days)}


@settings(max_examples=300)
@given(lives)
@example(([(10, 40, None, 0)], 3))
@example(([(0, 31, None, 0), (0, 31, None, 0)], 0))
@example(([(0, 31, None, 0), (1, 31, None, 0)], 0))
@example(([(5, 31, 10, 5), (0, 31, 1, 0), (2, 31, 31, 0)], 1))
@example(([(1, 2, None, 0)], 20))
@example(([(1, 2, 1, 0), (2, 3, None, 0), (2, 3, 1, 1)], 5))
def test_every_day_of_a_contract_is_charged_once(life):
    account = account_of(life)

    assert times_charged(charged_for(account)) == every_day_of(account)


@pytest.mark.parametrize(
    ("installed_on", "removed_on", "first_metered"),
    [
        pytest.param("2026-02-10", None, "2026-02-10", id="where there was none"),
        pytest.param("2026-02-10", "2026-02-10", "2026-02-11", id="replaced on the same day"),
        pytest.param("2026-02-10", "2026-02-09", "2026-02-10", id="replaced on the day after"),
    ],
)
def test_the_day_of_an_installation_is_the_new_meters_unless_another_one_was_read_on_it(
    installed_on, removed_on, first_metered
):
    read = make_readings((installed_on, "3"), ("2026-02-25", "33"), first_id=51)
    meters = [make_meter(id=2, installed_on=day(installed_on), scales=(Scale(2, "T1", read),))]
    if removed_on:
        closed = make_readings(("2026-01-31", "1000"), (removed_on, "1010"))
        meters.append(make_meter(*closed, removed_on=day(removed_on)))
    account = make_account(*with_first_days(meters), period="2026-02", area=None)

    lines = rules.accrue(account, make_terms(norms=NORMS)).lines

    [metered] = [line for line in lines if line.meter_id == 2]
    assert (metered.used_since, metered.volume_m3) == (day(first_metered), 30)
    assert metered.inputs["previous_on"] == installed_on
    february = {dt.date(2026, 2, number): 1 for number in range(1, 26)}
    assert times_charged(list(lines)) == february
