"""What the database's roles may do; `./kabinet manage prepare_database` applies it after the migrations.

``kabinet_owner`` owns the tables and migrates; the application signs in as another role, which cannot change them.
Nobody signs in as ``kabinet_office``: the others become it for the length of a transaction, behind the wall between
suppliers (``common.wall``).
"""

from kabinet.common.wall import ROLE as OFFICE

OWNER = "kabinet_owner"
APPLICATION_ROLES = ("kabinet_web", "kabinet_worker", OFFICE)

#: Tables that are only ever added to: the application's roles have SELECT and INSERT on them, nothing else.
APPEND_ONLY_TABLES = ("ledger_transfer", "audit_entry", "audit_seal")

#: Tables that have a supplier and no wall, and why.
OPEN_TABLES = {
    "people_staffrole": "Who works where is known before there is a wall, and who loses one role may keep another.",
}

#: Tables that the office has no rights on at all: what lets a person in.
CLOSED_TO_OFFICE = (
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "people_devicecode",
    "people_emailchange",
    "people_knowndevice",
    "people_passwordreset",
    "people_registration",
    "people_signincounter",
    "people_usedanswer",
)
