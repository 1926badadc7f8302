"""In what order a list is read: the reader names a column, the query says what it is sorted by."""

from collections.abc import Mapping, Sequence


def ordering(wanted: str, columns: Mapping[str, Sequence[str]], *, then: Sequence[str] = ("id",)) -> list[str]:
    """Give the arguments of `order_by` for «amount», or for «-amount»: the same, the greatest first.

    columns  what a list can be sorted by: the fields behind each of its names
    then     fields that part equal rows, in the same direction, so that no row is on two pages or on none

    Raises KeyError for a name that is no column.
    """
    sign = "-" if wanted.startswith("-") else ""
    return [f"{sign}{field}" for field in (*columns[wanted.removeprefix("-")], *then)]
