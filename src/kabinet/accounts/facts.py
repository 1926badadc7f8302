"""What can have happened to attachments."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountAttached:
    """A cabinet got an account."""

    supplier_id: int
    account_id: int
    user_id: int


@dataclass(frozen=True)
class AccountAccessEnded:
    """A full holder, or the supplier, took an account out of a cabinet."""

    supplier_id: int
    account_id: int
    user_id: int


@dataclass(frozen=True)
class AttachingLocked:
    """A cabinet counted through neighbouring numbers, and attaches nothing more until support lifts the lock."""

    user_id: int
