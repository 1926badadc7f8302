"""Texts in cells are no formulas."""

import pytest

from kabinet.common.cells import defuse


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(first):
    assert defuse(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("text", ["", "702062012", "Иванов-Петров", "а=б"])
def test_any_other_text_stays_as_it_is(text):
    assert defuse(text) == text
