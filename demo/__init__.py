"""The demonstration: a small believable world, the people who live in it, and a mailbox for every letter.

In no production package. `python -m demo prepare --accounts N` builds the world in an empty database; the settings add
this app when KABINET_DEMO=1, and a system check refuses it anywhere but on a loopback address.
"""
