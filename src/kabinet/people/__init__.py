"""People who sign in: registration and its confirmation, passwords, sessions, second factors, consents.

Always true: a ``User`` is a confirmed person, unique by the canonical form of the address; what waits for confirmation
is a ``Registration``, of which an address may have several. Passwords are kept as Argon2id over an HMAC with a pepper
that is not in the database. Of every mailed link only a hash is stored. Each wrong guess makes the next one slower.
"""
