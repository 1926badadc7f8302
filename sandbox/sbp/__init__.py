"""A small bank of the fast payment system: it registers dynamic links, says what became of them, gives money back.

Its API is its own, because each bank has one of its own; the links have the shape that all banks' links have.
"""
