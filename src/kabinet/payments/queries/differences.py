"""Compare the documents of payments with the ledger, and their sums with each other; see LEDGER_CHECKS.

Each statement is one thought and gives rows of (what, supplier, subject, what is stored, what it should be by the
other side); no row means that it holds. They read every row there is, so they are written in SQL. The statements are
constants: nothing is ever put into their text but other constants of this file.
"""

from django.db import connection

from kabinet.ledger.queries import Difference

#: Every document that posts, by its source in the ledger, with the sum of its transfers; null: it must have none.
_DOCUMENTS = """
    document AS (
        SELECT supplier_id, 'payment' AS source_kind, public_id::text AS source_id, 'payment:' || id AS subject,
               CASE state WHEN 'paid' THEN amount_rub END AS amount_rub
        FROM payments_payment
        UNION ALL
        SELECT supplier_id, 'payment_suspense', public_id::text, 'payment:' || id, suspended_rub FROM payments_payment
        UNION ALL
        SELECT supplier_id, 'refund', public_id::text, 'refund:' || id, CASE state WHEN 'done' THEN amount_rub END
        FROM payments_refund
        UNION ALL
        SELECT supplier_id, 'chargeback', id::text, 'chargeback:' || id, amount_rub FROM payments_chargeback
        UNION ALL
        SELECT sum.supplier_id, 'suspended_sum', shop.shop_id || ':' || sum.gateway_payment_id,
               'suspended_sum:' || sum.id, sum.amount_rub
        FROM payments_suspendedsum AS sum
        JOIN payments_shop AS shop ON shop.supplier_id = sum.supplier_id AND shop.id = sum.shop_id
        WHERE sum.payment_id IS NULL
        UNION ALL
        SELECT supplier_id, 'suspense_allocation', id::text, 'suspense_allocation:' || id, amount_rub
        FROM payments_suspenseallocation
        UNION ALL
        SELECT supplier_id, 'payout', id::text, 'payout:' || id, amount_rub + fee_rub FROM payments_payout
    )
"""

_SOURCE_KINDS = (
    "('payment', 'payment_suspense', 'refund', 'chargeback', 'suspended_sum', 'suspense_allocation', 'payout')"
)

#: I2: each document has exactly one set, of its sum; what has no document has none.
_SETS = f"""
    WITH {_DOCUMENTS}, posted AS (
        SELECT supplier_id, source_kind, source_id, sum(amount_rub) AS amount_rub
        FROM ledger_transfer WHERE source_kind IN {_SOURCE_KINDS} GROUP BY 1, 2, 3
    )
    SELECT source_kind, supplier_id, coalesce(document.subject, source_kind || ':' || source_id),
           document.amount_rub, posted.amount_rub
    FROM document FULL JOIN posted USING (supplier_id, source_kind, source_id)
    WHERE document.amount_rub IS DISTINCT FROM posted.amount_rub
"""  # noqa: S608 - constants of this file

