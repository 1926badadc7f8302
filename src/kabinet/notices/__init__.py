"""What a supplier tells its customers: all of them or some, by letter and in the cabinet.

Always true: a person gets one letter of a notice however many accounts they have and however often a batch is repeated;
nobody gets one after switching such letters off, unless the notice is one that the law lets nobody refuse.
"""
