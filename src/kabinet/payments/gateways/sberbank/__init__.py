"""Sberbank's acquiring, in both of its dialects: forms (older) and JSON (newer). Behind them is one service.

An order's number, which is our own id, is the key: the same number is never registered twice. Every answer is HTTP 200
with an `errorCode`; sums are whole kopecks. Source: the bank's descriptions as of 2026, rules in docs/adr/0057.
"""

from kabinet.payments.gateways.sberbank.client import Sberbank
from kabinet.payments.gateways.sberbank.dialects import NEWER, OLDER

__all__ = ["NEWER", "OLDER", "Sberbank"]
