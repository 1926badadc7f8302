"""Make of a register what it says, and take it back: a module for each kind. The accounts concerned are locked."""

import datetime as dt

from kabinet.common.db import transaction_required
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register
from kabinet.registers.operations.applying import accounts, meters, money, payments, readings
from kabinet.registers.operations.progress import Progress

_MODULES = {
    "accounts": accounts,
    "balances": money,
    "charges": money,
    "meters": meters,
    "payments": payments,
    "readings": readings,
}


@transaction_required
def apply(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> None:
    """Write what the lines of a register say."""
    _MODULES[register.kind].apply(register, profile, progress, now=now)


@transaction_required
def undo(register: Register, profile: Profile, progress: Progress, *, now: dt.datetime) -> int:
    """Take back what the lines of a register have changed; tell how many of them could not be."""
    return _MODULES[register.kind].undo(register, profile, progress, now=now)
