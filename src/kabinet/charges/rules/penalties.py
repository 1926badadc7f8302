"""Penalties for paying late: a table of days, its sum, and what of it has not been charged yet. Plain values.

Source: Housing Code, article 155 part 14; Federal law of 31.03.1999 No. 69-FZ, article 25; docs/adr/0115.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from kabinet.charges.rules.account_month import Line
from kabinet.charges.rules.words import number
from kabinet.common.money import ZERO, round_to_kopeck
from kabinet.common.month import Month
from kabinet.tariffs.rules import HasDays, PenaltyLaw

PENALTY_KIND = "penalty"
PENALTY_RULE = "Жилищный кодекс РФ, статья 155, часть 14; Федеральный закон от 31.03.1999 № 69-ФЗ, статья 25"
ONE_DAY = dt.timedelta(days=1)
DISPLAYED_PLACES = Decimal("0.0001")
TERMS_IN_FORMULA = 3


class KeyRateMissing(Exception):
    """No key rate is known for `day`."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(f"no key rate on {day}")
        self.day = day


@dataclass(frozen=True)
class Settlement:
    """A part of what was charged that has been settled; from the day after `paid_on` it is owed no more.

    released_on  the day on which it went back to whoever paid it: from the day after it is owed again; None as a rule
    """

    paid_on: dt.date
    amount_rub: Decimal
    released_on: dt.date | None = None


@dataclass(frozen=True)
class Overdue:
    """What was charged for a month and had to be paid by a day, without penalties, and what has settled it since."""

    period: Month
    due_on: dt.date
    amount_rub: Decimal
    settlements: tuple[Settlement, ...] = ()

    def is_owed_on(self, day: dt.date) -> bool:
        """Tell whether any of it is unpaid or was paid on a day or later."""
        paid = [item.amount_rub for item in self.settlements if item.released_on is None and item.paid_on < day]
        return sum(paid, ZERO) < self.amount_rub


@dataclass(frozen=True)
class PenaltyRow:
    """The days [since, until) of which each costs the same: `base × rate / 100 / divisor`.

    first_delay_day  which day of delay the first of them is
    exact_rub        what they all come to, not rounded
    """

    since: dt.date
    until: dt.date
    period: Month
    first_delay_day: int
    base_rub: Decimal
    rate_percent: Decimal
    divisor: int

    @property
    def days(self) -> int:
        return (self.until - self.since).days

    @property
    def exact_rub(self) -> Fraction:
        return Fraction(self.base_rub) * Fraction(self.rate_percent) * self.days / (100 * self.divisor)


@dataclass(frozen=True)
class PenaltyMonth:
    """The penalties of the days of a month: rounded once, their sum."""

    month: Month
    amount_rub: Decimal
    rows: tuple[PenaltyRow, ...]


@dataclass(frozen=True)
class PenaltyCase:
    """All that penalties of an account need.

    charged        penalties that were charged before, by the month whose days they are for
    charged_since  the first month that our rules have charged: the supplier's own program answers for those before it;
                   None when they have charged none
    """

    overdue: tuple[Overdue, ...] = ()
    charged: Mapping[Month, Decimal] = field(default_factory=dict)
    charged_since: Month | None = None

    def is_ours(self, month: Month) -> bool:
        """Tell whether penalties for a month's days were for our rules to charge."""
        return self.charged_since is not None and self.charged_since <= month


def due_day(period: Month, charged_on: dt.date, pay_by: Callable[[Month], dt.date]) -> dt.date:
    """Say by which day a charge of a month had to be paid: nobody is late with a bill that was not there yet.

    What was charged after the month's own day to pay is due with the first month whose day had not passed.
    pay_by  the last day on which a month's charges are paid in time

    Source: Civil Code, article 405 part 3 and article 406; docs/adr/0115.
    """
    month = max(period, Month.of(charged_on).previous())
    while (day := pay_by(month)) < charged_on:
        month = month.next()
    return day


def penalty_of_month(month: Month, overdue: Iterable[Overdue], law: PenaltyLaw) -> PenaltyMonth:
    """Compute the penalties of a month's days, oldest charge first.

    Each part of a charge has one rate: the key rate of the day on which it was paid, for what is unpaid that of the
    month's last day, and on each day at most that day's cap. The day of payment is overdue; the day after it is not.

    Raises KeyRateMissing for a day without a key rate.
    """
    rows = [
        row for charged in sorted(overdue, key=lambda charged: charged.period) for row in _rows(month, charged, law)
    ]
    exact = sum((row.exact_rub for row in rows), Fraction(0))
    return PenaltyMonth(month, round_to_kopeck(_decimal(exact)), tuple(rows))


def penalty_lines(
    case: PenaltyCase, law: PenaltyLaw, *, period: Month, earlier: Sequence[Month], service_id: int
) -> tuple[Line, ...]:
    """Charge the penalties of a month, and what has changed in those of the months before it: a line for each month.

    A payment that came to be known late has lowered what was due for days that are charged already: the line of such a
    month is below zero. Months that our rules have not charged stay as they are.
    earlier  the months before `period` that are compared: those in which the supplier charges penalties

    Raises KeyRateMissing.
    """
    lines = []
    for month in [*filter(case.is_ours, earlier), period]:
        due = penalty_of_month(month, case.overdue, law)
        charged_rub = case.charged.get(month, ZERO)
        if due.amount_rub != charged_rub:
            lines.append(_line(due, charged_rub, service_id))
    return tuple(lines)


