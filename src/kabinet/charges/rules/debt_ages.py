"""How old a debt is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.money import ZERO
from kabinet.common.month import Month

#: Ages as whole months since the charged month was over: from, and up to but without. Three years on, it is barred.
AGES = ((0, 1), (1, 2), (2, 3), (3, 6), (6, 12), (12, 36), (36, None))


@dataclass(frozen=True)
class DebtOfAge:
    """What is owed for months that were over `since_months` ago or more, but less than `until_months`."""

    since_months: int
    until_months: int | None
    amount_rub: Decimal


def by_age(unpaid: Iterable[tuple[Month, Decimal]], *, this_month: Month) -> Sequence[DebtOfAge]:
    """Sum what is unpaid of each month into ages, the youngest first; the present month counts as just over."""
    owed = [(max(_months_between(period, this_month) - 1, 0), amount_rub) for period, amount_rub in unpaid]
    return [
        DebtOfAge(
            since,
            until,
            sum((amount_rub for age, amount_rub in owed if since <= age and (until is None or age < until)), ZERO),
        )
        for since, until in AGES
    ]


def _months_between(earlier: Month, later: Month) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month
