"""Which accounts a notice is for, and how many people that is: one set of conditions for both."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from kabinet.accounts.rules import place
from kabinet.notices.rules import Audience, as_part

EXAMPLES = 5
#: What may be said of an account, by the field of an audience that asks for it.
_CONDITIONS = {
    "locality": "replace(lower(account.locality), 'ё', 'е') LIKE %(locality)s",
    "street": "replace(lower(account.street_address), 'ё', 'е') LIKE %(street)s",
    "owes_from_rub": """
        %(owes_from_rub)s <= (
            SELECT coalesce(sum(balance.balance_rub), 0) FROM ledger_book AS book
            JOIN ledger_bookbalance AS balance ON balance.supplier_id = book.supplier_id AND balance.book_id = book.id
            WHERE book.supplier_id = account.supplier_id AND book.kind = 'customer' AND book.account_id = account.id
        )""",
    "verification_until": """
        EXISTS (
            SELECT FROM meters_meter AS meter
            WHERE meter.supplier_id = account.supplier_id AND meter.account_id = account.id
                AND meter.removed_on IS NULL AND meter.verification_due_on <= %(verification_until)s
        )""",
    "unread_since": """
        EXISTS (
            SELECT FROM meters_meter AS meter
            WHERE meter.supplier_id = account.supplier_id AND meter.account_id = account.id
                AND meter.removed_on IS NULL
                AND NOT EXISTS (
                    SELECT FROM meters_reading AS reading
                    WHERE reading.supplier_id = meter.supplier_id AND reading.meter_id = meter.id
                        AND reading.account_id = account.id
                        AND reading.taken_on >= %(unread_since)s AND reading.status <> 'rejected'
                )
        )""",
}


#: The same of all accounts at once: one pass through the balances, where a look-up for each of a million takes minutes.
_DEBTORS = """
    account.id IN (
        SELECT book.account_id FROM ledger_book AS book
        JOIN ledger_bookbalance AS balance ON balance.supplier_id = book.supplier_id AND balance.book_id = book.id
        WHERE book.supplier_id = %(supplier_id)s AND book.kind = 'customer'
        GROUP BY book.account_id HAVING sum(balance.balance_rub) >= %(owes_from_rub)s
    )"""


@dataclass(frozen=True)
class Reach:
    """How far a notice would go. examples: numbers and addresses of a few accounts.

    accounts_count   open accounts that it is for
    attached_count   those of them that somebody has in a cabinet
    people_count     who has them there
    declined_count   those of them who want no letters
    """

    accounts_count: int
    attached_count: int
    people_count: int
    declined_count: int
    examples: tuple[tuple[str, str], ...]

    def letters_count(self, *, is_mandatory: bool) -> int:
        return self.people_count - (0 if is_mandatory else self.declined_count)


def reach(supplier_id: int, audience: Audience) -> Reach:
    """Count whom a notice would reach, as things are now."""
    owes = audience.owes_from_rub is not None and audience.owes_from_rub > 0
    where, values = _conditions(supplier_id, audience, owes_from_rub=_DEBTORS if owes else "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")  # a million accounts are kept in memory, not on the disk
        cursor.execute(
            f"""
            WITH wanted AS MATERIALIZED (SELECT account.id FROM accounts_account AS account WHERE {where}),
            reached AS MATERIALIZED (
                SELECT access.account_id, access.user_id FROM accounts_accountaccess AS access
                JOIN people_user AS person ON person.id = access.user_id AND person.is_active
                WHERE access.supplier_id = %(supplier_id)s AND access.account_id IN (SELECT id FROM wanted)
            )
            SELECT
                (SELECT count(*) FROM wanted),
                (SELECT count(DISTINCT account_id) FROM reached),
                (SELECT count(DISTINCT user_id) FROM reached),
                (SELECT count(*) FROM notices_lettersdeclined WHERE user_id IN (SELECT user_id FROM reached)),
                ARRAY(SELECT id FROM wanted ORDER BY id LIMIT %(examples)s)
            """,  # noqa: S608 - the conditions are those above
            values | {"examples": EXAMPLES},
        )
        accounts_count, attached_count, people_count, declined_count, example_ids = cursor.fetchone()
        cursor.execute(
            """
            SELECT number, locality, street_address, flat FROM accounts_account
            WHERE supplier_id = %s AND id = ANY(%s) ORDER BY id
            """,
            [supplier_id, example_ids],
        )
        examples = tuple((number, place(*where_it_is, is_full=True)) for number, *where_it_is in cursor.fetchall())
    return Reach(accounts_count, attached_count, people_count, declined_count, examples)


def next_accounts(supplier_id: int, audience: Audience, *, after_id: int, limit: int) -> list[int]:
    """Give ids of the next accounts that a notice is for, in their order."""
    where, values = _conditions(supplier_id, audience)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT account.id FROM accounts_account AS account
            WHERE {where} AND account.id > %(after_id)s ORDER BY account.id LIMIT %(limit)s
            """,  # noqa: S608
            {**values, "after_id": after_id, "limit": limit},
        )
        return [account_id for (account_id,) in cursor.fetchall()]


def _conditions(supplier_id: int, audience: Audience, **instead: str) -> tuple[str, dict[str, Any]]:
    """Say which accounts an audience means. instead: conditions in place of those above, by field."""
    asked = {name: value for name in _CONDITIONS if (value := getattr(audience, name)) not in ("", None)}
    values = {name: as_part(value) if isinstance(value, str) else value for name, value in asked.items()}
    own = "account.supplier_id = %(supplier_id)s AND account.closed_on IS NULL"
    conditions = [own, *(instead.get(name) or _CONDITIONS[name] for name in asked)]
    return " AND ".join(conditions), {"supplier_id": supplier_id, **values}
