"""Suppliers: their details, days, formats of account numbers, and what each asks of those who attach an account.

Always true here: bank details are stored only when all their check digits fit; every table of a supplier's data, in
whichever app, derives from ``SupplierOwned`` and names the supplier in each of its unique constraints.
"""
