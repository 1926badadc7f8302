"""Post the transfers of very many documents at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from kabinet.common.db import transaction_required
from kabinet.common.month import Month

_OPEN_BOOKS = """
    WITH movement AS MATERIALIZED ({movements})
    INSERT INTO ledger_book (supplier_id, kind, account_id, service_id, key)
    SELECT %(supplier_id)s, 'customer', wanted.account_id, wanted.service_id, ''
    FROM (SELECT DISTINCT account_id, service_id FROM movement) AS wanted
    WHERE NOT EXISTS (
        SELECT FROM ledger_book AS book
        WHERE book.supplier_id = %(supplier_id)s AND book.kind = 'customer'
          AND book.account_id = wanted.account_id AND book.service_id = wanted.service_id
    )
    UNION ALL
    SELECT %(supplier_id)s, wanted.own_book, NULL, NULL, ''
    FROM (SELECT DISTINCT own_book FROM movement) AS wanted
    WHERE NOT EXISTS (
        SELECT FROM ledger_book AS book
        WHERE book.supplier_id = %(supplier_id)s AND book.kind = wanted.own_book AND book.key = ''
          AND book.kind <> 'customer'
    )
    ON CONFLICT DO NOTHING
"""

_POST = """
    WITH movement AS MATERIALIZED (
        SELECT movement.*, customers.id AS customer_book_id, own.id AS own_book_id
        FROM ({movements}) AS movement
        JOIN ledger_book AS customers
          ON customers.supplier_id = %(supplier_id)s AND customers.kind = 'customer'
         AND customers.account_id = movement.account_id AND customers.service_id = movement.service_id
        JOIN ledger_book AS own
          ON own.supplier_id = %(supplier_id)s AND own.kind = movement.own_book AND own.key = ''
         AND own.kind <> 'customer'  -- else the planner may read all customers' books for each movement
    ), posted AS (
        INSERT INTO ledger_transfer (
            supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on,
            source_kind, source_id, line_no, posted_at
        )
        SELECT %(supplier_id)s,
               CASE WHEN amount_rub > 0 THEN customer_book_id ELSE own_book_id END,
               CASE WHEN amount_rub > 0 THEN own_book_id ELSE customer_book_id END,
               abs(amount_rub), kind, period, occurred_on, %(source_kind)s, source_id, 1, %(now)s
        FROM movement
        ORDER BY customer_book_id, source_id
        RETURNING 1
    ), changed AS (
        INSERT INTO ledger_bookbalance AS balance (supplier_id, book_id, balance_rub)
        SELECT %(supplier_id)s, customer_book_id, sum(amount_rub) FROM movement
        GROUP BY customer_book_id
        ORDER BY customer_book_id
        ON CONFLICT (supplier_id, book_id) DO UPDATE SET balance_rub = balance.balance_rub + excluded.balance_rub
    )
    SELECT count(*) FROM posted
"""


_REVERSE = """
    WITH original AS MATERIALIZED (
        SELECT transfer.* FROM ledger_transfer AS transfer
        WHERE transfer.supplier_id = %(supplier_id)s AND transfer.source_kind = %(source_kind)s
          AND transfer.source_id = ANY(%(source_ids)s)
    ), posted AS (
        INSERT INTO ledger_transfer (
            supplier_id, debit_book_id, credit_book_id, amount_rub, kind, period, occurred_on, source_kind, source_id,
            line_no, reverses_id, posted_at
        )
        SELECT supplier_id, credit_book_id, debit_book_id, amount_rub, 'reversal', %(period)s, %(on)s,
               %(source_kind)s || '_undone', source_id, line_no, id, %(now)s
        FROM original
        ORDER BY id
        RETURNING supplier_id, debit_book_id, credit_book_id, amount_rub
    ), changed AS (
        INSERT INTO ledger_bookbalance AS balance (supplier_id, book_id, balance_rub)
        SELECT change.supplier_id, change.book_id, sum(change.amount_rub)
        FROM (
            SELECT supplier_id, debit_book_id AS book_id, amount_rub FROM posted
            UNION ALL
            SELECT supplier_id, credit_book_id, -amount_rub FROM posted
        ) AS change
        JOIN ledger_book AS book
          ON book.supplier_id = %(supplier_id)s AND book.id = change.book_id AND book.kind = 'customer'
        GROUP BY change.supplier_id, change.book_id
        ORDER BY change.book_id
        ON CONFLICT (supplier_id, book_id) DO UPDATE SET balance_rub = balance.balance_rub + excluded.balance_rub
    )
    SELECT id FROM original ORDER BY id
"""


@transaction_required
def reverse_sources(
    *, supplier_id: int, source_kind: str, source_ids: Sequence[str], on: dt.date, now: dt.datetime
) -> list[int]:
    """Reverse all transfers of some documents of one kind on a day, and give the ids of those that were reversed.

    The source of a reversal is that of its transfer, with `_undone` after its kind. A document that was reversed before
    raises IntegrityError, and then nothing is written. The caller holds the locks of the accounts concerned.
    """
    given: dict[str, Any] = {
        "supplier_id": supplier_id,
        "source_kind": source_kind,
        "source_ids": list(source_ids),
        "period": Month.of(on).first_day,
        "on": on,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REVERSE, given)
        return [transfer_id for (transfer_id,) in cursor.fetchall()]


@transaction_required
def post_selected(
    *, supplier_id: int, source_kind: str, movements: str, parameters: Mapping[str, Any], now: dt.datetime
) -> int:
    """Post one transfer for each row of a SELECT, and change the customers' balances with them; tell how many.

    Each goes between a customer's book and one of the supplier's own, which are opened where they are missing.
    A source that has posted already raises IntegrityError, and then nothing is written: whoever may come twice asks
    first. The caller holds the locks of the accounts concerned.

    movements   a SELECT of `source_id` (text), `account_id`, `service_id`, `own_book` (the kind of a supplier's book
                without a key), `amount_rub` (above zero adds to what the customer owes, never zero), `kind`, `period`
                and `occurred_on`
    parameters  what it names, other than `supplier_id`, `source_kind` and `now`
    """
    given = {**parameters, "supplier_id": supplier_id, "source_kind": source_kind, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_BOOKS.format(movements=movements), given)
        cursor.execute(_POST.format(movements=movements), given)
        [count] = cursor.fetchone()
    return int(count)