#: I1: what each document puts onto (above zero) and off each book is what its shares and its shop say. Money from
#: suspense is spread over services when it is posted, so it is compared by account.
_BOOKS = f"""
    WITH {_DOCUMENTS}, share AS (
        SELECT share.supplier_id, share.id, share.account_id, share.service_id, share.amount_rub,
               payment.public_id, payment.state
        FROM payments_paymentshare AS share
        JOIN payments_payment AS payment
            ON payment.supplier_id = share.supplier_id AND payment.id = share.payment_id
    ), leg AS (
        SELECT supplier_id, 'payment' AS source_kind, public_id::text AS source_id, 'customer' AS book,
               account_id, service_id, -amount_rub AS amount_rub
        FROM share WHERE state = 'paid'
        UNION ALL
        SELECT supplier_id, 'payment', public_id::text, 'fees', 0, 0, -commission_rub
        FROM payments_payment WHERE state = 'paid'
        UNION ALL
        SELECT refund.supplier_id, 'refund', refund.public_id::text, 'customer', share.account_id, share.service_id,
               part.amount_rub
        FROM payments_refundshare AS part
        JOIN payments_refund AS refund ON refund.supplier_id = part.supplier_id AND refund.id = part.refund_id
        JOIN share ON share.supplier_id = part.supplier_id AND share.id = part.share_id
        WHERE refund.state = 'done'
        UNION ALL
        SELECT supplier_id, 'refund', public_id::text, 'fees', 0, 0, commission_rub
        FROM payments_refund WHERE state = 'done'
        UNION ALL
        SELECT supplier_id, 'refund', public_id::text, 'suspense', 0, 0, amount_rub
        FROM payments_refund WHERE state = 'done' AND suspended_sum_id IS NOT NULL
        UNION ALL
        SELECT chargeback.supplier_id, 'chargeback', chargeback.id::text, 'customer', share.account_id,
               share.service_id, part.amount_rub
        FROM payments_chargebackshare AS part
        JOIN payments_chargeback AS chargeback
            ON chargeback.supplier_id = part.supplier_id AND chargeback.id = part.chargeback_id
        JOIN share ON share.supplier_id = part.supplier_id AND share.id = part.share_id
        UNION ALL
        SELECT supplier_id, 'chargeback', id::text, 'fees', 0, 0, commission_rub FROM payments_chargeback
        UNION ALL
        SELECT supplier_id, 'chargeback', id::text, 'suspense', 0, 0, unshared_rub FROM payments_chargeback
        UNION ALL
        SELECT supplier_id, 'payment_suspense', public_id::text, 'suspense', 0, 0, -suspended_rub
        FROM payments_payment WHERE suspended_rub IS NOT NULL
        UNION ALL
        SELECT supplier_id, source_kind, source_id, 'suspense', 0, 0, -amount_rub
        FROM document WHERE source_kind = 'suspended_sum'
        UNION ALL
        SELECT supplier_id, 'suspense_allocation', id::text, 'suspense', 0, 0, amount_rub
        FROM payments_suspenseallocation
        UNION ALL
        SELECT supplier_id, 'suspense_allocation', id::text, 'customer', account_id, 0, -amount_rub
        FROM payments_suspenseallocation
        UNION ALL
        SELECT supplier_id, 'payout', id::text, 'bank', 0, 0, amount_rub FROM payments_payout
        UNION ALL
        SELECT supplier_id, 'payout', id::text, 'fees', 0, 0, fee_rub FROM payments_payout
    ), asked AS (
        SELECT supplier_id, source_kind, source_id, book, account_id, service_id, sum(amount_rub) AS amount_rub
        FROM leg GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(amount_rub) <> 0
    ), moved AS (
        SELECT supplier_id, source_kind, source_id, debit_book_id AS book_id, amount_rub FROM ledger_transfer
        WHERE source_kind IN {_SOURCE_KINDS}
        UNION ALL
        SELECT supplier_id, source_kind, source_id, credit_book_id, -amount_rub FROM ledger_transfer
        WHERE source_kind IN {_SOURCE_KINDS}
    ), posted AS (
        SELECT moved.supplier_id, moved.source_kind, moved.source_id, book.kind AS book,
               coalesce(book.account_id, 0) AS account_id,
               CASE moved.source_kind WHEN 'suspense_allocation' THEN 0 ELSE coalesce(book.service_id, 0) END
                   AS service_id,
               sum(moved.amount_rub) AS amount_rub
        FROM moved JOIN ledger_book AS book ON book.supplier_id = moved.supplier_id AND book.id = moved.book_id
        WHERE book.kind <> 'clearing'
        GROUP BY 1, 2, 3, 4, 5, 6
    )
    SELECT source_kind || ' on ' || book, supplier_id, coalesce(document.subject, source_kind || ':' || source_id),
           asked.amount_rub, posted.amount_rub
    FROM asked FULL JOIN posted USING (supplier_id, source_kind, source_id, book, account_id, service_id)
    LEFT JOIN document USING (supplier_id, source_kind, source_id)
    WHERE asked.amount_rub IS DISTINCT FROM posted.amount_rub
"""  # noqa: S608 - constants of this file

#: The other side of every set is the clearing book of the shop that the money went through, and no other.
_CLEARING = f"""
    WITH shop_of AS (
        SELECT supplier_id, 'payment' AS source_kind, public_id::text AS source_id, shop_id FROM payments_payment
        UNION ALL SELECT supplier_id, 'payment_suspense', public_id::text, shop_id FROM payments_payment
        UNION ALL SELECT supplier_id, 'refund', public_id::text, shop_id FROM payments_refund
        UNION ALL SELECT supplier_id, 'chargeback', id::text, shop_id FROM payments_chargeback
        UNION ALL SELECT supplier_id, 'payout', id::text, shop_id FROM payments_payout
    ), moved AS (
        SELECT supplier_id, source_kind, source_id, debit_book_id AS book_id, amount_rub FROM ledger_transfer
        WHERE source_kind IN {_SOURCE_KINDS}
        UNION ALL
        SELECT supplier_id, source_kind, source_id, credit_book_id, amount_rub FROM ledger_transfer
        WHERE source_kind IN {_SOURCE_KINDS}
    )
    SELECT moved.source_kind || ' on another shop''s clearing', moved.supplier_id,
           moved.source_kind || ':' || moved.source_id, NULL, sum(moved.amount_rub)
    FROM moved
    JOIN ledger_book AS book
        ON book.supplier_id = moved.supplier_id AND book.id = moved.book_id AND book.kind = 'clearing'
    JOIN shop_of ON shop_of.supplier_id = moved.supplier_id AND shop_of.source_kind = moved.source_kind
        AND shop_of.source_id = moved.source_id
    JOIN payments_shop AS shop ON shop.supplier_id = shop_of.supplier_id AND shop.id = shop_of.shop_id
    WHERE shop.shop_id <> book.key
    GROUP BY moved.source_kind, moved.supplier_id, moved.source_id
"""  # noqa: S608 - constants of this file

