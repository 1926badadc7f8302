"""Until when a question is answered, by the calendar of working days where it was asked."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from kabinet.common.days import local_day
from kabinet.suppliers.models import CalendarDay, Supplier
from kabinet.support import rules

#: As far as deadlines are looked for: no rest is longer.
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class WorkingCalendar:
    """The days that the government has moved, round a day."""

    days_off: frozenset[dt.date]
    working_days: frozenset[dt.date]

    def due_on(self, asked_on: dt.date) -> dt.date:
        return rules.answer_due_on(
            asked_on, settings.ANSWER_WORKING_DAYS, days_off=self.days_off, working_days=self.working_days
        )

    def days_left(self, due_on: dt.date, today: dt.date) -> int:
        return rules.working_days_left(due_on, today, days_off=self.days_off, working_days=self.working_days)


def working_calendar(today: dt.date) -> WorkingCalendar:
    """Read the calendar about a day. One query."""
    moved = CalendarDay.objects.filter(day__range=(today, today + LONGEST)).values_list("day", "is_working")
    rows = list(moved)
    return WorkingCalendar(
        days_off=frozenset(day for day, is_working in rows if not is_working),
        working_days=frozenset(day for day, is_working in rows if is_working),
    )


def due_on(supplier: Supplier | None, *, now: dt.datetime) -> dt.date:
    """Give the last day to answer what is asked now, where its supplier is."""
    today = local_day(now, supplier.time_zone if supplier else settings.INSTALLATION_TIME_ZONE)
    return working_calendar(today).due_on(today)