def _rows(month: Month, charged: Overdue, law: PenaltyLaw) -> list[PenaltyRow]:
    """Cut the month where anything changes; neighbours in which nothing of the computation does stay together."""
    rows: list[PenaltyRow] = []
    for since, until in pairwise(_cuts(month, charged, law)):
        delay_day = (since - charged.due_on).days
        divisor = _divisor(since, delay_day, law)
        if divisor is None:
            continue
        for rate_percent, base_rub in sorted(_bases(since, month, charged, law).items()):
            row = PenaltyRow(since, until, charged.period, delay_day, base_rub, rate_percent, divisor)
            _append(rows, row)
    return sorted(rows, key=lambda row: (row.since, row.rate_percent))


def _divisor(day: dt.date, delay_day: int, law: PenaltyLaw) -> int | None:
    """Say which part of the rate a day of delay costs; None when it costs nothing, yet or at that time."""
    if law.moratorium_on(day):
        return None
    reached = [step for step in law.steps_on(day) if step.from_day <= delay_day]
    return reached[-1].divisor if reached else None


def _rate_percent(day: dt.date, rate_on: dt.date, law: PenaltyLaw) -> Decimal:
    """Give the rate of a day for what is paid on another one. Raises KeyRateMissing."""
    key_rate, cap = law.key_rate_on(rate_on), law.cap_on(day)
    if key_rate is None:
        raise KeyRateMissing(rate_on)
    return min(key_rate.rate_percent, cap.rate_percent) if cap else key_rate.rate_percent


def _append(rows: list[PenaltyRow], row: PenaltyRow) -> None:
    """Add a row, or lengthen the one that ends where it begins and computes alike."""
    for index, earlier in enumerate(rows):
        if earlier.until == row.since and _terms(earlier) == _terms(row):
            rows[index] = replace(earlier, until=row.until)
            return
    rows.append(row)


def _terms(row: PenaltyRow) -> tuple[Decimal, Decimal, int]:
    return row.base_rub, row.rate_percent, row.divisor


def _cuts(month: Month, charged: Overdue, law: PenaltyLaw) -> list[dt.date]:
    """Name the days of a month on which base, rate or divisor may change, with its first day and the day after it."""
    first, end = month.first_day, month.next().first_day
    days = {charged.due_on + step.from_day * ONE_DAY for step in law.steps} | {step.valid_from for step in law.steps}
    spans: list[HasDays] = [*law.caps, *law.moratoria]
    for span in spans:
        days |= {span.valid_from, span.valid_until or end}
    for settlement in charged.settlements:
        days.add(settlement.paid_on + ONE_DAY)
        if settlement.released_on:
            days.add(settlement.released_on + ONE_DAY)
    return [first, *sorted(day for day in days if first < day < end), end]


def _bases(day: dt.date, month: Month, charged: Overdue, law: PenaltyLaw) -> dict[Decimal, Decimal]:
    """Say how much is owed on a day at which rate. What went back later counts as paid while it was."""
    kept = [settlement for settlement in charged.settlements if settlement.released_on is None]
    paid_later = [(item.paid_on, item.amount_rub) for item in kept if item.paid_on >= day]
    unpaid_rub = charged.amount_rub - sum((item.amount_rub for item in kept), ZERO)
    away_rub = sum(
        (
            item.amount_rub
            for item in charged.settlements
            if item.released_on and item.paid_on < day <= item.released_on
        ),
        ZERO,
    )
    bases: dict[Decimal, Decimal] = {}
    for rate_on, amount_rub in [(month.last_day, unpaid_rub), *sorted(paid_later, reverse=True)]:
        part_rub = max(amount_rub - away_rub, ZERO)
        away_rub -= amount_rub - part_rub
        if part_rub:
            rate_percent = _rate_percent(day, rate_on, law)
            bases[rate_percent] = bases.get(rate_percent, ZERO) + part_rub
    return bases


def _line(due: PenaltyMonth, charged_rub: Decimal, service_id: int) -> Line:
    return Line(
        service_id=service_id,
        kind=PENALTY_KIND,
        amount_rub=due.amount_rub - charged_rub,
        formula=_formula(due, charged_rub),
        inputs={
            "days": [_row_inputs(row) for row in due.rows],
            "due": number(due.amount_rub),
            "charged_before": number(charged_rub),
        },
        rule_source=PENALTY_RULE,
        used_since=due.month.first_day,
        used_until=due.month.next().first_day,
        for_period=due.month,
    )


def _row_inputs(row: PenaltyRow) -> dict[str, str | int]:
    return {
        "since": str(row.since),
        "until": str(row.until),
        "days": row.days,
        "period": str(row.period),
        "first_delay_day": row.first_delay_day,
        "base": number(row.base_rub),
        "rate_percent": number(row.rate_percent),
        "divisor": row.divisor,
        "exact": number(_decimal(row.exact_rub).quantize(DISPLAYED_PLACES)),
    }


def _formula(due: PenaltyMonth, charged_rub: Decimal) -> str:
    """Write a short computation out; a long one stands in the table of days."""
    is_short = 0 < len(due.rows) <= TERMS_IN_FORMULA
    terms = " + ".join(_term(row) for row in due.rows) if is_short else "по таблице дней"
    formula = f"{terms} = {_rub(due.amount_rub)}"
    if charged_rub:
        formula += f", начислено раньше {_rub(charged_rub)}: {_rub(due.amount_rub - charged_rub)}"
    return formula


def _term(row: PenaltyRow) -> str:
    return f"{number(row.base_rub)} ₽ × {number(row.rate_percent)} % / {row.divisor} × {row.days} дн."


def _rub(amount_rub: Decimal) -> str:
    return f"{amount_rub:f} ₽".replace(".", ",").replace("-", "−")


def _decimal(exact: Fraction) -> Decimal:
    """Give a fraction as a decimal of 28 digits: its denominator is far too small for that to move a rounding."""
    return Decimal(exact.numerator) / Decimal(exact.denominator)
