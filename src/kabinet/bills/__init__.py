"""Bills: the «счёт-извещение» of a month as a sheet to print, and the paper that proves a payment.

Owns no table: a bill is drawn anew from charges, readings and the ledger, which never change what they once said,
so the same month gives the same sheet. Nothing here decides a sum; what is printed was computed and stored elsewhere.
"""
