"""A payment gateway to build and test against: it speaks YooKassa's API v3 over HTTP and moves no money.

A program of its own, as the real gateway is: own store, own clock, own idea of what a payment is. It imports
nothing of `kabinet`, because a shared helper would share its mistake with the client that it has to judge.

Always true: a payment moves only along the arrows of `payments.py`; what was answered was committed before; money is
whole kopecks; moments are milliseconds since 1970 by the sandbox's own clock.
"""
