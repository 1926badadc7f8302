"""Find customers by what they say: number, name, address, phone, e-mail of their cabinet (docs/adr/0176).

Candidates are looked up outside of the wall, by indexes that name the supplier; their rows are read behind it. A search
costs a few look-ups in an index, whatever the size of the world: nothing here reads more than it shows, and who is only
like what was typed is looked for when few are found.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import rules
from kabinet.accounts.models import Account
from kabinet.accounts.rules import search
from kabinet.common.wall import outside_wall
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights
from kabinet.people.rules.addresses import AddressProblem, canonical_email
from kabinet.people.rules.phones import NotAPhone, kept_phone
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.rules import number_normalised

MOST_SHOWN = 30
#: So many addresses with a house's number and a street's first letters are compared with a misspelt one.
_MOST_COMPARED = 300

BY_NUMBER, BY_METER, BY_PHONE = _("по номеру счёта"), _("по счётчику"), _("по телефону кабинета")
BY_EMAIL, BY_NAME, BY_ADDRESS = _("по почте кабинета"), _("по фамилии"), _("по адресу")
BY_LIKENESS = _("похожая фамилия")
#: When so many are found, nobody looks for those whose name is only like what was typed.
FEW = 5

Ids = tuple[int, int]
"""Supplier and account."""


@dataclass(frozen=True)
class Searched:
    """The suppliers that a search goes through: names and forms of numbers."""

    names: dict[int, str]
    kept: dict[int, str]

    @property
    def ids(self) -> list[int]:
        return list(self.names)


@dataclass(frozen=True)
class FoundAccount:
    """An account that was found. found_by says how, in words."""

    supplier_id: int
    id: int
    number: str
    supplier_name: str
    payer_name: str
    address: str
    is_closed: bool
    found_by: str


@dataclass(frozen=True)
class Found:
    """What was found, best first. is_cut: there is more."""

    accounts: list[FoundAccount]
    is_cut: bool


Search = Callable[[search.Typed, Searched], Iterable[Ids]]


def find_accounts(text: str, *, visible_to: User, by_meter: Search) -> Found:
    """Find accounts at the suppliers whose customers a member of staff sees.

    by_meter  finds them by the serial number of a meter, which is not for this app to know
    """
    searched = _searched(suppliers_with_right(visible_to, rights.SEE_CUSTOMERS))
    typed = search.read(text)
    candidates: dict[Ids, str] = {}
    with outside_wall():
        for how, find in _searches(typed, by_meter) if searched.names else ():
            if how is BY_LIKENESS and len(candidates) >= FEW:
                break
            for ids in find(typed, searched):
                candidates.setdefault(ids, str(how))
    accounts = _accounts(candidates, searched, typed)
    return Found(accounts[:MOST_SHOWN], len(accounts) > MOST_SHOWN)


def _searched(supplier_ids: list[int] | None) -> Searched:
    suppliers = Supplier.objects.order_by("id").values_list("id", "name", "number_kept")
    if supplier_ids is not None:
        suppliers = suppliers.filter(id__in=supplier_ids)
    rows = list(suppliers)
    return Searched({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


def _searches(typed: search.Typed, by_meter: Search) -> list[tuple[Any, Search]]:
    """Give what the text calls for, the surest first."""
    wanted = [
        (typed.number, BY_NUMBER, _by_number),
        (typed.serial, BY_METER, by_meter),
        (typed.phone, BY_PHONE, _by_phone),
        (typed.email, BY_EMAIL, _by_email),
        (typed.name, BY_NAME, _by_name),
        (typed.place, BY_ADDRESS, _by_address),
        (typed.name, BY_LIKENESS, _by_likeness),
    ]
    return [(how, find) for given, how, find in wanted if given]


# --- Candidates -------------------------------------------------------------------------------------------------------


def _ids(statement: str, **values: Any) -> list[Ids]:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {MOST_SHOWN + 1}", values)  # statements of this module only
        return cursor.fetchall()


def _by_number(typed: search.Typed, searched: Searched) -> list[Ids]:
    return _ids(
        """
        SELECT account.supplier_id, account.id
        FROM unnest(%(suppliers)s::bigint[], %(numbers)s::text[]) AS wanted (supplier_id, number)
        JOIN accounts_account AS account USING (supplier_id, number)
        """,
        suppliers=searched.ids,
        numbers=[number_normalised(typed.number, kept) for kept in searched.kept.values()],
    )


def _by_phone(typed: search.Typed, searched: Searched) -> list[Ids]:
    try:
        phone = kept_phone(typed.phone)
    except NotAPhone:
        return []
    return _of_cabinet("phone", phone, searched)


def _by_email(typed: search.Typed, searched: Searched) -> list[Ids]:
    try:
        email = canonical_email(typed.email)
    except AddressProblem:
        return []
    return _of_cabinet("email_canonical", email, searched)


def _of_cabinet(column: str, value: str, searched: Searched) -> list[Ids]:
    return _ids(
        f"""
        SELECT access.supplier_id, access.account_id
        FROM people_user JOIN accounts_accountaccess AS access ON access.user_id = people_user.id
        WHERE people_user.{column} = %(value)s AND access.supplier_id = ANY(%(suppliers)s)
        """,  # noqa: S608 - one of the two columns above
        value=value,
        suppliers=searched.ids,
    )


def _by_name(typed: search.Typed, searched: Searched) -> list[Ids]:
    """Look for a surname as it sounds."""
    for surname, *others in _orders(typed.name):
        if found := _named([search.surname_key(surname)], others, searched):
            return found
    return []


def _by_likeness(typed: search.Typed, searched: Searched) -> list[Ids]:
    """Look for a surname that is a slip away; if nobody has one, for what begins so."""
    for surname, *others in _orders(typed.name):
        key = search.surname_key(surname)
        if found := _named(search.near(key), others, searched) or _named_from(key, others, searched):
            return found
    return []


def _orders(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Put the surname first: it is the first word or, as people introduce themselves, the last."""
    return [words] if len(words) == 1 else [words, (words[-1], *words[:-1])]


