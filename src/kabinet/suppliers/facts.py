"""What can have happened to suppliers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BankDetailsChangeAsked:
    """Somebody wants money to go elsewhere: the supplier and its staff are told at once."""

    supplier_id: int
    change_id: int


@dataclass(frozen=True)
class BankDetailsChangeConfirmed:
    """The second person agrees: there is a day to take it back, and all are told."""

    supplier_id: int
    change_id: int
