"""Where charges do not agree with the ledger, or with what has settled them."""

from django.db import connection

from kabinet.charges.queries.unpaid import CHARGE_SOURCE
from kabinet.ledger.queries import Difference

# One statement over both sides, since it reads every allocation there is.
_SETTLED = """
    WITH settled AS (
        SELECT supplier_id, charge_id, sum(amount_rub) AS amount_rub FROM charges_allocation GROUP BY 1, 2
    ), used AS (
        SELECT supplier_id, transfer_id, amount_rub FROM charges_allocation
        UNION ALL
        SELECT supplier_id, transfer_id, amount_rub FROM charges_creditreturn
    ), used_of_credit AS (
        SELECT supplier_id, transfer_id, sum(amount_rub) AS amount_rub FROM used GROUP BY 1, 2
    )
    SELECT 'settled', charge.supplier_id, 'charge:' || charge.id, charge.settled_rub, coalesce(settled.amount_rub, 0)
    FROM charges_charge AS charge
    LEFT JOIN settled ON settled.supplier_id = charge.supplier_id AND settled.charge_id = charge.id
    WHERE charge.settled_rub <> coalesce(settled.amount_rub, 0)
    UNION ALL
    SELECT 'credit used beyond itself', used.supplier_id, 'transfer:' || used.transfer_id,
           transfer.amount_rub, used.amount_rub
    FROM used_of_credit AS used
    JOIN ledger_transfer AS transfer ON transfer.supplier_id = used.supplier_id AND transfer.id = used.transfer_id
    WHERE used.amount_rub > transfer.amount_rub
    ORDER BY 1, 2, 3
"""

# Joined on plain equality, so that millions are hashed and not looked up one by one. A charge has one transfer: a
# second line of the same source fits no charge.
_POSTED = """
    WITH posted AS (
        SELECT transfer.supplier_id, transfer.source_id::bigint AS charge_id, transfer.line_no,
               coalesce(debit.account_id, credit.account_id) AS account_id,
               coalesce(debit.service_id, credit.service_id) AS service_id,
               CASE WHEN debit.id IS NULL THEN -transfer.amount_rub ELSE transfer.amount_rub END AS amount_rub
        FROM ledger_transfer AS transfer
        LEFT JOIN ledger_book AS debit ON debit.supplier_id = transfer.supplier_id
            AND debit.id = transfer.debit_book_id AND debit.kind = 'customer'
        LEFT JOIN ledger_book AS credit ON credit.supplier_id = transfer.supplier_id
            AND credit.id = transfer.credit_book_id AND credit.kind = 'customer'
        WHERE transfer.source_kind = %s
    ), charge AS (
        SELECT supplier_id, id AS charge_id, 1 AS line_no, account_id, service_id, amount_rub
        FROM charges_charge WHERE amount_rub <> 0
    )
    SELECT 'charge in the ledger', supplier_id, 'charge:' || charge_id, charge.amount_rub, posted.amount_rub
    FROM charge FULL JOIN posted USING (supplier_id, charge_id, line_no)
    WHERE charge.amount_rub IS DISTINCT FROM posted.amount_rub
       OR charge.account_id <> posted.account_id OR charge.service_id <> posted.service_id
    ORDER BY 2, 3
"""


def differences() -> list[Difference]:
    """List charges that stand in the ledger otherwise than they are, or are settled by other than their allocations.

    And credits that settle more than they are. See LEDGER_CHECKS.
    """
    with connection.cursor() as cursor:
        rows = [*cursor.execute(_SETTLED).fetchall(), *cursor.execute(_POSTED, [CHARGE_SOURCE]).fetchall()]
    return [Difference(*row) for row in rows]
