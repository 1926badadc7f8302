"""How a supplier's file is written, as data: a profile. Others import the names from here.

A profile is kept as JSON, edited on a screen, and copied into each register that was read by it.
"""

from kabinet.registers.formats.profile.parts import (
    CONTAINERS,
    DBF,
    KOPECKS,
    LONGEST_WORD,
    MOST_COLUMNS,
    MOST_SKIPPED,
    NAMED,
    ONE_C,
    QUOTES,
    REFUSE,
    ROUBLES,
    SUM,
    TEXT,
    TYPED,
    XLSX,
    Column,
    Footer,
    Only,
    Part,
    ProfileInvalid,
    fields_of,
)
from kabinet.registers.formats.profile.whole import Profile

__all__ = [
    "CONTAINERS",
    "DBF",
    "KOPECKS",
    "LONGEST_WORD",
    "MOST_COLUMNS",
    "MOST_SKIPPED",
    "NAMED",
    "ONE_C",
    "QUOTES",
    "REFUSE",
    "ROUBLES",
    "SUM",
    "TEXT",
    "TYPED",
    "XLSX",
    "Column",
    "Footer",
    "Only",
    "Part",
    "Profile",
    "ProfileInvalid",
    "fields_of",
]
