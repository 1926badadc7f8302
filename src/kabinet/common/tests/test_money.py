"""Roubles and kopecks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.common.money import from_kopecks, parse_rub, round_to_kopeck, split_in_proportion, to_kopecks


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("122.50196", "122.50"), ("0.005", "0.01"), ("-0.005", "-0.01"), ("0.00499", "0.00"), ("2.675", "2.68")],
)
def test_half_a_kopeck_is_rounded_away_from_zero(exact: str, rounded: str) -> None:
    assert round_to_kopeck(Decimal(exact)) == Decimal(rounded)


def test_kopecks_are_whole_or_refused() -> None:
    assert to_kopecks(Decimal("123.45")) == 12345
    with pytest.raises(ValueError, match="whole number of kopecks"):
        to_kopecks(Decimal("123.455"))


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_kopecks_come_back_as_they_went(kopecks: int) -> None:
    assert to_kopecks(from_kopecks(kopecks)) == kopecks


def test_a_hundred_roubles_between_three_accounts() -> None:
    """Source: payments.md 8, case 28."""
    parts = split_in_proportion(Decimal("100.00"), [Decimal(1)] * 3)

    assert parts == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


@given(
    st.integers(min_value=0, max_value=10**9),
    st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=8).filter(any),
)
def test_parts_sum_to_the_whole(kopecks: int, weights: list[int]) -> None:
    parts = split_in_proportion(from_kopecks(kopecks), [Decimal(weight) for weight in weights])

    assert sum(parts) == from_kopecks(kopecks)
    assert all(part >= 0 for part in parts)


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(2), Decimal(-1)]])
def test_weights_that_share_nothing_are_refused(weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_in_proportion(Decimal("1.00"), weights)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 234,5", "1234.50"),
        ("1234.50", "1234.50"),
        ("1\u202f234,56\u00a0₽", "1234.56"),
        ("0,01", "0.01"),
        ("−5", "-5.00"),
    ],
)
def test_a_sum_is_read_as_people_type_it(typed: str, meant: str) -> None:
    assert parse_rub(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["", "сто", "1,234,5", "1.005", "1e3", "NaN", "١٢", "--5"])
def test_what_is_no_sum_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="sum in roubles"):
        parse_rub(typed)
