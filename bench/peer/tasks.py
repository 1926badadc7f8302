"""The peer's job: one GET to the gateway, and the statements of ours by hand, without the ORM and without a thought.

One share, one charge, no commission, no cheque: the payment that is measured.
"""

from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from kabinet.payments.facts import PaymentConfirmed
from kabinet.payments.models import Shop
from kabinet.payments.operations import gateway_of

LOOK = "SELECT id, supplier_id FROM payments_payment WHERE shop_id = %(shop_pk)s AND gateway_payment_id = %(number)s"
ACCOUNTS = """
    SELECT DISTINCT account_id FROM payments_paymentshare
    WHERE supplier_id = %(supplier_id)s AND payment_id = %(payment_id)s
"""
LOCK_ACCOUNT = "SELECT * FROM accounts_account WHERE supplier_id = %(supplier_id)s AND id = %(account_id)s FOR UPDATE"
LOCK_PAYMENT = """
    SELECT payment.public_id FROM payments_payment AS payment
    JOIN payments_shop AS shop ON shop.id = payment.shop_id
    JOIN suppliers_supplier AS supplier ON supplier.id = payment.supplier_id
    WHERE payment.supplier_id = %(supplier_id)s AND payment.id = %(payment_id)s FOR UPDATE OF payment
"""
CLEARING = "SELECT id FROM ledger_book WHERE supplier_id = %(supplier_id)s AND kind = 'revenue'"
SHARES = """
    SELECT service_id, amount_rub FROM payments_paymentshare
    WHERE supplier_id = %(supplier_id)s AND payment_id = %(payment_id)s ORDER BY id
"""
CUSTOMER = """
    SELECT id FROM ledger_book WHERE supplier_id = %(supplier_id)s AND kind = 'customer'
        AND account_id = %(account_id)s AND service_id = %(service_id)s
"""
EARLIER = """
    SELECT * FROM ledger_transfer WHERE supplier_id = %(supplier_id)s AND source_kind = 'peer'
        AND source_id = %(public_id)s ORDER BY line_no
"""
POST = """
    INSERT INTO ledger_transfer (supplier_id, source_kind, source_id, line_no, debit_book_id, credit_book_id,
        amount_rub, kind, period, occurred_on, posted_at)
    VALUES (%(supplier_id)s, 'peer', %(public_id)s, 1, %(clearing)s, %(customer)s, %(amount_rub)s, 'payment',
        date_trunc('month', now())::date, now()::date, now()) RETURNING id
"""
BALANCE = """
    UPDATE ledger_bookbalance SET balance_rub = balance_rub - %(amount_rub)s
    WHERE supplier_id = %(supplier_id)s AND book_id = %(customer)s
"""
UNPAID = """
    SELECT id, service_id, period, amount_rub, settled_rub FROM charges_charge
    WHERE supplier_id = %(supplier_id)s AND account_id = %(account_id)s AND settled_rub < amount_rub ORDER BY period, id
"""
USED = """
    SELECT transfer_id, sum(amount_rub) FROM charges_allocation
    WHERE supplier_id = %(supplier_id)s AND transfer_id = %(transfer_id)s GROUP BY 1
"""
RETURNED = """
    SELECT transfer_id, amount_rub FROM charges_creditreturn
    WHERE supplier_id = %(supplier_id)s AND transfer_id = %(transfer_id)s
"""
ALLOCATED = """
    SELECT * FROM charges_allocation WHERE supplier_id = %(supplier_id)s AND transfer_id = %(transfer_id)s
        AND charge_id = %(charge_id)s
"""
ALLOCATE = """
    INSERT INTO charges_allocation (supplier_id, transfer_id, charge_id, amount_rub, rule)
    VALUES (%(supplier_id)s, %(transfer_id)s, %(charge_id)s, %(amount_rub)s, 'oldest-first')
"""
SETTLE = "UPDATE charges_charge SET settled_rub = settled_rub + %(amount_rub)s WHERE id = %(charge_id)s"
FACT = """
    INSERT INTO outbox_recordedfact (id, name, payload, recorded_at)
    VALUES (gen_random_uuid(), 'peer.Settled', '{}', now())
"""
STATE = "UPDATE payments_payment SET gateway_status = 'peer', next_check_at = NULL WHERE id = %(payment_id)s"
RECEIPT = """
    UPDATE payments_receipt SET state = 'pending' WHERE supplier_id = %(supplier_id)s AND payment_id = %(payment_id)s
"""
ANSWER = """
    UPDATE payments_doorbell SET answered_at = now() WHERE supplier_id = %(supplier_id)s AND shop_id = %(shop_pk)s
        AND object_id = %(number)s AND answered_at IS NULL
"""


@app.task(name="peer.settle", queue="payments", priority=10)
def settle(*, shop_pk: int, object_id: str) -> None:
    known: dict[str, Any] = {"shop_pk": shop_pk, "number": object_id}

    def ask(statement: str) -> Any:
        cursor.execute(statement, known)
        return cursor.fetchone()

    gateway_of(Shop.objects.get(pk=shop_pk)).fetch(object_id)
    with transaction.atomic(), connection.cursor() as cursor:
        known["payment_id"], known["supplier_id"] = ask(LOOK)
        (known["account_id"],) = ask(ACCOUNTS)
        ask(LOCK_ACCOUNT)
        known["public_id"] = str(ask(LOCK_PAYMENT)[0])
        (known["clearing"],) = ask(CLEARING)
        known["service_id"], known["amount_rub"] = ask(SHARES)
        (known["customer"],) = ask(CUSTOMER)
        ask(EARLIER)
        (known["transfer_id"],) = ask(POST)
        cursor.execute(BALANCE, known)
        known["charge_id"] = ask(UNPAID)[0]
        for statement in (CUSTOMER, USED, RETURNED, ALLOCATED):
            ask(statement)
        for statement in (ALLOCATE, SETTLE, FACT, STATE, RECEIPT, ANSWER):
            cursor.execute(statement, known)
        app.configure_task("peer.write").defer()


@app.task(name="peer.write", queue="letters")
def write(**fact: Any) -> None:
    """Stand for the letter in both: what is measured is how money comes to its account, not how papers are drawn."""


REACTIONS = {PaymentConfirmed: ["peer.write"]}
