"""Deadlines by working days, and ready answers."""

import datetime as dt

import pytest

from kabinet.support.rules import answer_due_on, filled, is_working_day, working_days_left

#: 4 November 2026, a Wednesday, is a day off; Saturday the 7th is worked.
MOVED = {"days_off": frozenset({dt.date(2026, 11, 4)}), "working_days": frozenset({dt.date(2026, 11, 7)})}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-11-{text}")


@pytest.mark.parametrize(
    ("on", "is_worked"),
    [("03", True), ("04", False), ("06", True), ("07", True), ("08", False), ("14", False), ("16", True)],
)
def test_a_working_day_is_as_the_calendar_says(on, is_worked):
    assert is_working_day(day(on), **MOVED) is is_worked


@pytest.mark.parametrize(
    ("asked", "within", "due"),
    [
        ("16", 1, "17"),
        ("16", 3, "19"),
        ("19", 1, "20"),
        ("20", 1, "23"),  # asked on a Friday
        ("21", 1, "23"),  # on a Saturday
        ("03", 1, "05"),  # before the day off
        ("06", 1, "07"),  # the Saturday is worked
        ("06", 2, "09"),
    ],
)
def test_an_answer_is_due_after_so_many_working_days(asked, within, due):
    assert answer_due_on(day(asked), within, **MOVED) == day(due)


@pytest.mark.parametrize(
    ("due", "today", "left"),
    [
        ("19", "16", 3),
        ("19", "18", 1),
        ("19", "19", 0),
        ("19", "20", -1),
        ("23", "20", 1),
        ("23", "21", 1),
        ("09", "06", 2),
    ],
)
def test_what_is_left_is_counted_in_working_days(due, today, left):
    assert working_days_left(day(due), day(today), **MOVED) == left


def test_a_ready_answer_is_filled():
    text = "Здравствуйте, [имя]! О счёте [лицевой счёт]: [номер обращения]. [Имя] остаётся."

    assert (
        filled(text, {"[имя]": "Анна", "[лицевой счёт]": "702062012", "[номер обращения]": "7"})
        == "Здравствуйте, Анна! О счёте 702062012: 7. [Имя] остаётся."
    )


def test_what_a_value_says_is_no_place():
    assert filled("[имя], [поставщик]", {"[имя]": "[поставщик]", "[поставщик]": "Газ"}) == "[поставщик], Газ"


def test_a_place_without_a_value_stays():
    assert filled("Здравствуйте, [имя]!", {}) == "Здравствуйте, [имя]!"
