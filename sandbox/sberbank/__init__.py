"""Sberbank's acquiring as a shop sees it, in both of its dialects: orders, refunds, saved cards, callbacks.

The older one takes forms under /payment/rest, the newer one JSON under /ecomm/gw/partner/api/v1; behind them is one
service. Sums are whole kopecks, every answer is HTTP 200, and `errorCode` says how it went.
Source: the bank's descriptions of both, as of 2026; codes marked so are from memory.
"""
