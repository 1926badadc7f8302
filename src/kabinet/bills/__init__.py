"""Bills: the «счёт-извещение» of a month as a sheet to print, and the paper that proves a payment.

A bill and an act of reconciliation are drawn anew from charges, readings and the ledger, which never change what they
once said, so the same month gives the same sheet. A certificate is kept as it was printed: others verify it by its
code. Nothing here decides a sum; what is printed was computed and stored elsewhere.
"""