_SHARES = """
    WITH shared AS (
        SELECT supplier_id, payment_id, sum(amount_rub) AS amount_rub FROM payments_paymentshare GROUP BY 1, 2
    )
    SELECT 'shares', payment.supplier_id, 'payment:' || payment.id, payment.shared_rub, shared.amount_rub
    FROM payments_payment AS payment
    LEFT JOIN shared ON shared.supplier_id = payment.supplier_id AND shared.payment_id = payment.id
    WHERE payment.shared_rub IS DISTINCT FROM shared.amount_rub
"""

_SHARES_OF_REFUNDS = """
    WITH shared AS (
        SELECT supplier_id, refund_id, sum(amount_rub) AS amount_rub FROM payments_refundshare GROUP BY 1, 2
    )
    SELECT 'shares of refund', refund.supplier_id, 'refund:' || refund.id, refund.amount_rub,
           refund.commission_rub + coalesce(shared.amount_rub, 0)
    FROM payments_refund AS refund
    LEFT JOIN shared ON shared.supplier_id = refund.supplier_id AND shared.refund_id = refund.id
    WHERE CASE WHEN refund.payment_id IS NULL THEN 0 ELSE refund.amount_rub END
        <> refund.commission_rub + coalesce(shared.amount_rub, 0)
"""

_SHARES_OF_CHARGEBACKS = """
    WITH shared AS (
        SELECT supplier_id, chargeback_id, sum(amount_rub) AS amount_rub FROM payments_chargebackshare GROUP BY 1, 2
    )
    SELECT 'shares of chargeback', chargeback.supplier_id, 'chargeback:' || chargeback.id, chargeback.amount_rub,
           chargeback.commission_rub + chargeback.unshared_rub + coalesce(shared.amount_rub, 0)
    FROM payments_chargeback AS chargeback
    LEFT JOIN shared ON shared.supplier_id = chargeback.supplier_id AND shared.chargeback_id = chargeback.id
    WHERE chargeback.amount_rub
        <> chargeback.commission_rub + chargeback.unshared_rub + coalesce(shared.amount_rub, 0)
"""

_REFUNDED = """
    WITH asked AS (
        SELECT supplier_id, payment_id, sum(amount_rub) AS amount_rub
        FROM payments_refund WHERE state <> 'failed' GROUP BY 1, 2
    )
    SELECT 'refunded', payment.supplier_id, 'payment:' || payment.id, payment.refunded_rub,
           coalesce(asked.amount_rub, 0)
    FROM payments_payment AS payment
    LEFT JOIN asked ON asked.supplier_id = payment.supplier_id AND asked.payment_id = payment.id
    WHERE payment.refunded_rub <> coalesce(asked.amount_rub, 0)
"""

_REFUNDED_OF_SHARES = """
    WITH asked AS (
        SELECT part.supplier_id, part.share_id, sum(part.amount_rub) AS amount_rub
        FROM payments_refundshare AS part
        JOIN payments_refund AS refund ON refund.supplier_id = part.supplier_id AND refund.id = part.refund_id
        WHERE refund.state <> 'failed' GROUP BY 1, 2
    )
    SELECT 'refunded of share', share.supplier_id, 'payment:' || share.payment_id, share.refunded_rub,
           coalesce(asked.amount_rub, 0)
    FROM payments_paymentshare AS share
    LEFT JOIN asked ON asked.supplier_id = share.supplier_id AND asked.share_id = share.id
    WHERE share.refunded_rub <> coalesce(asked.amount_rub, 0)
"""

_SUSPENDED = """
    WITH kept AS (
        SELECT supplier_id, payment_id, sum(amount_rub) AS amount_rub FROM payments_suspendedsum GROUP BY 1, 2
    )
    SELECT 'sums in suspense', payment.supplier_id, 'payment:' || payment.id, payment.suspended_rub, kept.amount_rub
    FROM payments_payment AS payment
    LEFT JOIN kept ON kept.supplier_id = payment.supplier_id AND kept.payment_id = payment.id
    WHERE payment.suspended_rub IS DISTINCT FROM kept.amount_rub
"""

