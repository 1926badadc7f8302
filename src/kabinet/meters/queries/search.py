"""Find customers by all that they may say, the serial number of their meter among it."""

from django.db import connection

from kabinet.accounts.queries.search import MOST_SHOWN, Found, Ids, Searched, find_accounts
from kabinet.accounts.rules.keyboards import CYRILLIC_ALIKE, LATIN_ALIKE
from kabinet.accounts.rules.search import Typed
from kabinet.people.models import User


def find_customers(text: str, *, visible_to: User) -> Found:
    """Find accounts by number, surname, address, meter, phone or e-mail: whatever the text may be."""
    return find_accounts(text, visible_to=visible_to, by_meter=_by_meter)


def _by_meter(typed: Typed, searched: Searched) -> list[Ids]:
    """Look for meters whose serial number holds what was typed, those that stand before those that were removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT supplier_id, account_id FROM meters_meter
            WHERE translate(upper(serial_number), %s, %s) LIKE %s AND supplier_id = ANY(%s)
            LIMIT %s
            """,
            [f"{LATIN_ALIKE} -./№", CYRILLIC_ALIKE, f"%{typed.serial}%", searched.ids, MOST_SHOWN + 1],
        )
        return cursor.fetchall()
