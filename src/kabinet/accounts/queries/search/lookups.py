"""What every look-up of a search needs: where to look, and how many to give."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

MOST_SHOWN = 30

Ids = tuple[int, int]
"""Supplier and account."""


@dataclass(frozen=True)
class Searched:
    """The suppliers that a search goes through: names and forms of numbers."""

    names: dict[int, str]
    kept: dict[int, str]

    @property
    def ids(self) -> list[int]:
        return list(self.names)


def ids(statement: str, **values: Any) -> list[Ids]:
    """Run a statement of these modules that gives suppliers and accounts: one more than is shown."""
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {MOST_SHOWN + 1}", values)
        return cursor.fetchall()


def beginning(text: str) -> str:
    """Give a pattern of LIKE for what begins so."""
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return f"{text}%"
