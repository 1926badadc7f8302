"""Writes that use-cases of registers share. Others import the names from here."""

from kabinet.registers.operations.locks import lock_supplier

__all__ = ["lock_supplier"]
