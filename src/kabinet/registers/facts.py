"""What can have happened to registers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RegisterApplied:
    """A supplier's file has become what it says: accounts, charges, balances, meters, readings or payments."""

    supplier_id: int
    register_id: int
    kind: str
