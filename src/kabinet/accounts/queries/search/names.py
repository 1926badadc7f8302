"""Look up accounts by the name of their payer."""

from typing import Any

from kabinet.accounts.queries.search.lookups import MOST_SHOWN, Ids, Searched, beginning, ids
from kabinet.accounts.rules import search
from kabinet.accounts.rules.keyboards import is_cyrillic
from kabinet.accounts.rules.sounding import near_surnames, sound, surname_key


def by_name(typed: search.Typed, searched: Searched) -> list[Ids]:
    """Look for a surname as it sounds."""
    for surname, *others in _orders(typed.name):
        if found := _payers("= %(key)s", others, searched, key=surname_key(surname)):
            return found
    return []


def by_likeness(typed: search.Typed, searched: Searched) -> list[Ids]:
    """Look for a surname that is a slip away; if nobody has one, for what begins so."""
    for surname, *others in _orders(typed.name):
        if is_cyrillic(surname) and (found := _near(surname, others, searched)):
            return found
        if found := _payers("LIKE %(key)s", others, searched, key=beginning(surname_key(surname))):
            return found
    return []


def _orders(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Put the surname first: it is the first word or, as people introduce themselves, the last."""
    return [words] if len(words) == 1 else [words, (words[-1], *words[:-1])]


def _payers(compared: str, others: list[str], searched: Searched, **values: Any) -> list[Ids]:
    narrowed, parts = _narrowed(others)
    return ids(
        f"""
        SELECT supplier_id, id FROM accounts_account
        WHERE public.accounts_surname_key(surname) {compared} {narrowed} AND supplier_id = ANY(%(suppliers)s)
        """,  # noqa: S608 - of this module
        suppliers=searched.ids,
        **values,
        **parts,
    )


def _near(surname: str, others: list[str], searched: Searched) -> list[Ids]:
    """Give one account of each surname that is near, then a second of each: a frequent one leaves room for the rest."""
    narrowed, parts = _narrowed(others)
    return ids(
        f"""
        SELECT near.supplier_id, near.id
        FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS wanted (key, place)
        CROSS JOIN LATERAL (
            SELECT supplier_id, id, row_number() OVER () AS turn FROM accounts_account
            WHERE public.accounts_surname_key(surname) = wanted.key {narrowed} AND supplier_id = ANY(%(suppliers)s)
            LIMIT {MOST_SHOWN + 1}
        ) AS near
        ORDER BY near.turn, wanted.place
        """,  # noqa: S608
        keys=near_surnames(surname),
        suppliers=searched.ids,
        **parts,
    )


def _narrowed(others: list[str]) -> tuple[str, dict[str, str]]:
    """Say how the given name and the patronymic begin, as far as they were said."""
    names = dict(zip(("given_name", "patronymic"), map(sound, others), strict=False))
    conditions = (f"AND public.accounts_sound({column}) LIKE %({column})s" for column in names)
    return " ".join(conditions), {column: beginning(name) for column, name in names.items()}
