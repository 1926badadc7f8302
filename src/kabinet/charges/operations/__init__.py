"""Writes that accrual, payments and corrections share. Others import the names from here."""

from kabinet.charges.operations.settling import (
    allocate_advances,
    allocate_payment,
    release_many,
    release_payment,
    release_reversed,
    settle_many,
)

__all__ = [
    "allocate_advances",
    "allocate_payment",
    "release_many",
    "release_payment",
    "release_reversed",
    "settle_many",
]
