"""Days of the installation: until when a link works, and by when a cabinet is deleted."""

import datetime as dt

from kabinet.common.days import day_start, local_day

#: As the consent has it: «После отзыва кабинет удаляется в течение 30 дней».
ERASURE_TAKES = dt.timedelta(days=30)


def last_day_of_link(now: dt.datetime, *, days: int, zone_name: str) -> dt.date:
    """Give the last day on which a confirmation link works, by the installation's calendar."""
    return local_day(now, zone_name) + dt.timedelta(days=days)


def end_of(day: dt.date, *, zone_name: str) -> dt.datetime:
    """Give the moment at which a day is over: «действительна до» is to the end of that day."""
    return day_start(day + dt.timedelta(days=1), zone_name)


def last_day_of_erasure(withdrawn_at: dt.datetime, *, zone_name: str) -> dt.date:
    """Give the last day on which a cabinet may be there after its owner withdrew the consent."""
    return local_day(withdrawn_at, zone_name) + ERASURE_TAKES
