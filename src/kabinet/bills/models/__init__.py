"""Tables of papers, a file for each thought. Others import the names from here."""

from kabinet.bills.models.certificates import Certificate

__all__ = ["Certificate"]
