"""Where charges do not agree with what has settled them."""

from django.db import connection

from kabinet.ledger.queries import Difference


def differences() -> list[Difference]:
    """List charges that are not settled by exactly their allocations, and credits that settle more than they are.

    One statement over both sides, since it reads every charge there is; see LEDGER_CHECKS.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH settled AS (
                SELECT supplier_id, charge_id, sum(amount_rub) AS amount_rub FROM charges_allocation GROUP BY 1, 2
            ), used AS (
                SELECT supplier_id, transfer_id, amount_rub FROM charges_allocation
                UNION ALL
                SELECT supplier_id, transfer_id, amount_rub FROM charges_creditreturn
            ), used_of_credit AS (
                SELECT supplier_id, transfer_id, sum(amount_rub) AS amount_rub FROM used GROUP BY 1, 2
            )
            SELECT 'settled', charge.supplier_id, 'charge:' || charge.id, charge.settled_rub,
                   coalesce(settled.amount_rub, 0)
            FROM charges_charge AS charge
            LEFT JOIN settled ON settled.supplier_id = charge.supplier_id AND settled.charge_id = charge.id
            WHERE charge.settled_rub <> coalesce(settled.amount_rub, 0)
            UNION ALL
            SELECT 'credit used beyond itself', used.supplier_id, 'transfer:' || used.transfer_id,
                   transfer.amount_rub, used.amount_rub
            FROM used_of_credit AS used
            JOIN ledger_transfer AS transfer
                ON transfer.supplier_id = used.supplier_id AND transfer.id = used.transfer_id
            WHERE used.amount_rub > transfer.amount_rub
            ORDER BY 1, 2, 3
            """
        )
        return [Difference(*row) for row in cursor.fetchall()]
