"""The peer's job: one GET to the gateway, and the statements of ours by hand, without the ORM and without a thought.

One share, one charge, no commission, no cheque: the payment that is measured.
"""

from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from kabinet.payments.facts import PaymentConfirmed
from kabinet.payments.models import Shop
from kabinet.payments.operations import gateway_of

ASKED = """
    SELECT payment.gateway_payment_id, payment.public_id, payment.shop_id, shop.gateway, shop.shop_id,
        shop.sealed_secret, shop.sealed_callback_key, payment.*, shop.*, supplier.*
    FROM payments_payment AS payment
    JOIN payments_shop AS shop ON shop.id = payment.shop_id
    JOIN suppliers_supplier AS supplier ON supplier.id = shop.supplier_id
    WHERE payment.supplier_id = %(supplier_id)s AND payment.id = %(payment_id)s
"""
LOCK_ACCOUNTS = """
    SELECT FROM accounts_account WHERE supplier_id = %(supplier_id)s AND id IN (
        SELECT account_id FROM payments_paymentshare
        WHERE supplier_id = %(supplier_id)s AND payment_id = %(payment_id)s
    )
    ORDER BY id FOR NO KEY UPDATE
"""
LOCK_PAYMENT = """
    SELECT * FROM payments_payment WHERE supplier_id = %(supplier_id)s AND id = %(payment_id)s FOR UPDATE
"""
CLEARING = (
    "SELECT id FROM ledger_book WHERE supplier_id = %(supplier_id)s AND kind = 'clearing' AND key = %(shop_number)s"
)
SHARES = """
    SELECT account_id, service_id, amount_rub, refunded_rub FROM payments_paymentshare
    WHERE supplier_id = %(supplier_id)s AND payment_id = %(payment_id)s ORDER BY id
"""
CUSTOMER = """
    SELECT id FROM ledger_book WHERE supplier_id = %(supplier_id)s AND kind = 'customer'
        AND account_id = %(account_id)s AND service_id = %(service_id)s
"""
POST = """
    WITH posted AS (
        INSERT INTO ledger_transfer (supplier_id, source_kind, source_id, line_no, debit_book_id, credit_book_id,
            amount_rub, kind, period, occurred_on, posted_at)
        SELECT %(supplier_id)s, 'peer', %(public_id)s, 1, %(clearing)s, %(customer)s, %(amount_rub)s, 'payment',
            date_trunc('month', now())::date, now()::date, now()
        WHERE NOT EXISTS (
            SELECT FROM ledger_transfer
            WHERE supplier_id = %(supplier_id)s AND source_kind = 'peer' AND source_id = %(public_id)s
        )
        RETURNING id
    ), changed AS (
        INSERT INTO ledger_bookbalance AS balance (supplier_id, book_id, balance_rub)
        SELECT %(supplier_id)s, %(customer)s, -%(amount_rub)s FROM posted
        ON CONFLICT (supplier_id, book_id) DO UPDATE SET balance_rub = balance.balance_rub + excluded.balance_rub
    )
    SELECT id FROM posted
"""
UNPAID = """
    SELECT charge.id, charge.service_id, charge.period, charge.amount_rub, charge.settled_rub, service.code, book.id
    FROM charges_charge AS charge
    JOIN suppliers_service AS service ON service.supplier_id = charge.supplier_id AND service.id = charge.service_id
    JOIN ledger_book AS book ON book.supplier_id = charge.supplier_id AND book.kind = 'customer'
        AND book.account_id = charge.account_id AND book.service_id = charge.service_id
    WHERE charge.supplier_id = %(supplier_id)s AND charge.account_id = %(account_id)s
        AND charge.settled_rub < charge.amount_rub
    ORDER BY charge.period, charge.id
"""
SPENT = """
    SELECT transfer_id, sum(amount_rub)
    FROM (
        SELECT transfer_id, amount_rub FROM charges_allocation
        WHERE supplier_id = %(supplier_id)s AND transfer_id = %(transfer_id)s
        UNION ALL
        SELECT transfer_id, amount_rub FROM charges_creditreturn
        WHERE supplier_id = %(supplier_id)s AND transfer_id = %(transfer_id)s
    ) AS spent
    GROUP BY transfer_id
"""
ALLOCATE = """
    INSERT INTO charges_allocation AS allocation (supplier_id, transfer_id, charge_id, amount_rub, rule)
    VALUES (%(supplier_id)s, %(transfer_id)s, %(charge_id)s, %(amount_rub)s, 'oldest-first')
    ON CONFLICT (supplier_id, transfer_id, charge_id)
        DO UPDATE SET amount_rub = allocation.amount_rub + excluded.amount_rub
"""
SETTLE = """
    UPDATE charges_charge SET settled_rub = settled_rub + %(amount_rub)s
    WHERE supplier_id = %(supplier_id)s AND id = %(charge_id)s
"""
FACT = """
    INSERT INTO outbox_recordedfact (id, name, payload, recorded_at)
    VALUES (gen_random_uuid(), 'peer.Settled', '{}', now())
"""
STATE = """
    UPDATE payments_payment SET state = 'paid', gateway_status = 'peer', paid_at = now(), method_title = 'peer',
        next_check_at = NULL
    WHERE supplier_id = %(supplier_id)s AND id = %(payment_id)s
"""
RECEIPT = """
    UPDATE payments_receipt SET state = 'pending', next_check_at = now()
    WHERE supplier_id = %(supplier_id)s AND payment_id = %(payment_id)s AND attempt = 1 AND state = 'intended'
"""
ANSWER = """
    UPDATE payments_doorbell SET answered_at = now()
    WHERE supplier_id = %(supplier_id)s AND shop_id = %(shop_pk)s AND object_id = %(number)s
        AND last_rung_at <= now() AND answered_at IS NULL
"""


@app.task(name="peer.settle", queue="payments", priority=10)
def settle(*, supplier_id: int, payment_id: int) -> None:
    known: dict[str, Any] = {"supplier_id": supplier_id, "payment_id": payment_id}

    def ask(statement: str) -> Any:
        cursor.execute(statement, known)
        return cursor.fetchone()

    with connection.cursor() as cursor:
        known["number"], public_id, known["shop_pk"], gateway, shop_number, secret, callback_key, *_ = ask(ASKED)
    known |= {"public_id": str(public_id), "shop_number": shop_number}
    shop = Shop(gateway=gateway, shop_id=shop_number, sealed_secret=secret, sealed_callback_key=callback_key)
    gateway_of(shop).fetch(known["number"])
    with transaction.atomic(), connection.cursor() as cursor:
        ask(LOCK_ACCOUNTS)
        ask(LOCK_PAYMENT)
        (known["clearing"],) = ask(CLEARING)
        known["account_id"], known["service_id"], known["amount_rub"], _ = ask(SHARES)
        (known["customer"],) = ask(CUSTOMER)
        (known["transfer_id"],) = ask(POST)
        known["charge_id"] = ask(UNPAID)[0]
        ask(SPENT)
        for statement in (ALLOCATE, SETTLE, FACT):
            cursor.execute(statement, known)
        app.configure_task("peer.write").defer()
        for statement in (STATE, RECEIPT, ANSWER):
            cursor.execute(statement, known)


@app.task(name="peer.write", queue="letters")
def write(**fact: Any) -> None:
    """Stand for the letter in both: what is measured is how money comes to its account, not how papers are drawn."""


REACTIONS = {PaymentConfirmed: ["peer.write"]}
