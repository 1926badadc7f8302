"""The processes of one machine: an embedded PostgreSQL, and everything that `./kabinet demo` keeps running.

What is always true: a process that this package started ends with it, in order, and a data folder has at most one
server. Nothing here knows of gas, accounts or money; the web and the worker run just as well without it under systemd.
"""
