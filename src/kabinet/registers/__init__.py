"""Registers: files between us and a supplier whose own billing is the book of record.

Owns what has left in which file. A payment, a refund and everything else that changed an account leaves once; a file
that was made never changes. What the supplier's billing says that it has booked is matched by our number alone and is
never counted again: the money has been in our ledger since it was paid.
"""
