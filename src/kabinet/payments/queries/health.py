"""Read what is wrong with payments: what waits too long, what the ledger does not agree with."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from kabinet.ledger.queries import Difference
from kabinet.payments import rules
from kabinet.payments.models import Doorbell, Payment


@dataclass(frozen=True)
class Stuck:
    """Something about a payment that has waited for longer than its schedule allows."""

    what: str
    supplier_id: int
    subject: str
    since: dt.datetime


def stuck(now: dt.datetime) -> list[Stuck]:
    """List checks that are overdue, doorbells that nobody answered, and payments that need a person."""
    late = now - dt.timedelta(minutes=2)
    overdue = Payment.objects.filter(state__in=rules.UNSETTLED, next_check_at__lt=late)
    unanswered = Doorbell.objects.filter(due_at__lt=late, answered_at__isnull=True)
    waiting = Payment.objects.exclude(alarm="").exclude(alarm=Payment.Alarm.PAID_AFTER_FAILED)
    return [
        *(
            Stuck("not checked", payment.supplier_id, f"payment:{payment.id}", payment.next_check_at or now)
            for payment in overdue
        ),
        *(Stuck("not answered", ring.supplier_id, f"doorbell:{ring.id}", ring.last_rung_at) for ring in unanswered),
        *(
            Stuck(payment.alarm, payment.supplier_id, f"payment:{payment.id}", payment.created_at)
            for payment in waiting
        ),
    ]


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
