"""Read the audit trail: what was done, and whether anybody has touched what is written of it."""

from kabinet.audit.queries.chain import broken_seals, entries_between, has_seal, latest_seal
from kabinet.audit.queries.trail import EntryRow, Person, TrailFilter, history_of, is_noted, people_of, trail
from kabinet.audit.queries.words import ACTIONS

__all__ = [
    "ACTIONS",
    "EntryRow",
    "Person",
    "TrailFilter",
    "broken_seals",
    "entries_between",
    "has_seal",
    "history_of",
    "is_noted",
    "latest_seal",
    "people_of",
    "trail",
]
