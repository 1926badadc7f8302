"""How old a debt is."""

from decimal import Decimal

import pytest

from kabinet.charges.rules import by_age
from kabinet.common.month import Month


@pytest.mark.parametrize(
    ("period", "since"),
    [
        ("2026-11", 0),
        ("2026-10", 0),
        ("2026-09", 1),
        ("2026-08", 2),
        ("2026-07", 3),
        ("2026-05", 3),
        ("2026-04", 6),
        ("2025-11", 6),
        ("2025-10", 12),
        ("2023-11", 12),
        ("2023-10", 36),
        ("2019-01", 36),
    ],
)
def test_a_debt_is_as_old_as_the_months_since_the_charged_one_was_over(period, since):
    ages = by_age([(Month.parse(period), Decimal(7))], this_month=Month(2026, 11))

    assert [age.since_months for age in ages if age.amount_rub] == [since]


def test_debts_of_one_age_are_summed_and_every_age_is_there():
    ages = by_age([(Month(2026, 10), Decimal("1.10")), (Month(2026, 11), Decimal("2.20"))], this_month=Month(2026, 11))

    assert [age.amount_rub for age in ages] == [Decimal("3.30"), 0, 0, 0, 0, 0, 0]
