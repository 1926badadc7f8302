"""Look up accounts by their number, and by the phone and the e-mail of those who have them in a cabinet."""

from kabinet.accounts.queries.search.lookups import MOST_SHOWN, Ids, Searched, beginning, ids
from kabinet.accounts.rules import search
from kabinet.people.rules.addresses import AddressProblem, canonical_email
from kabinet.people.rules.phones import NotAPhone, kept_phone
from kabinet.suppliers.rules import number_normalised


def by_number(typed: search.Typed, searched: Searched) -> list[Ids]:
    """Look for a number; if nobody has it, for those that end so, then for those that begin so."""
    numbers = _numbers(typed, searched)
    found = _whole(numbers, searched)
    if found or min(map(len, numbers)) < search.LEAST_OF_NUMBER:
        return found
    ending = _beginning("reverse(number)", [number[::-1] for number in numbers], searched)
    return [*ending, *_beginning("number", numbers, searched)]


def _whole(numbers: list[str], searched: Searched) -> list[Ids]:
    return ids(
        """
        SELECT account.supplier_id, account.id
        FROM unnest(%(suppliers)s::bigint[], %(numbers)s::text[]) AS wanted (supplier_id, number)
        JOIN accounts_account AS account USING (supplier_id, number)
        """,
        suppliers=searched.ids,
        numbers=numbers,
    )


def _beginning(key: str, parts: list[str], searched: Searched) -> list[Ids]:
    """Look up what begins so, in the order of the index: without one the planner would read each supplier's numbers."""
    return ids(
        f"""
        SELECT found.supplier_id, found.id
        FROM unnest(%(suppliers)s::bigint[], %(parts)s::text[]) AS wanted (supplier_id, part)
        CROSS JOIN LATERAL (
            SELECT account.supplier_id, account.id FROM accounts_account AS account
            WHERE account.supplier_id = wanted.supplier_id
              AND {key} ~>=~ wanted.part AND {key} ~<~ (wanted.part || chr(1114111))
            ORDER BY {key} USING ~<~
            LIMIT {MOST_SHOWN + 1}
        ) AS found
        """,  # noqa: S608 - of this module
        suppliers=searched.ids,
        parts=parts,
    )


def by_phone(typed: search.Typed, searched: Searched) -> list[Ids]:
    try:
        phone = kept_phone(typed.phone)
    except NotAPhone:
        return []
    return _of_cabinet("phone = %(value)s", phone, searched)


def by_email(typed: search.Typed, searched: Searched) -> list[Ids]:
    """Look for an e-mail, or for its beginning: the mailbox is whole, so that nobody is found by guessing."""
    try:
        wanted = canonical_email(typed.email)
    except AddressProblem:
        wanted = search.email_beginning(typed.email)
    return _of_cabinet("email_canonical LIKE %(value)s", beginning(wanted), searched)


def _numbers(typed: search.Typed, searched: Searched) -> list[str]:
    return [number_normalised(typed.number, kept) for kept in searched.kept.values()]


def _of_cabinet(condition: str, value: str, searched: Searched) -> list[Ids]:
    return ids(
        f"""
        SELECT access.supplier_id, access.account_id
        FROM people_user JOIN accounts_accountaccess AS access ON access.user_id = people_user.id
        WHERE people_user.{condition} AND access.supplier_id = ANY(%(suppliers)s)
        """,  # noqa: S608 - one of the two conditions above
        value=value,
        suppliers=searched.ids,
    )
