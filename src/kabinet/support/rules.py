"""Until when a question is answered, and how a ready answer is filled: plain values in and out."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

#: Places of a ready answer, and what stands there in the answer.
PLACES = ("[имя]", "[лицевой счёт]", "[поставщик]", "[номер обращения]")
SATURDAY = 5


def is_working_day(
    day: dt.date, *, days_off: AbstractSet[dt.date] = frozenset(), working_days: AbstractSet[dt.date] = frozenset()
) -> bool:
    """Say whether a day is worked.

    days_off      days from Monday to Friday that are not
    working_days  Saturdays and Sundays that are
    """
    return day in working_days if day.weekday() >= SATURDAY else day not in days_off


def answer_due_on(
    asked_on: dt.date,
    within: int,
    *,
    days_off: AbstractSet[dt.date] = frozenset(),
    working_days: AbstractSet[dt.date] = frozenset(),
) -> dt.date:
    """Give the last day to answer on: so many working days after the day on which it was asked.

    within  at least 1; days_off, working_days as for `is_working_day`
    """
    day = asked_on
    while within:
        day += dt.timedelta(days=1)
        within -= is_working_day(day, days_off=days_off, working_days=working_days)
    return day


def working_days_left(
    due_on: dt.date,
    today: dt.date,
    *,
    days_off: AbstractSet[dt.date] = frozenset(),
    working_days: AbstractSet[dt.date] = frozenset(),
) -> int:
    """Count the working days after today up to the last one; 0 on that day, -1 when it is over."""
    if today > due_on:
        return -1
    days = (today + dt.timedelta(days=count) for count in range(1, (due_on - today).days + 1))
    return sum(is_working_day(day, days_off=days_off, working_days=working_days) for day in days)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values into the places of a ready answer. What a value says is text, never a place again."""
    for number, place in enumerate(PLACES):
        text = text.replace(place, f"\0{number}\0")
    for number, place in enumerate(PLACES):
        text = text.replace(f"\0{number}\0", values.get(place, place))
    return text
