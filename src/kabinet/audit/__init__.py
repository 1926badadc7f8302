"""Who did what, to whom, when and from where.

Always true: entries are only added; a nightly seal chains them by hash, so that a change made behind our back shows.
They hold ids and never an e-mail, a phone, a name, a number of an account or a token.
"""
