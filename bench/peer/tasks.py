"""The peer's job: one GET to the gateway, then the statements that the truth about a payment cannot do without.

By hand and without the ORM: lock the account and the payment, read its share, post a transfer, change the balance,
settle a charge, store the state, the fact and the letter's job, answer the bell.
"""

from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from kabinet.payments.models import Shop
from kabinet.payments.operations import gateway_of

LOCK = """
    SELECT payment.id, payment.supplier_id, payment.public_id, share.account_id, share.amount_rub
    FROM payments_payment AS payment
    JOIN payments_paymentshare AS share
        ON share.supplier_id = payment.supplier_id AND share.payment_id = payment.id
    JOIN accounts_account AS account ON account.supplier_id = share.supplier_id AND account.id = share.account_id
    WHERE payment.shop_id = %s AND payment.gateway_payment_id = %s
    FOR UPDATE OF account, payment
"""
BOOKS = """
    SELECT (SELECT id FROM ledger_book WHERE supplier_id = %(supplier_id)s AND kind = 'customer'
                AND account_id = %(account_id)s LIMIT 1),
           (SELECT id FROM ledger_book WHERE supplier_id = %(supplier_id)s AND kind = 'revenue' LIMIT 1)
"""
POST = """
    INSERT INTO ledger_transfer (supplier_id, source_kind, source_id, line_no, debit_book_id, credit_book_id,
        amount_rub, kind, period, occurred_on, posted_at)
    VALUES (%(supplier_id)s, 'peer', %(public_id)s, 1, %(revenue)s, %(customer)s, %(amount_rub)s, 'payment',
        date_trunc('month', now())::date, now()::date, now())
"""
BALANCE = """
    UPDATE ledger_bookbalance SET balance_rub = balance_rub - %(amount_rub)s
    WHERE supplier_id = %(supplier_id)s AND book_id = %(customer)s
"""
CHARGE = """
    SELECT id, amount_rub, settled_rub FROM charges_charge
    WHERE supplier_id = %(supplier_id)s AND account_id = %(account_id)s AND settled_rub < amount_rub ORDER BY period
"""
STATE = "UPDATE payments_payment SET gateway_status = 'peer', next_check_at = NULL WHERE id = %(id)s"
FACT = """
    INSERT INTO outbox_recordedfact (id, name, payload, recorded_at)
    VALUES (gen_random_uuid(), 'peer.Settled', '{}', now())
"""


@app.task(name="peer.settle", queue="payments", priority=10)
def settle(*, shop_pk: int, object_id: str) -> None:
    gateway_of(Shop.objects.get(pk=shop_pk)).fetch(object_id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [shop_pk, object_id])
        payment_id, supplier_id, public_id, account_id, amount_rub = cursor.fetchone()
        known: dict[str, Any] = {
            "id": payment_id,
            "supplier_id": supplier_id,
            "public_id": str(public_id),
            "account_id": account_id,
            "amount_rub": amount_rub,
        }
        cursor.execute(BOOKS, known)
        known["customer"], known["revenue"] = cursor.fetchone()
        for statement in (POST, BALANCE, CHARGE, STATE, FACT):
            cursor.execute(statement, known)
        app.configure_task("peer.write").defer()


@app.task(name="peer.write", queue="letters")
def write() -> None:
    """Stand for the letter, which both have."""
