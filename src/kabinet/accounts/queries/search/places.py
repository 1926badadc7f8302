"""Look up accounts by their address."""

from collections.abc import Callable, Collection
from typing import Any

from django.db import connection

from kabinet.accounts.queries.search.lookups import MOST_SHOWN, Ids, Searched
from kabinet.accounts.rules import search

#: So many addresses with a house and a street that is like the typed one are compared with all that was typed.
_MOST_COMPARED = 300


def by_address(typed: search.Typed, searched: Searched) -> list[Ids]:
    """Look for an address as it sounds; if there is none, for one whose words begin so; else are a slip away."""
    place = typed.place
    assert place is not None  # noqa: S101 - only then is it asked for
    for terms in (_exactly, _from_beginnings):
        if found := _at(_queries(place, searched.ids, terms), MOST_SHOWN + 1):
            return [(supplier_id, account_id) for supplier_id, account_id, *_parts in found]
    compared = _at(_queries(place, searched.ids, _slips(place)), _MOST_COMPARED)
    fits = place.comparison()
    return [(supplier_id, account_id) for supplier_id, account_id, *parts in compared if fits(*parts)]


def _at(queries: list[str], most: int) -> list[Any]:
    """Give accounts whose keys fit one of the queries, with town, street and flat.

    One query at a time: an index compares each word of a query with every other one of it. The planner does not see the
    words either; it would believe that one of hundreds is in every row, and read the rows instead of the index.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT found.* FROM unnest(%(queries)s::text[]) AS wanted (query)
            CROSS JOIN LATERAL (
                SELECT supplier_id, id, locality, street_address, flat FROM accounts_account
                WHERE public.accounts_place_keys(supplier_id, locality, street_address, flat) @@ wanted.query::tsquery
                LIMIT %(most)s
            ) AS found
            LIMIT %(most)s
            """,
            {"queries": queries, "most": most},
        )
        return cursor.fetchall()


Terms = Callable[[search.Place, int], list[list[str]]]


def _queries(place: search.Place, supplier_ids: Collection[int], terms: Terms) -> list[str]:
    """Write a query of the index for each supplier: each of its terms, in one of its forms."""
    return [" & ".join(f"({' | '.join(forms)})" for forms in terms(place, supplier_id)) for supplier_id in supplier_ids]


def _exactly(place: search.Place, supplier_id: int) -> list[list[str]]:
    words = [[_key(supplier_id, word), _key(supplier_id, f"@{word}")] for word in place.words]
    return words + _numbers(place, supplier_id, lambda number, word: _key(supplier_id, f"{number} {word}"))


def _from_beginnings(place: search.Place, supplier_id: int) -> list[list[str]]:
    def key(*parts: str) -> str:
        return _key(supplier_id, " ".join(parts)) + (":*" if len(parts[-1]) > 2 else "")

    if place.numbers:
        return _numbers(place, supplier_id, key)
    return [[key(word)] for word in place.words]


def _slips(place: search.Place) -> Terms:
    """With a house only that is looked up, beside any word that may be meant: the rest is compared afterwards."""
    words = place.meant()
    house = place.numbers[0].rstrip(_LETTERS) + " " if place.numbers else ""
    forms = [sorted({form for near in words for form in near})] if house else [sorted(near) for near in words]

    def terms(place: search.Place, supplier_id: int) -> list[list[str]]:
        return [[_key(supplier_id, house + form) for form in each] for each in forms]

    return terms


def _numbers(place: search.Place, supplier_id: int, key: Callable[[str, str], str]) -> list[list[str]]:
    """Say that each number stands beside one of the words; the last of several may be a flat."""
    terms = [[key(number, word) for word in place.words] for number in place.numbers]
    if place.flat:
        terms.append([_key(supplier_id, f"кв{place.flat}")])
    elif len(terms) > 1:
        terms[-1].append(_key(supplier_id, f"кв{place.numbers[-1]}"))
    return terms


_LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"


def _key(supplier_id: int, key: str) -> str:
    """Quote a key: letters, digits and a blank, by how `rules.search` reads."""
    return f"'{supplier_id} {key}'"
