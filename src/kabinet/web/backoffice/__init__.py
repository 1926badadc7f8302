"""The supplier's site: what its accountants, its support and the operators of the installation do about money.

Whoever is not staff finds nothing here; staff find what their roles allow (people.rules.rights), of their suppliers
alone.
"""
