"""Prices by date.

Owns the price of a service for a purpose of use from one day until another. Always true: on any day there is at most
one price, held by the database itself; a price is per m³ with five decimals, however the order that set it printed it.
"""
