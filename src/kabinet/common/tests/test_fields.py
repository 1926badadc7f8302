"""Columns that keep exactly what they are given."""

from decimal import Decimal

import pytest

from kabinet.common.fields import MoneyField, PriceField, VolumeField


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError, match="Decimal"):
        MoneyField().get_prep_value(0.1)


def test_more_decimals_than_a_column_has_are_refused() -> None:
    with pytest.raises(ValueError, match="2 decimal places"):
        MoneyField().get_prep_value(Decimal("1.005"))
    with pytest.raises(ValueError, match="3 decimal places"):
        VolumeField().get_prep_value(Decimal("1.0005"))


def test_the_price_of_the_printed_notice_fits() -> None:
    assert PriceField().get_prep_value(Decimal("4.37507")) == Decimal("4.37507")


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        MoneyField().get_prep_value(Decimal(value))
