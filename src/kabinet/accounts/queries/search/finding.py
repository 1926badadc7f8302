"""Read what was typed, look it up in each way that it may be meant, and give what was found in order.

Candidates are looked up outside of the wall, by indexes that name the supplier; their rows are read behind it. A search
costs a few look-ups in an index, whatever the size of the world: nothing here reads more than it shows, and who is only
like what was typed is looked for when few are found.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import rules
from kabinet.accounts.models import Account
from kabinet.accounts.queries.search.lookups import MOST_SHOWN, Ids, Searched
from kabinet.accounts.queries.search.names import by_likeness, by_name
from kabinet.accounts.queries.search.numbers import by_email, by_number, by_phone
from kabinet.accounts.queries.search.places import by_address
from kabinet.accounts.rules import search
from kabinet.common.wall import outside_wall
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier

BY_NUMBER, BY_METER, BY_PHONE = _("по номеру счёта"), _("по счётчику"), _("по телефону кабинета")
BY_EMAIL, BY_NAME, BY_ADDRESS = _("по почте кабинета"), _("по фамилии"), _("по адресу")
BY_LIKENESS = _("похожая фамилия")
#: When so many are found, nobody looks for those whose name is only like what was typed.
FEW = 5


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
    for typed in search.readings(text) if searched.names else ():
        if candidates := _candidates(typed, searched, by_meter):
            accounts = _accounts(candidates, searched, typed)
            return Found(accounts[:MOST_SHOWN], len(accounts) > MOST_SHOWN)
    return Found([], is_cut=False)


def _searched(supplier_ids: list[int] | None) -> Searched:
    suppliers = Supplier.objects.order_by("id").values_list("id", "name", "number_kept")
    if supplier_ids is not None:
        suppliers = suppliers.filter(id__in=supplier_ids)
    rows = list(suppliers)
    return Searched({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


def _candidates(typed: search.Typed, searched: Searched, by_meter: Search) -> dict[Ids, str]:
    """Look up all that a text may be, the surest first, and say how each account was found."""
    wanted: list[tuple[Any, Any, Search]] = [
        (typed.number, BY_NUMBER, by_number),
        (typed.serial, BY_METER, by_meter),
        (typed.phone, BY_PHONE, by_phone),
        (typed.email, BY_EMAIL, by_email),
        (typed.name, BY_NAME, by_name),
        (typed.place, BY_ADDRESS, by_address),
        (typed.name, BY_LIKENESS, by_likeness),
    ]
    candidates: dict[Ids, str] = {}
    with outside_wall():
        for given, how, find in wanted:
            if not given or (how is BY_LIKENESS and len(candidates) >= FEW):
                continue
            for ids in find(typed, searched):
                candidates.setdefault(ids, str(how))
    return candidates


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
