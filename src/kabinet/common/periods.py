"""Constraints of rows that hold on the days `[valid_from, valid_until)`; an open end is null."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from kabinet.common.fields import DateRange


def one_a_day(name: str, *columns: str) -> ExclusionConstraint:
    """Refuse two rows that are equal in `columns` and share a day; without columns, any two that do."""
    equal = [(column, RangeOperators.EQUAL) for column in columns]
    days = (DateRange("valid_from", "valid_until", models.Value("[)")), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[*equal, days])


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    """Refuse a row that holds on no day."""
    condition = models.Q(valid_until__isnull=True) | models.Q(valid_until__gt=models.F("valid_from"))
    return models.CheckConstraint(condition=condition, name=name)
