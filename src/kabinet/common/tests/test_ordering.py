"""The order of a list."""

import pytest

from kabinet.common.ordering import ordering

COLUMNS = {"amount": ["amount_rub"], "name": ["surname", "given_name"]}


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        ("amount", ["amount_rub", "id"]),
        ("-amount", ["-amount_rub", "-id"]),
        ("name", ["surname", "given_name", "id"]),
        ("-name", ["-surname", "-given_name", "-id"]),
    ],
)
def test_a_column_is_sorted_by_its_fields_and_equal_rows_by_their_ids(wanted, fields):
    assert ordering(wanted, COLUMNS) == fields


def test_what_is_no_column_is_a_defect():
    with pytest.raises(KeyError):
        ordering("password", COLUMNS)
