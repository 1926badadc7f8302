"""How the gateway treats a shop when nobody presses a button: set by admin calls, kept over a restart."""

import dataclasses
import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.gateway import Gateway

_REASON = re.compile(r"[0-9a-z_]{1,64}")


class WrongHabit(Exception):
    """A habit that does not exist, or a value that it cannot have."""


@dataclass(frozen=True)
class Habits:
    """What becomes of what a shop asks for.

    refund            succeeded at once, left pending, or a reason: canceled at once with it
    charge            the same of a payment by a saved method
    receipt           succeeded after `receipt_delay_ms`, left pending, or canceled after it
    receipt_delay_ms  how long a cash register takes
    may_save_methods  whether the shop may make recurring payments; test shops may
    """

    refund: str = "succeeded"
    charge: str = "succeeded"
    receipt: str = "succeeded"
    receipt_delay_ms: int = 30_000
    may_save_methods: bool = True

    def changed(self, changes: dict[str, Any]) -> "Habits":
        """These habits with some of them changed. Raises WrongHabit."""
        kept = dataclasses.asdict(self)
        for name, value in changes.items():
            if name not in kept:
                raise WrongHabit(f"there is no habit {name!r}")
            if type(value) is not type(kept[name]):
                raise WrongHabit(f"{name} cannot be {value!r}")
        habits = dataclasses.replace(self, **changes)
        if not all(_REASON.fullmatch(word) for word in (habits.refund, habits.charge)):
            raise WrongHabit("refund and charge are succeeded, pending or a reason in small letters")
        if habits.receipt not in ("succeeded", "pending", "canceled") or habits.receipt_delay_ms < 0:
            raise WrongHabit("receipt is succeeded, pending or canceled, its delay not below zero")
        return habits


def habits_of(gateway: "Gateway", db: sqlite3.Connection, shop_id: str) -> Habits:
    return Habits().changed(gateway.store.setting(db, f"habits:{shop_id}", {}))


def change_habits(gateway: "Gateway", db: sqlite3.Connection, shop_id: str, changes: dict[str, Any]) -> Habits:
    """Change some of a shop's habits. Raises WrongHabit."""
    habits = habits_of(gateway, db, shop_id).changed(changes)
    gateway.store.keep_setting(db, f"habits:{shop_id}", dataclasses.asdict(habits))
    return habits
