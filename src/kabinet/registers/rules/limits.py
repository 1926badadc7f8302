"""How far a register may be from the last one before a person has to say that it is right: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

COUNT, SUM, LINE = "count", "sum", "line"
#: Lines whose money may stand already in a debt that the supplier has said for the same day or a later one.
TOLD_BEFORE = "told_before"


@dataclass(frozen=True)
class Totals:
    """What the accepted lines of a register come to.

    most_rub  the largest single sum, whatever its sign
    """

    lines_count: int
    amount_rub: Decimal
    most_rub: Decimal


@dataclass(frozen=True)
class Limits:
    """By so many percent the sum and the number of lines may differ; a single sum above `line_rub` is looked at.

    A difference of no more than `sum_rub` or `lines_count` is none, whatever its percent: of twenty accounts two new
    ones are a tenth.
    """

    sum_percent: Decimal
    sum_rub: Decimal
    count_percent: Decimal
    lines_count: int
    line_rub: Decimal


USUAL = Limits(
    sum_percent=Decimal(30),
    sum_rub=Decimal(10_000),
    count_percent=Decimal(10),
    lines_count=5,
    line_rub=Decimal(100_000),
)


@dataclass(frozen=True)
class Broken:
    """A limit that a register is beyond.

    was     of the last register; None where nothing is compared
    most    percent, roubles of a single line, or how many lines there are that may count twice
    number  of the register that has said the debt; None where it is about none
    """

    code: str
    was: Decimal | None
    now: Decimal
    most: Decimal
    number: int | None = None


def broken(limits: Limits, now: Totals, before: Totals | None) -> Sequence[Broken]:
    """Name the limits that a register is beyond. before: the last one that was applied; None for the first."""
    found = []
    if before is not None:
        was_count, now_count = Decimal(before.lines_count), Decimal(now.lines_count)
        if _differs(was_count, now_count, percent=limits.count_percent, least=Decimal(limits.lines_count)):
            found.append(Broken(COUNT, was_count, now_count, limits.count_percent))
        if _differs(before.amount_rub, now.amount_rub, percent=limits.sum_percent, least=limits.sum_rub):
            found.append(Broken(SUM, before.amount_rub, now.amount_rub, limits.sum_percent))
    if now.most_rub > limits.line_rub:
        found.append(Broken(LINE, None, now.most_rub, limits.line_rub))
    return found


def _differs(was: Decimal, now: Decimal, *, percent: Decimal, least: Decimal) -> bool:
    return abs(now - was) > least and abs(now - was) * 100 > abs(was) * percent
