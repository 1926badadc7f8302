"""To whom a notice goes."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.notices.rules import Audience, as_part


@pytest.mark.parametrize(
    "audience",
    [
        Audience(),
        Audience(locality="Тосно"),
        Audience(
            street="Лётная",
            owes_from_rub=Decimal("1000.00"),
            verification_until=dt.date(2026, 12, 31),
            unread_since=dt.date(2026, 11, 1),
        ),
    ],
)
def test_an_audience_is_stored_and_read_again(audience):
    assert Audience.from_json(audience.as_json()) == audience


def test_what_narrows_nothing_is_everybody():
    assert Audience().is_everybody
    assert Audience().as_json() == {}
    assert not Audience(locality="Тосно").is_everybody


@pytest.mark.parametrize(
    ("text", "pattern"),
    [(" Лётная ", "%летная%"), ("100%", "%100\\%%"), ("a_b", "%a\\_b%"), ("a\\b", "%a\\\\b%")],
)
def test_a_part_of_a_name_is_found_as_it_is_written(text, pattern):
    assert as_part(text) == pattern
