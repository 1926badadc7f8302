"""Writes that several use-cases of payments share, a file for each thought. Others import the names from here."""

from kabinet.payments.operations.alarms import alarm
from kabinet.payments.operations.clients import believe, gateway_of
from kabinet.payments.operations.doorbells import answer_doorbells, ring
from kabinet.payments.operations.settling import fail, learn, lock_payment

__all__ = ["alarm", "answer_doorbells", "believe", "fail", "gateway_of", "learn", "lock_payment", "ring"]
