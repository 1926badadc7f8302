"""When a file is due by its schedule."""

import calendar
import datetime as dt

BY_HAND, DAILY, WEEKLY, MONTHLY = "by_hand", "daily", "weekly", "monthly"


def last_due_on(rhythm: str, *, weekday: int, month_day: int, hour: int, local_now: dt.datetime) -> dt.date | None:
    """Give the last day whose file is due by now; None for a rhythm that makes none by itself.

    weekday    0 is Monday
    month_day  of a month that has no such day, its last
    hour       from which the file of a day is due
    local_now  what the clock of the supplier shows
    """
    today = local_now.date()
    day = today if local_now.hour >= hour else today - dt.timedelta(days=1)
    if rhythm == DAILY:
        return day
    if rhythm == WEEKLY:
        return day - dt.timedelta(days=(day.weekday() - weekday) % 7)
    if rhythm == MONTHLY:
        due = _day_of_month(day.year, day.month, month_day)
        if due <= day:
            return due
        before = day.replace(day=1) - dt.timedelta(days=1)
        return _day_of_month(before.year, before.month, month_day)
    return None


def _day_of_month(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))
