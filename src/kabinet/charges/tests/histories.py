"""Histories of an account: readings and acts that come late, prices changed in the past, months corrected by staff.

The account may have a benefit, a meter of several scales, a second meter, and people who are away.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import strategies as st

from kabinet.charges import rules
from kabinet.charges.rules import (
    AccountBenefit,
    AccountMonth,
    Accrued,
    Days,
    Line,
    Meter,
    ReadLater,
    Residence,
    Scale,
    Terms,
    VatRate,
)
from kabinet.charges.tests.months import (
    GAS,
    ONE_DAY,
    as_charged,
    day,
    days,
    in_month,
    make_account,
    make_meter,
    make_norm,
    make_policy,
    make_readings,
    make_terms,
    price,
)
from kabinet.common.month import Month, months_between

ZONES = ("T1", "T2", "T3")
JANUARY = Month(2026, 1)
OPENED = dt.date(2025, 12, 31)
AWAY = days("2026-03-01", "2026-05-01")
HALF = AccountBenefit(day("2020-01-01"), None, 1, "half", "", GAS, Decimal(50), None, False, None, "", "", "")

#: Fifths and halves of a sum: of whole tens of kopecks both are whole kopecks.
VAT_RATES = (
    VatRate(day("2020-01-01"), day("2026-04-01"), Decimal(25), ""),
    VatRate(day("2026-04-01"), None, Decimal(100), ""),
)

#: A year of steps has one rate: it begins with a year, as the steps do (docs/adr/0202).
VAT_OF_STEPS = (VatRate(day("2020-01-01"), None, Decimal(25), ""),)
NORMS = {("", ""): (make_norm("23.3"), make_norm("8.1", "m2"))}


@dataclass(frozen=True)
class Told:
    """What the scales of a meter counted up to a day, and in which month that came to be known."""

    on: dt.date
    used_m3: tuple[int, ...]
    known_in: Month


@dataclass(frozen=True, repr=False)
class History:
    """What happened to an account, and when it came to be known.

    told         readings in order; the account is closed with the last one
    told_beside  readings of a second meter, none where there is one meter
    has_half     whether somebody else pays half of it
    away         how many of the two people are away in March and April
    replaced_at  with which of them its meter was replaced, if it was
    prices_in    when the order on the prices came; until then the first price holds
    corrections  after the accrual of which month staff had which months computed anew
    in_the_end   all months, in the order in which staff have them computed anew when all is known
    """

    told: tuple[Told, ...]
    told_beside: tuple[Told, ...]
    has_half: bool
    away: int
    replaced_at: int | None
    first_terms: Terms
    terms: Terms
    prices_in: Month
    corrections: tuple[tuple[Month, tuple[Month, ...]], ...]
    in_the_end: tuple[Month, ...]

    def __repr__(self) -> str:
        """Tell what a failing test needs to tell: norms and policies are long."""
        told, beside = (
            ", ".join(f"{item.on}: {item.used_m3} (in {item.known_in})" for item in items)
            for items in (self.told, self.told_beside)
        )
        policy = self.terms.policy
        prices = {
            f"{above} {item.valid_from}": f"{item.price_rub_per_m3}"
            for (_, _, above), rows in self.terms.prices.items()
            for item in rows
        }
        return (
            f"[{told}; beside it [{beside}]; half {self.has_half}; away {self.away}; "
            f"replaced at {self.replaced_at}; {policy.recalculate_norm_months} "
            f"{policy.average_at_most_months}; {prices} in {self.prices_in}; "
            f"corrections {[(str(month), list(map(str, months))) for month, months in self.corrections]}, "
            f"then {list(map(str, self.in_the_end))}]"
        )

    @property
    def until(self) -> Month:
        """The last month that is charged: by then all is known."""
        return max(self.in_the_end)


def account_in(history: History, period: Month) -> AccountMonth:
    """Give the account as it was known to be in a month, nothing charged."""
    known, scales = [item for item in history.told if item.known_in <= period], len(history.told[0].used_m3)
    replaced_at = history.replaced_at
    if replaced_at is None or replaced_at >= len(known):
        meters = [_meter(1, OPENED, known, scales=scales)]
    else:
        removed_on = known[replaced_at].on
        meters = [
            replace(_meter(1, OPENED, known[: replaced_at + 1], scales=scales), removed_on=removed_on),
            replace(_meter(2, removed_on, known[replaced_at + 1 :], scales=scales), installed_on=removed_on),
        ]
    if history.told_beside:
        meters.append(_meter(3, OPENED, [item for item in history.told_beside if item.known_in <= period]))
    closed_on = known[-1].on + ONE_DAY if len(known) == len(history.told) else None
    return make_account(
        *meters,
        period=str(period),
        closed_on=closed_on,
        benefits=(HALF,) if history.has_half else (),
        absences=(Residence(AWAY, history.away, None),) if history.away else (),
    )


def _meter(number: int, opened: dt.date, told: Sequence[Told], *, scales: int = 1) -> Meter:
    return make_meter(id=number, scales=tuple(_scale(10 * number, place, opened, told) for place in range(scales)))


def _scale(first_id: int, place: int, opened: dt.date, told: Sequence[Told]) -> Scale:
    values, value = [(str(opened), "0")], 0
    for item in told:
        value += item.used_m3[place]
        values.append((str(item.on), str(value)))
    return Scale(first_id + place, ZONES[place], make_readings(*values, first_id=100 * (first_id + place)))


def live_through(history: History) -> AccountMonth:
    """Charge every month as it was known then, with the corrections of staff in between."""
    account = account_in(history, JANUARY)
    for period in months_between(JANUARY, history.until.next()):
        account = _known(account, history, period)
        account = as_charged(account, rules.accrue(in_month(account, period), _terms(history, period)))
        for month, corrected in history.corrections:
            if month == period:
                account = correct(account, corrected, history)
    return account


def correct(account: AccountMonth, months: Sequence[Month], history: History) -> AccountMonth:
    """Have months computed anew, one after another, under the month after the one that is charged."""
    for month in months:
        account = as_charged(account, recomputed(account, month, history), period=account.period.next())
    return account


def recomputed(account: AccountMonth, month: Month, history: History) -> Accrued:
    anew = replace(in_month(account, month), read_later=tuple(_read_later(account, month)))
    return rules.recompute(anew, _terms(history, account.period), reason="Приказ")


def _read_later(account: AccountMonth, month: Month) -> Iterator[ReadLater]:
    readings = {
        reading.id: (scale.id, reading)
        for meter in account.meters
        for scale in meter.scales
        for reading in scale.readings
    }
    kept = {
        line.reading_id: line.inputs.get("reading", line.inputs).get("kept")
        for line in account.charged
        if line.period > month and line.reading_id
    }
    for reading_id, rows in kept.items():
        if rows:
            spans = tuple(Days(day(row["since"]), day(row["until"])) for row in rows)
            yield ReadLater(*readings[reading_id], spans)


def due(history: History) -> list[Line]:
    """Give what one accrual charges that has known all from the beginning."""
    return list(rules.accrue(account_in(history, history.until), history.terms).lines)


def _known(account: AccountMonth, history: History, period: Month) -> AccountMonth:
    known = account_in(history, period)
    return replace(known, charged=account.charged, charged_reading_ids=account.charged_reading_ids)


def _terms(history: History, period: Month) -> Terms:
    return history.terms if period >= history.prices_in else history.first_terms


#: Prices in whole hundreds of roubles make whole tens of kopecks of litres: no sum depends on where a line is cut.
def flat(*changes: str) -> dict:
    starts = ["2020-01-01", *changes]
    listed = [
        price(f"{100 * (number + 1)}", since, until)
        for number, (since, until) in enumerate(zip(starts, [*starts[1:], None], strict=True))
    ]
    return {("", "", Decimal(0)): tuple(listed), ("", "T2", Decimal(0)): (price("500"),)}


def steps(*above_m3: int, dearer_by: int = 0) -> dict:
    return {
        ("", "", Decimal(above)): (price(f"{10 * (number + 1) * (1 + dearer_by * number)}"),)
        for number, above in enumerate((0, *above_m3))
    }


@st.composite
def _readings(draw: st.DrawFn, scales: int, gaps: st.SearchStrategy[list[int]]) -> tuple[Told, ...]:
    """Give readings of all scales of a meter, so many days after each other, some known months later."""
    on, known_in, told = OPENED, JANUARY, []
    for gap in draw(gaps):
        on += gap * ONE_DAY
        known_in = max(known_in, Month.of(on).plus(draw(st.integers(0, 3))))
        used_m3 = tuple(draw(st.integers(0, 900)) for _ in range(scales))
        told.append(Told(on, used_m3, known_in))
    return tuple(told)


@st.composite
def histories(draw: st.DrawFn, *, has_steps: bool = False, has_more: bool = False) -> History:
    policy = make_policy(
        recalculate_norm_months=draw(st.sampled_from(["auto", "by_operator"])),
        average_at_most_months=draw(st.integers(0, 4)),
    )
    scales = draw(st.sampled_from([1, 1, 2, 3])) if has_more else 1
    told = draw(_readings(scales, st.lists(st.integers(5, 110), min_size=2, max_size=5)))
    has_beside = has_more and scales == 1 and draw(st.booleans())
    beside = draw(_readings(1, st.just([(told[-1].on - OPENED).days]))) if has_beside else ()
    last = max(item.known_in for item in (*told, *beside))
    ladder = sorted(draw(st.lists(st.integers(50, 900), min_size=1, max_size=2, unique=True)))
    changes = sorted(draw(st.lists(st.integers(1, 300), max_size=2, unique=True)))
    late = flat(*(str(OPENED + number * ONE_DAY) for number in changes))
    prices = steps(*ladder, dearer_by=draw(st.integers(0, 2))) if has_steps else late
    first = steps(*ladder) if has_steps else flat()
    vat_rates = VAT_OF_STEPS if has_steps else VAT_RATES
    months = list(months_between(JANUARY, last.next()))
    corrections = []
    for month in sorted(draw(st.lists(st.sampled_from(months), max_size=3, unique=True))):
        charged = list(months_between(JANUARY, month.next()))
        corrections.append((month, tuple(sorted(draw(st.lists(st.sampled_from(charged), max_size=4))))))
    until = max([last, *(month for month, _ in corrections)])
    return History(
        in_the_end=tuple(draw(st.permutations(list(months_between(JANUARY, until.next()))))),
        told=told,
        told_beside=beside,
        has_half=not has_steps and draw(st.booleans()),  # with steps some kopecks of it stay: docs/adr/0204
        away=draw(st.integers(0, 2)),
        replaced_at=draw(st.one_of(st.none(), st.integers(0, len(told) - 2))),
        first_terms=make_terms(prices=first, policy=policy, norms=NORMS, vat_rates=vat_rates),
        terms=make_terms(prices=prices, policy=policy, norms=NORMS, vat_rates=vat_rates),
        prices_in=draw(st.sampled_from(months)),
        corrections=tuple(corrections),
    )
