"""Charges: from consumption and price to lines that explain themselves.

Owns charges (начисления) and allocations (which payment settled which charge). Always true: a charge keeps its inputs,
its formula and the source of its rule, and showing it never computes it anew; the sum of a month is the sum of its
rounded lines; every charge above zero stands in the ledger once.
"""
