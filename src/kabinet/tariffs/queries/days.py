"""Conditions on the days of a row."""

import datetime as dt

from django.db.models import Q


def between(since: dt.date, until: dt.date) -> Q:
    """Choose rows that hold on any of the days [since, until)."""
    return (Q(valid_until__isnull=True) | Q(valid_until__gt=since)) & Q(valid_from__lt=until)


def on(day: dt.date) -> Q:
    """Choose rows that hold on a day."""
    return between(day, day + dt.timedelta(days=1))
