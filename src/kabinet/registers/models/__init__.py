"""Tables of registers, a file for each thought. Others import the names from here."""

from kabinet.registers.models.incoming import Register, RegisterLimits, RegisterLine
from kabinet.registers.models.outgoing import Dispatch, OutgoingKind, OutgoingRegister, SentDocument, ToldHolder
from kabinet.registers.models.outside import OutsidePayment
from kabinet.registers.models.profiles import FormatProfile

__all__ = [
    "Dispatch",
    "FormatProfile",
    "OutgoingKind",
    "OutgoingRegister",
    "OutsidePayment",
    "Register",
    "RegisterLimits",
    "RegisterLine",
    "SentDocument",
    "ToldHolder",
]
