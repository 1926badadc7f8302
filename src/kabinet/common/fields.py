"""Columns that keep exactly what they are given, or raise: PostgreSQL would round in silence."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models

from kabinet.common.month import Month


class DateRange(models.Func):
    """The days [from, until); an open end when `until` is empty."""

    function = "daterange"
    output_field = DateRangeField()


class ExactDecimalField(models.DecimalField):
    """A decimal that refuses a float and any digit beyond its places."""

    def _exact(self, value: Any) -> Decimal | None:
        if value is None:
            return None
        if isinstance(value, bool | float):
            raise TypeError(f"{self.name}: {value!r} is no exact number, use Decimal")
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError(f"{self.name}: {value!r} is not finite")
        if number != round(number, self.decimal_places):
            raise ValueError(f"{self.name}: {value} has more than {self.decimal_places} decimal places")
        return number

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not hasattr(value, "resolve_expression"):
            value = self._exact(value)
        return super().get_db_prep_value(value, connection, prepared)

    def get_prep_value(self, value: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            return super().get_prep_value(value)
        return super().get_prep_value(self._exact(value))


class _FixedDecimalField(ExactDecimalField):
    digits: int
    places: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"], kwargs["decimal_places"] = self.digits, self.places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs


class MoneyField(_FixedDecimalField):
    """Roubles with kopecks, up to a trillion."""

    digits, places = 14, 2


class PriceField(_FixedDecimalField):
    """Roubles per unit with five places: the instruction's own price is 4.37507."""

    digits, places = 12, 5


class VolumeField(_FixedDecimalField):
    """Cubic metres, or what a dial shows, with three places."""

    digits, places = 12, 3


class MonthField(models.DateField):
    """A billing period: ``Month`` in Python, the month's first day in the database."""

    if TYPE_CHECKING:  # what the type checker of Django's models is to believe
        _pyi_private_set_type: Month | dt.date | str  # type: ignore[assignment]
        _pyi_private_get_type: Month  # type: ignore[assignment]
        _pyi_lookup_exact_type: Month | dt.date | str  # type: ignore[assignment]

    def from_db_value(self, value: dt.date | None, expression: Any, connection: Any) -> Month | None:
        return None if value is None else Month.of(value)

    def to_python(self, value: Any) -> Month | None:
        if value is None or isinstance(value, Month):
            return value
        if isinstance(value, dt.date):
            return Month.of(value)
        try:
            return Month.parse(value[:7])
        except (TypeError, ValueError) as error:
            raise ValidationError("«%(value)s» is not a month like 2026-10", params={"value": value}) from error

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        month = self.to_python(value)
        return None if month is None else month.first_day

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super(models.DateField, self).formfield(**{"form_class": forms.CharField, **kwargs})
