"""Letters to customers and staff: one frame, one module of tasks per sender.

Always true: a letter leaves from the worker, never from a request; a repeated task sends the same ``Message-ID``; every
letter says where support is; links in letters start at the public address of the settings.
"""
