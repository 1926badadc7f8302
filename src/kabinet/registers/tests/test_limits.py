"""How far a register may be from the last one before a person has to say that it is right."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kabinet.registers.rules.limits import USUAL, Totals, broken


def totals(lines_count, amount_rub, most_rub="0"):
    return Totals(lines_count, Decimal(amount_rub), Decimal(most_rub))


def codes(before, now, limits=USUAL):
    return [limit.code for limit in broken(limits, now, before)]


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        (1000, 1100, []),
        (1000, 1101, ["count"]),
        (1000, 899, ["count"]),
        (20, 22, []),
        (20, 25, []),
        (20, 26, ["count"]),
        (20, 14, ["count"]),
        (0, 5, []),
        (0, 6, ["count"]),
    ],
)
def test_lines_differ_by_a_tenth_and_by_more_than_five(was, now, found):
    assert codes(totals(was, "0"), totals(now, "0")) == found


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ("100000.00", "130000.00", []),
        ("100000.00", "130000.01", ["sum"]),
        ("100000.00", "69999.99", ["sum"]),
        ("9000.00", "19000.00", []),
        ("9000.00", "19000.01", ["sum"]),
        ("-100000.00", "-130000.01", ["sum"]),
        ("0.00", "10000.00", []),
        ("0.00", "10000.01", ["sum"]),
    ],
)
def test_sums_differ_by_thirty_percent_and_by_more_than_ten_thousand_roubles(was, now, found):
    assert codes(totals(10, was), totals(10, now)) == found


def test_a_supplier_that_wants_percent_alone_sets_the_least_differences_to_nought():
    strict = replace(USUAL, lines_count=0, sum_rub=Decimal(0))

    assert codes(totals(20, "9000"), totals(23, "12000"), strict) == ["count", "sum"]


def test_a_large_sum_in_a_line_is_looked_at_in_the_first_register_as_well():
    assert codes(None, totals(1, "100000.00", "100000.00")) == []
    assert codes(None, totals(1, "100000.01", "100000.01")) == ["line"]