def _named(keys: list[str], others: list[str], searched: Searched) -> list[Ids]:
    return _payers("public.accounts_surname_key(surname) = ANY(%(keys)s)", others, searched, keys=keys)


def _named_from(key: str, others: list[str], searched: Searched) -> list[Ids]:
    return _payers("public.accounts_surname_key(surname) LIKE %(beginning)s", others, searched, beginning=f"{key}%")


def _payers(condition: str, others: list[str], searched: Searched, **values: Any) -> list[Ids]:
    """others: the given name and the patronymic, or how they begin."""
    for column, word in zip(("given_name", "patronymic"), others, strict=False):
        condition += f" AND public.accounts_sound({column}) LIKE %({column})s"
        values[column] = f"{search.sound(word)}%"
    return _ids(
        f"SELECT supplier_id, id FROM accounts_account WHERE {condition} AND supplier_id = ANY(%(suppliers)s)",  # noqa: S608 - of this module
        suppliers=searched.ids,
        **values,
    )


# --- Addresses --------------------------------------------------------------------------------------------------------


def _by_address(typed: search.Typed, searched: Searched) -> list[Ids]:
    """Look for an address as it sounds; if there is none, for one whose words begin so, or are a slip away."""
    place = typed.place
    assert place is not None  # noqa: S101 - only then is it asked for
    if found := [(row[0], row[1]) for row in _at(_place_query(place, searched.ids, _exactly), MOST_SHOWN + 1)]:
        return found
    if not place.numbers:
        return [(row[0], row[1]) for row in _at(_place_query(place, searched.ids, _from_beginnings), MOST_SHOWN + 1)]
    compared = _at(_place_query(place, searched.ids, _from_first_letters), _MOST_COMPARED)
    return [(supplier_id, account_id) for supplier_id, account_id, *parts in compared if _is_about(place, parts)]


def _at(query: str, most: int) -> list[Any]:
    """Give accounts whose keys fit, with town and street."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT supplier_id, id, locality, street_address FROM accounts_account
            WHERE public.accounts_place_keys(supplier_id, locality, street_address, flat) @@ %s::tsquery
            LIMIT %s
            """,
            [query, most],
        )
        return cursor.fetchall()


Terms = Callable[[search.Place, int], list[list[str]]]


def _place_query(place: search.Place, supplier_ids: Collection[int], terms: Terms) -> str:
    """Write a query of the index: at one of the suppliers each of its terms, in one of its forms."""
    return " | ".join(
        "(" + " & ".join(f"({' | '.join(forms)})" for forms in terms(place, supplier_id)) + ")"
        for supplier_id in supplier_ids
    )


def _exactly(place: search.Place, supplier_id: int) -> list[list[str]]:
    words = [[_key(supplier_id, word), _key(supplier_id, f"@{word}")] for word in place.words]
    return words + _numbers(place, supplier_id, lambda number, word: _key(supplier_id, f"{number} {word}"))


def _from_first_letters(place: search.Place, supplier_id: int) -> list[list[str]]:
    def key(number: str, word: str) -> str:
        return _key(supplier_id, f"{number.rstrip(_LETTERS)} {word[:2]}") + ":*"

    return _numbers(place, supplier_id, key)


def _from_beginnings(place: search.Place, supplier_id: int) -> list[list[str]]:
    """Without a house a slip is not looked for: every word that is near would have to be, and streets are long."""
    return [[_key(supplier_id, word) + (":*" if len(word) > 2 else "")] for word in place.words]


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


def _is_about(place: search.Place, parts: list[str]) -> bool:
    there = search.words_of(" ".join(parts))
    return all(any(search.is_near(word, other) for other in there) for word in place.words)


# --- Rows -------------------------------------------------------------------------------------------------------------


def _accounts(candidates: dict[Ids, str], searched: Searched, typed: search.Typed) -> list[FoundAccount]:
    """Read what was found, in its order; within one way of finding, as spelled first, then by address."""
    wanted = list(candidates)
    rows = Account.objects.filter(
        supplier_id__in={supplier_id for supplier_id, _id in wanted}, id__in=[account_id for _id, account_id in wanted]
    ).values_list(
        "supplier_id",
        "id",
        "number",
        "surname",
        "given_name",
        "patronymic",
        "locality",
        "street_address",
        "flat",
        "closed_on",
    )
    found = [_found(row, candidates, searched) for row in rows] if wanted else []
    order = {how: place for place, how in enumerate(dict.fromkeys(candidates.values()))}
    spelled = _plain(typed.name[0]) if typed.name else ""

    def place(one: FoundAccount) -> Any:
        is_as_spelled = spelled in _plain(one.payer_name)
        return order[one.found_by], one.is_closed, not is_as_spelled, _natural(one.address), one.number

    return sorted(found, key=place)


def _found(row: Any, candidates: dict[Ids, str], searched: Searched) -> FoundAccount:
    supplier_id, account_id, number, surname, given_name, patronymic, locality, street_address, flat, closed_on = row
    return FoundAccount(
        supplier_id=supplier_id,
        id=account_id,
        number=number,
        supplier_name=searched.names[supplier_id],
        payer_name=rules.payer_name(surname, given_name, patronymic, is_full=True),
        address=rules.place(locality, street_address, flat, is_full=True),
        is_closed=closed_on is not None,
        found_by=candidates[supplier_id, account_id],
    )


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")


def _natural(text: str) -> list[tuple[int, str]]:
    """Sort houses and flats as numbers: 9 before 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", text)]
