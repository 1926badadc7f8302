"""Find customers by what they say: number, name, address, phone, e-mail of their cabinet (docs/adr/0176, 0192)."""

from kabinet.accounts.queries.search.finding import Found, FoundAccount, Search, find_accounts
from kabinet.accounts.queries.search.lookups import MOST_SHOWN, Ids, Searched

__all__ = ["MOST_SHOWN", "Found", "FoundAccount", "Ids", "Search", "Searched", "find_accounts"]
