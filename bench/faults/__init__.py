"""Fault tests: real processes are killed, cut off and flooded, and afterwards every kopeck must be where it belongs.

A `Base` is a PostgreSQL server with a prepared world as a template; a `Scene` is one copy of it with two web processes,
a worker, the sandbox gateway, a mail server and a cable to the gateway that can be cut, each a process of its own. A
test hurts a scene, heals it, waits for quiet and asks the `invariants`. Each test has a control: the same with a defect
`planted` in the product, which must be found.
"""
