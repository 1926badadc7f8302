"""Bars are laid out in per cents on a scale of round steps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.web.ui.charts import Bar, bar_chart, nice_step


def chart(*values, groups=None):
    bars = [
        Bar(
            label=str(place),
            name=f"месяц {place}",
            value=None if value is None else Decimal(value),
            group=groups[place] if groups else "",
        )
        for place, value in enumerate(values)
    ]
    return bar_chart(bars, title="Расход", unit="м³")


@pytest.mark.parametrize(
    ("largest", "step"),
    [
        ("0", "1"),
        ("1", "0.2"),
        ("5", "1"),
        ("5.01", "2"),
        ("12", "2.5"),
        ("31", "10"),
        ("248", "50"),
        ("250", "50"),
        ("251", "100"),
        ("1391.5", "500"),
    ],
)
def test_steps_of_the_scale_are_round(largest, step):
    assert nice_step(Decimal(largest)) == Decimal(step)


@given(st.decimals(min_value="0.001", max_value="999999", places=3))
def test_five_steps_always_reach_the_tallest_bar_and_four_tenths_of_them_do_not(largest):
    step = nice_step(largest)

    assert step * 5 >= largest
    assert step * 2 < largest


def test_the_scale_ends_above_the_tallest_bar():
    lines = chart("248", "22").lines

    assert [line.text for line in lines] == ["0", "50", "100", "150", "200", "250"]
    assert (lines[0].y, lines[-1].y) == ("100.00%", "0.00%")


def test_a_bar_that_reaches_the_top_of_the_scale_fills_it():
    bar = chart("250", "125").bars[0]

    assert (bar.y, bar.value_text) == ("0.00%", "250")


def test_coordinates_carry_no_comma_of_the_language():
    assert all("," not in bar.x + bar.y + bar.width + bar.height + bar.middle_x for bar in chart("7", "11", "13").bars)


def test_a_month_without_data_is_a_gap_and_zero_is_a_bar_of_no_height():
    gap, zero, _last = chart(None, "0", "10").bars

    assert gap.value_text == ""
    assert (zero.value_text, zero.height) == ("0", "0.00%")


def test_the_last_known_month_is_the_present_one():
    assert [bar.is_now for bar in chart("1", "2", None).bars] == [False, True, False]


def test_only_zeros_still_have_a_scale():
    assert [line.text for line in chart("0", "0").lines] == ["0", "1"]


def test_nothing_known_is_said_in_words():
    empty = chart(None, None)

    assert empty.is_empty
    assert empty.summary == "Пока нет данных."


def test_of_many_bars_only_every_third_is_named():
    named = [bar.is_label_shown for bar in chart(*range(36)).bars]

    assert sum(named) == 12
    assert named[-1]


def test_a_year_is_written_once_and_not_under_a_remnant():
    groups = ["2025", *["2026"] * 11]

    assert [bar.group for bar in chart(*range(12), groups=groups).bars] == ["", "2026", *[""] * 10]


def test_a_mark_stands_as_high_as_a_bar_of_its_value_and_the_scale_reaches_it():
    bars = [Bar("1", "1 ноября", Decimal(50), mark=Decimal(100)), Bar("2", "2 ноября", Decimal(100))]

    laid = bar_chart(bars, title="Показания", unit="шт.", mark_title="в прошлом месяце")

    assert (laid.bars[0].mark_y, laid.bars[0].mark_text) == (laid.bars[1].y, "100")
    assert laid.bars[1].mark_text == ""
    assert laid.lines[-1].text == "100"


def test_a_day_to_come_has_a_mark_and_no_bar():
    bars = [Bar("1", "1 ноября", Decimal(50)), Bar("2", "2 ноября", None, mark=Decimal(40))]

    today, to_come = bar_chart(bars, title="Показания", unit="шт.").bars

    assert (today.is_now, to_come.is_now) == (True, False)
    assert (to_come.value_text, to_come.mark_text) == ("", "40")


def test_bars_that_are_no_times_have_no_present_one():
    bars = [Bar("0–1", "до месяца", Decimal(50)), Bar("1–2", "от 1 до 2", Decimal(40))]

    assert not any(bar.is_now for bar in bar_chart(bars, title="Долги", unit="₽", ends_now=False).bars)


def test_money_has_its_kopecks():
    bars = [
        Bar(label="окт", name="октябрь", value=Decimal("122.5")),
        Bar(label="ноя", name="ноябрь", value=Decimal(90)),
    ]

    painted = bar_chart(bars, title="Начислено", unit="₽")

    assert [bar.value_text for bar in painted.bars] == ["122,50", "90,00"]
    assert painted.summary == "Наибольшее: 122,50 ₽, октябрь; наименьшее: 90,00 ₽, ноябрь."
    assert painted.lines[-1].text == "125"
