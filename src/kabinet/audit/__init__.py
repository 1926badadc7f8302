"""Who did what, to whom, when and from where.

Always true: entries are only added; a nightly seal chains them by hash, so that a change made behind our back shows.
They hold ids and never a person's e-mail, phone or name, a number of an account or a token; of a supplier they hold to
which server or mailbox its registers go from then on.
"""
