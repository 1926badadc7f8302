"""What can have happened to registers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RegisterApplied:
    """A supplier's file has become what it says: accounts, charges, balances, meters, readings or payments."""

    supplier_id: int
    register_id: int
    kind: str


@dataclass(frozen=True)
class RegisterStopped:
    """The work on a register has broken, for a reason that no other try would mend; nothing of it was kept."""

    supplier_id: int
    register_id: int


@dataclass(frozen=True)
class RegisterNeedsSecondPerson:
    """A supplier's file that changes money has been read: another person than who brought it decides."""

    supplier_id: int
    register_id: int


@dataclass(frozen=True)
class RegisterToMail:
    """A register leaves by letter."""

    supplier_id: int
    register_id: int
