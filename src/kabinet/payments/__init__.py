"""Paying online: shops, payments and their shares, the calls of gateways, settlement.

Always true here: money is a fact of the gateway and our row is our knowledge of it, so only a fetch changes that
knowledge, never a browser's return, a callback's body or a time-out. The intent, its key and the exact bytes are
committed before the first byte leaves. A payment turns into `paid` and into transfers of the ledger in one
transaction, once.
"""
