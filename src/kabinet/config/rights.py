"""What the database's roles may do; `./kabinet manage prepare_database` applies it after the migrations.

``kabinet_owner`` owns the tables and migrates; the application signs in as another role, which cannot change them.
"""

APPLICATION_ROLES = ("kabinet_web", "kabinet_worker", "kabinet_office")

#: Tables that are only ever added to: the application's roles have SELECT and INSERT on them, nothing else.
APPEND_ONLY_TABLES = ("ledger_transfer", "audit_entry", "audit_seal")
