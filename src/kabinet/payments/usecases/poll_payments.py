"""Poll the gateways: everything that a callback would tell is also found here, with or without the job queue."""

import datetime as dt

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import Unavailable
from kabinet.payments import operations, rules
from kabinet.payments.models import Payment
from kabinet.payments.usecases.settle_payment import settle_payment

AT_A_TIME = 200

log = structlog.get_logger(__name__)


def poll_payments(*, now: dt.datetime) -> int:
    """Ask about each payment whose time has come, and give back how many were claimed.

    A shop whose gateway does not answer is left alone until its payments are due again, so that others are not kept
    waiting. Nothing that is wrong with one payment stops the round.
    """
    due = _claim(now)
    silent: set[int] = set()
    for supplier_id, payment_id, shop_id in due:
        if shop_id in silent:
            continue
        try:
            settle_payment(supplier_id=supplier_id, payment_id=payment_id, now=now)
        except Unavailable as reason:
            silent.add(shop_id)
            log.warning("gateway_unavailable", supplier_id=supplier_id, payment_id=payment_id, reason=str(reason))
        except Exception:
            log.exception("poll_of_payment_failed", supplier_id=supplier_id, payment_id=payment_id)
    return len(due)


@usecase
def _claim(now: dt.datetime) -> list[tuple[int, int, int]]:
    """Take the payments that are due by moving their next moment on: another worker takes others."""
    due = (
        Payment.objects.select_for_update(skip_locked=True)
        .filter(next_check_at__lte=now)
        .order_by("next_check_at")[:AT_A_TIME]
    )
    claimed = []
    for payment in due:
        payment.next_check_at = rules.next_check_at(
            created_at=payment.created_at, expires_at=payment.expires_at, now=now
        )
        if payment.next_check_at is None:
            operations.alarm(payment, Payment.Alarm.UNRESOLVED)
        payment.save(update_fields=["next_check_at", "alarm"])
        claimed.append((payment.supplier_id, payment.id, payment.shop_id))
    return claimed