_DECIDED = """
    WITH decision AS (
        SELECT supplier_id, suspended_sum_id, amount_rub FROM payments_suspenseallocation
        UNION ALL
        SELECT supplier_id, suspended_sum_id, amount_rub FROM payments_refund
        WHERE suspended_sum_id IS NOT NULL AND state <> 'failed'
    ), decided AS (
        SELECT supplier_id, suspended_sum_id, sum(amount_rub) AS amount_rub FROM decision GROUP BY 1, 2
    )
    SELECT 'decided', sum.supplier_id, 'suspended_sum:' || sum.id, sum.decided_rub, coalesce(decided.amount_rub, 0)
    FROM payments_suspendedsum AS sum
    LEFT JOIN decided ON decided.supplier_id = sum.supplier_id AND decided.suspended_sum_id = sum.id
    WHERE sum.decided_rub <> coalesce(decided.amount_rub, 0)
"""

#: The suspense book holds what is left of each sum, money that is on its way back, and, on the other side, what banks
#: took beyond what was left of a payment.
_SUSPENSE_BOOK = """
    WITH expected AS (
        SELECT supplier_id, decided_rub - amount_rub AS amount_rub FROM payments_suspendedsum
        UNION ALL
        SELECT supplier_id, -amount_rub FROM payments_refund
        WHERE suspended_sum_id IS NOT NULL AND state NOT IN ('failed', 'done')
        UNION ALL
        SELECT supplier_id, unshared_rub FROM payments_chargeback
    ), expected_total AS (
        SELECT supplier_id, sum(amount_rub) AS amount_rub FROM expected GROUP BY 1
    ), posted AS (
        SELECT book.supplier_id, sum(line.amount_rub) AS amount_rub
        FROM ledger_book AS book
        JOIN LATERAL (
            SELECT amount_rub FROM ledger_transfer WHERE supplier_id = book.supplier_id AND debit_book_id = book.id
            UNION ALL
            SELECT -amount_rub FROM ledger_transfer WHERE supplier_id = book.supplier_id AND credit_book_id = book.id
        ) AS line ON true
        WHERE book.kind = 'suspense' GROUP BY 1
    )
    SELECT 'suspense book', supplier_id, 'supplier:' || supplier_id, expected_total.amount_rub, posted.amount_rub
    FROM expected_total FULL JOIN posted USING (supplier_id)
    WHERE coalesce(expected_total.amount_rub, 0) <> coalesce(posted.amount_rub, 0)
"""

#: So much of a payment's transfer settles nothing any more as has gone back of its share.
_RETURNED = """
    WITH gone AS (
        SELECT part.supplier_id, part.share_id, part.amount_rub
        FROM payments_refundshare AS part
        JOIN payments_refund AS refund ON refund.supplier_id = part.supplier_id AND refund.id = part.refund_id
        WHERE refund.state = 'done'
        UNION ALL
        SELECT supplier_id, share_id, amount_rub FROM payments_chargebackshare
    ), gone_of_share AS (
        SELECT supplier_id, share_id, sum(amount_rub) AS amount_rub FROM gone GROUP BY 1, 2
    )
    SELECT 'returned', share.supplier_id, 'payment:' || share.payment_id, back.amount_rub, gone_of_share.amount_rub
    FROM payments_paymentshare AS share
    JOIN payments_payment AS payment ON payment.supplier_id = share.supplier_id AND payment.id = share.payment_id
    JOIN ledger_book AS book ON book.supplier_id = share.supplier_id AND book.account_id = share.account_id
        AND book.service_id = share.service_id
    JOIN ledger_transfer AS transfer ON transfer.supplier_id = share.supplier_id AND transfer.credit_book_id = book.id
        AND transfer.source_kind = 'payment' AND transfer.source_id = payment.public_id::text
    LEFT JOIN charges_creditreturn AS back
        ON back.supplier_id = transfer.supplier_id AND back.transfer_id = transfer.id
    LEFT JOIN gone_of_share
        ON gone_of_share.supplier_id = share.supplier_id AND gone_of_share.share_id = share.id
    WHERE back.amount_rub IS DISTINCT FROM gone_of_share.amount_rub
"""

_OF_SUMS = (
    _SHARES,
    _SHARES_OF_REFUNDS,
    _SHARES_OF_CHARGEBACKS,
    _REFUNDED,
    _REFUNDED_OF_SHARES,
    _SUSPENDED,
    _DECIDED,
    _SUSPENSE_BOOK,
    _RETURNED,
)


def differences() -> list[Difference]:
    """List each document whose transfers are not exactly what it says, and each sum that its parts do not make.

    A document that has not posted the right sum is listed once, not again for each book that it should have moved.
    """
    sets = _found(_SETS)
    known = {(found.supplier_id, found.subject) for found in sets}
    books = [found for found in _found(_BOOKS) if (found.supplier_id, found.subject) not in known]
    return [*sets, *books, *_found(_CLEARING), *(found for statement in _OF_SUMS for found in _found(statement))]


def _found(statement: str) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ORDER BY 1, 2, 3")
        return [Difference(*row) for row in cursor.fetchall()]
