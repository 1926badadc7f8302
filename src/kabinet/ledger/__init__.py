"""The book of money: transfers between books, balanced by construction, added to and never changed.

Always true: each transfer has one amount above zero, a debit book and another credit book; what a customer owes on a
book is the sum of its debits less the sum of its credits and stands in ``BookBalance``; one source posts once.
A mistake is undone by a reversing transfer.
"""
