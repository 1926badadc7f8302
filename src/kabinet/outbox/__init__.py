"""Facts on their way: what happened and the jobs that follow from it are stored in the transaction that made it so.

Always true: a job exists if and only if its fact was committed. Delivery is at least once, so each task may run twice.
"""
