"""Accounts and terms for tests of rules: every value that a test does not name is one of these."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from kabinet.charges import rules
from kabinet.charges.rules import (
    AccountMonth,
    Accrued,
    ChargedLine,
    Days,
    Line,
    Meter,
    Norm,
    Outage,
    Policy,
    Reading,
    Residence,
    Scale,
    Terms,
)
from kabinet.common.month import Month, months_between
from kabinet.tariffs.rules import Price

GAS, UPKEEP = 1, 2
ONE_DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days(since: str, until: str | None = None) -> Days:
    return Days(day(since), until and day(until))


def price(rub: str, since: str = "2020-01-01", until: str | None = None, source: str = "Приказ № 1") -> Price:
    return Price(day(since), until and day(until), Decimal(rub), source)


def make_policy(**choices) -> Policy:
    usual = Policy(
        price_split="by_days",
        recalculate_norm_months="by_operator",
        average_of_months=12,
        average_at_most_months=3,
        removed_at_most_months=3,
        odd_ratio=Decimal(10),
        silent_months=12,
        charges_penalties=True,
        penalty_recheck_months=6,
    )
    return replace(usual, **choices)


def make_terms(*prices: Price | str, policy: Policy | None = None, **others) -> Terms:
    """Prices for every purpose and zone, or `prices=` by key."""
    listed = tuple(item if isinstance(item, Price) else price(item) for item in prices or ("10",))
    return Terms(**({"policy": policy or make_policy(), "prices": {("", "", Decimal(0)): listed}} | others))


def make_norm(
    m3: str | Sequence[str], unit: str = "person", since: str = "2020-01-01", until: str | None = None, **others
) -> Norm:
    monthly = [m3] * 12 if isinstance(m3, str) else m3
    values = {"unit_code": "", "unit_name": "", "source": "Норматив"} | others
    return Norm(day(since), until and day(until), unit, monthly_m3=tuple(map(Decimal, monthly)), **values)


def make_readings(
    *values: tuple[str, str], first_id: int = 1, rollover_digits: int | None = None
) -> tuple[Reading, ...]:
    """Readings (day, value), each after the one before; the first one is an opening reading."""
    readings: list[Reading] = []
    for number, (on, value) in enumerate(values):
        previous = readings[-1] if readings else None
        used_m3 = Decimal(value) - previous.value_m3 if previous else Decimal(0)
        readings.append(
            Reading(
                id=first_id + number,
                taken_on=day(on),
                value_m3=Decimal(value),
                previous_m3=previous and previous.value_m3,
                used_from=previous and previous.taken_on + ONE_DAY,
                volume_m3=used_m3 if used_m3 >= 0 else used_m3 + 10 ** (rollover_digits or 5),
                is_rollover=used_m3 < 0,
            )
        )
    return tuple(readings)


def make_year(until: str, last: str, monthly: str = "145", months: int = 13) -> tuple[Reading, ...]:
    """Readings of one day of each month, the last one at `until`, with the same volume each month."""
    end = day(until)
    on = [Month.of(end).plus(-back) for back in reversed(range(months))]
    return make_readings(
        *(
            (f"{month}-{end.day:02}", str(Decimal(last) - Decimal(monthly) * (months - 1 - number)))
            for number, month in enumerate(on)
        )
    )


def make_meter(*readings: Reading, **others) -> Meter:
    values = {
        "id": 1,
        "serial_number": "555",
        "digits": 5,
        "usage_purpose_code": "",
        "needs_volume_factor": False,
        "installed_on": None,
        "removed_on": None,
        "verification_due_on": None,
        "outages": (),
        "scales": (Scale(1, "T1", readings),),
    }
    return Meter(**(values | others))


def outage(reason: str, since: str, until: str | None = None) -> Outage:
    return Outage(days(since, until), reason)


def make_account(*meters: Meter, period: str, residents: int = 2, area: str | None = "60", **others) -> AccountMonth:
    values = {
        "account_id": 7,
        "period": Month.parse(period),
        "opened_on": None,
        "closed_on": None,
        "usage_purpose_code": "",
        "region_code": "",
        "main_service_id": GAS,
        "meters": meters,
        "residences": (Residence(days("2000-01-01"), residents, area and Decimal(area)),),
    }
    return AccountMonth(**(values | others))


def as_charged(account: AccountMonth, accrued: Accrued, *, period: Month | None = None) -> AccountMonth:
    """Give the account as it is after its lines have been charged, under its month unless another one is named."""
    first_id = len(account.charged) + 1
    lines = tuple(
        ChargedLine(
            charge_id=number,
            service_id=line.service_id,
            kind=line.kind,
            period=period or account.period,
            meter_id=line.meter_id,
            scale_id=line.scale_id,
            used_since=line.used_since,
            used_until=line.used_until,
            volume_m3=line.volume_m3 or Decimal(0),
            price_rub_per_m3=line.price_rub_per_m3,
            amount_rub=line.amount_rub,
            inputs=line.inputs,
            reading_id=line.reading_id,
        )
        for number, line in enumerate(accrued.lines, start=first_id)
    )
    read = frozenset(line.reading_id for line in accrued.lines if line.reading_id)
    return replace(account, charged=account.charged + lines, charged_reading_ids=account.charged_reading_ids | read)


def in_month(account: AccountMonth, period: Month, *, known_until: dt.date | None = None) -> AccountMonth:
    """Give what accrual sees of an account at the end of a month: readings up to then, or to a day before it."""
    last_day = known_until or period.last_day
    meters = tuple(
        replace(
            meter,
            scales=tuple(
                replace(scale, readings=tuple(r for r in scale.readings if r.taken_on <= last_day))
                for scale in meter.scales
            ),
        )
        for meter in account.meters
    )
    return replace(account, period=period, meters=meters)


def accrue_months(
    account: AccountMonth, terms: Terms, since: str, until: str, *, readings_come_late_by: int = 0
) -> dict[str, list[Line]]:
    """Accrue the months [since, until) one after another, each on what the ones before have charged.

    readings_come_late_by  so many days at the end of each month are not known yet; the last month knows all
    """
    months: dict[str, list[Line]] = {}
    last = Month.parse(until).previous()
    for period in months_between(Month.parse(since), Month.parse(until)):
        late = dt.timedelta(days=readings_come_late_by if period != last else 0)
        seen = replace(in_month(account, period, known_until=period.last_day - late), charged=account.charged)
        accrued = rules.accrue(seen, terms)
        months[str(period)] = list(accrued.lines)
        charged = as_charged(seen, accrued)
        account = replace(account, charged=charged.charged, charged_reading_ids=charged.charged_reading_ids)
    return months


def brief(lines: Sequence[Line]) -> list[tuple[str, str, str]]:
    """Give what a bill says of lines: kind, volume, sum."""
    return [
        (line.kind, "" if line.volume_m3 is None else f"{line.volume_m3.normalize():f}", str(line.amount_rub))
        for line in lines
    ]
