"""kabinet: a customer portal («Личный кабинет») for the households of many gas and utility suppliers.

Where things are: docs/map.md. The words: docs/glossary.md.
"""
