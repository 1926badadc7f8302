"""Questions that customers ask from inside the cabinet.

Always true: a question is stored before any letter leaves, it stays visible to its author, and nobody else's
cabinet shows it.
"""
