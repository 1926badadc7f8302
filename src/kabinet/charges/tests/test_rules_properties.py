"""What holds of accrual whatever is generated: nothing is lost, nothing is charged twice, no order matters."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kabinet.charges import rules
from kabinet.charges.rules import Accrued, Scale
from kabinet.charges.rules.drafts import share_of
from kabinet.charges.rules.spans import Span
from kabinet.charges.tests.months import (
    GAS,
    accrue_months,
    as_charged,
    day,
    in_month,
    make_account,
    make_meter,
    make_norm,
    make_policy,
    make_readings,
    make_terms,
    price,
)
from kabinet.common.month import Month
from kabinet.tariffs.rules import AccountBenefit

NORMS = {("", ""): (make_norm("23.3"), make_norm("8.1", "m2"))}
FIRST_DAY = dt.date(2026, 1, 10)
MONTHS = 10

price_changes = st.lists(st.integers(1, 300), unique=True, max_size=3).map(sorted)
gaps = st.lists(st.integers(1, 110), min_size=1, max_size=6)
volumes = st.lists(st.integers(0, 900), min_size=6, max_size=6)
policies = st.builds(
    make_policy,
    price_split=st.sampled_from(["by_days", "by_control_reading", "whole_period_new_price"]),
    recalculate_norm_months=st.sampled_from(["never", "by_operator", "auto"]),
    average_at_most_months=st.integers(0, 4),
)


def prices_of(change_days):
    starts = ["2020-01-01", *(str(FIRST_DAY + dt.timedelta(days=number)) for number in change_days)]
    return tuple(
        price(f"{7 + number}.12345", since, until)
        for number, (since, until) in enumerate(zip(starts, [*starts[1:], None], strict=True))
    )


def account_of(days_between, volumes_m3, **others):
    on, value, values = FIRST_DAY, 0, [(str(FIRST_DAY), "0")]
    for days_later, volume_m3 in zip(days_between, volumes_m3, strict=False):
        on, value = on + dt.timedelta(days=days_later), value + volume_m3
        values.append((str(on), str(value)))
    return make_account(make_meter(*make_readings(*values)), period="2026-01", **others)


def last_reading(account):
    return account.meters[0].scales[0].readings[-1]


def accrue_until_last_reading(account, terms, **others):
    months = accrue_months(account, terms, "2026-01", str(Month.of(last_reading(account).taken_on).next()), **others)
    return [line for lines in months.values() for line in lines]


@given(st.integers(0, 9999), st.integers(2, 60), st.data(), price_changes)
def test_a_reading_in_between_changes_no_volume(volume_m3, days_between, data, changes):
    halfway = data.draw(st.integers(1, days_between - 1))
    part_m3 = data.draw(st.integers(0, volume_m3))
    terms = make_terms(*prices_of(changes))

    whole = rules.accrue(in_month(account_of([days_between], [volume_m3]), Month(2026, 3)), terms)
    halves = account_of([halfway, days_between - halfway], [part_m3, volume_m3 - part_m3])

    found = rules.accrue(in_month(halves, Month(2026, 3)), terms)
    metered = [line for line in found.lines if line.reading_id]
    assert sum(line.volume_m3 for line in metered) == volume_m3
    assert sum(line.volume_m3 for line in whole.lines if line.reading_id) == volume_m3


@settings(max_examples=60)
@given(gaps, volumes, price_changes, st.integers(0, 70))
def test_after_readings_resume_all_is_charged_as_though_no_month_had_been_estimated(between, volumes_m3, changes, late):
    account = account_of(between, volumes_m3)
    policy = make_policy(recalculate_norm_months="auto", average_at_most_months=12)
    terms = make_terms(*prices_of(changes), policy=policy, norms=NORMS)

    charged = accrue_until_last_reading(account, terms, readings_come_late_by=late)

    readings = account.meters[0].scales[0].readings
    read = Span(readings[0].taken_on + dt.timedelta(days=1), readings[-1].taken_on + dt.timedelta(days=1))
    lines = as_charged(account, Accrued(tuple(charged), ())).charged
    for_read_days = [share for line in lines if (share := share_of(line, [read]))]
    due = [
        line
        for reading in readings[1:]
        for line in rules.metered_lines(
            volume_m3=reading.volume_m3,
            since=reading.used_from,
            until=reading.taken_on + dt.timedelta(days=1),
            prices=prices_of(changes),
        )
    ]
    assert sum(share.volume_m3 for share in for_read_days) == sum(line.volume_m3 for line in due)
    assert sum(share.amount_rub for share in for_read_days) == sum(line.amount_rub for line in due)
    if all(line.kind != "norm" for line in charged):
        charged_by_price = sums((share.line.price_rub_per_m3, share.amount_rub) for share in for_read_days)
        assert charged_by_price == sums((line.price_rub_per_m3, line.amount_rub) for line in due)


def sums(pairs):
    found = defaultdict(Decimal)
    for key, value in pairs:
        found[key] += value
    return {key: value for key, value in found.items() if value}


@settings(max_examples=60)
@given(gaps, volumes, price_changes, policies)
def test_every_month_a_second_time_gives_nothing(between, volumes_m3, changes, policy):
    account = account_of(between, volumes_m3)
    terms = make_terms(*prices_of(changes), policy=policy, norms=NORMS)

    for number in range(MONTHS):
        period = Month(2026, 1).plus(number)
        seen = in_month(account, period)
        charged = as_charged(seen, rules.accrue(seen, terms))

        assert rules.accrue(charged, terms).lines == ()
        account = replace(account, charged=charged.charged, charged_reading_ids=charged.charged_reading_ids)


@settings(max_examples=60)
@given(gaps, volumes, price_changes, policies, st.randoms(use_true_random=False))
def test_no_order_of_rows_matters(between, volumes_m3, changes, policy, random):
    first = account_of(between, volumes_m3)
    scales = (
        *first.meters[0].scales,
        Scale(2, "T2", tuple(replace(r, id=r.id + 50) for r in first.meters[0].scales[0].readings)),
    )
    other = Scale(3, "T1", tuple(replace(r, id=r.id + 100) for r in first.meters[0].scales[0].readings))
    meters = (
        replace(first.meters[0], scales=scales),
        make_meter(id=2, verification_due_on=day("2026-02-10"), scales=(other,)),
    )
    account = replace(first, meters=meters)
    terms = make_terms(*prices_of(changes), policy=policy, norms=NORMS)

    def shuffled(rows):
        return tuple(random.sample(rows, len(rows)))

    for number in range(4):
        account = in_month(replace(account, meters=meters), Month(2026, 1).plus(number))
        mixed = replace(
            account,
            charged=shuffled(account.charged),
            meters=shuffled(
                [
                    replace(
                        meter,
                        scales=shuffled([replace(s, readings=shuffled(s.readings)) for s in meter.scales]),
                    )
                    for meter in account.meters
                ]
            ),
        )
        mixed_terms = replace(terms, prices={key: shuffled(rows) for key, rows in terms.prices.items()})

        accrued = rules.accrue(account, terms)

        assert rules.accrue(mixed, mixed_terms) == accrued
        account = as_charged(account, accrued)


@settings(max_examples=60)
@given(
    gaps,
    volumes,
    policies,
    st.one_of(st.none(), st.integers(1, 100)),
    st.integers(1, 5000),
    st.lists(st.integers(0, 300), min_size=2, max_size=2, unique=True).map(sorted),
    st.sampled_from([None, FIRST_DAY]),
)
def test_benefits_are_never_more_than_the_charge(between, volumes_m3, policy, limit, rub, holds, opened_on):
    since, until = (FIRST_DAY + dt.timedelta(days=number) for number in holds)
    values = {"benefit_id": 1, "name": "", "service_id": GAS, "funded_by": "", "source": "", "document": ""}
    benefits = tuple(
        AccountBenefit(
            valid_from=since,
            valid_until=until,
            code=f"code-{number}",
            share_percent=share,
            limit_m3=share and limit and Decimal(limit),
            is_limit_per_head=False,
            monthly_rub=None if share else Decimal(rub),
            **values,
        )
        for number, share in enumerate([Decimal(70), Decimal(50), None])
    )
    account = account_of(between, volumes_m3, benefits=benefits, opened_on=opened_on)
    terms = make_terms("7.12345", policy=policy, norms=NORMS)

    months = accrue_months(account, terms, "2026-01", str(Month(2026, 1).plus(MONTHS)))

    charged = [line for lines in months.values() for line in lines]
    assert sum(line.amount_rub for line in charged) >= 0
    assert sum(line.amount_rub for line in charged if line.kind == "benefit") <= 0


@given(st.lists(st.integers(0, 900), min_size=1, max_size=6), st.integers(1, 500), st.integers(1, 500))
def test_lines_of_steps_sum_to_what_the_dial_counted(volumes_m3, second, third):
    ladder = {
        ("", "", Decimal(above_m3)): (price(rub),)
        for above_m3, rub in [(0, "5.5"), (second, "7.77"), (second + third, "9.99999")]
    }
    account = account_of([30] * len(volumes_m3), volumes_m3)

    charged = accrue_until_last_reading(account, make_terms(prices=ladder))

    metered = [line for line in charged if line.reading_id]
    total_m3 = sum(volumes_m3[: len(account.meters[0].scales[0].readings) - 1])
    assert sum(line.volume_m3 for line in metered) == total_m3
    below_m3 = sum(line.volume_m3 for line in metered if line.price_rub_per_m3 == Decimal("5.5"))
    assert below_m3 == min(total_m3, second)
