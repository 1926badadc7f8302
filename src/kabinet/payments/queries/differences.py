"""Compare payments with the ledger: what their state says against what was posted."""

from django.db import connection

from kabinet.ledger.queries import Difference


def differences() -> list[Difference]:
    """List payments whose transfers are not exactly what their state says; see LEDGER_CHECKS.

    A paid one has transfers of its amount and shares of what the account gets; one in suspense has transfers of what
    came; any other has none. One statement over both tables, since it reads every payment there is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH posted AS (
                SELECT supplier_id, source_kind, source_id, sum(amount_rub) AS amount_rub
                FROM ledger_transfer WHERE source_kind IN ('payment', 'payment_suspense') GROUP BY 1, 2, 3
            ), shared AS (
                SELECT supplier_id, payment_id, sum(amount_rub) AS amount_rub FROM payments_paymentshare GROUP BY 1, 2
            )
            SELECT 'payment', payment.supplier_id, payment.id,
                   CASE payment.state WHEN 'paid' THEN payment.amount_rub END, posted.amount_rub
            FROM payments_payment AS payment
            LEFT JOIN posted ON posted.supplier_id = payment.supplier_id AND posted.source_kind = 'payment'
                AND posted.source_id = payment.public_id::text
            WHERE CASE payment.state WHEN 'paid' THEN payment.amount_rub END IS DISTINCT FROM posted.amount_rub
            UNION ALL
            SELECT 'payment in suspense', payment.supplier_id, payment.id, payment.suspended_rub, posted.amount_rub
            FROM payments_payment AS payment
            LEFT JOIN posted ON posted.supplier_id = payment.supplier_id AND posted.source_kind = 'payment_suspense'
                AND posted.source_id = payment.public_id::text
            WHERE payment.suspended_rub IS DISTINCT FROM posted.amount_rub
            UNION ALL
            SELECT 'shares', payment.supplier_id, payment.id, payment.shared_rub, shared.amount_rub
            FROM payments_payment AS payment
            LEFT JOIN shared ON shared.supplier_id = payment.supplier_id AND shared.payment_id = payment.id
            WHERE payment.shared_rub IS DISTINCT FROM shared.amount_rub
            ORDER BY 1, 2, 3
            """
        )
        return [
            Difference(what, supplier_id, f"payment:{payment_id}", stored_rub, computed_rub)
            for what, supplier_id, payment_id, stored_rub, computed_rub in cursor.fetchall()
        ]
