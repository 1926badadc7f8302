"""Days of the installation on which a link works."""

import datetime as dt

from kabinet.common.days import day_start, local_day


def last_day_of_link(now: dt.datetime, *, days: int, zone_name: str) -> dt.date:
    """Give the last day on which a confirmation link works, by the installation's calendar."""
    return local_day(now, zone_name) + dt.timedelta(days=days)


def end_of(day: dt.date, *, zone_name: str) -> dt.datetime:
    """Give the moment at which a day is over: «действительна до» is to the end of that day."""
    return day_start(day + dt.timedelta(days=1), zone_name)
