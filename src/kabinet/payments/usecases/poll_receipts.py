"""Poll the cash registers: see each cheque to its end, with or without the job queue."""

import datetime as dt

import structlog
from django.db.models import F

from kabinet.common.db import usecase
from kabinet.common.errors import Unavailable
from kabinet.payments.models import Receipt
from kabinet.payments.rules import receipts as receipt_rules
from kabinet.payments.usecases.settle_receipt import settle_receipt

AT_A_TIME = 100

log = structlog.get_logger(__name__)


def poll_receipts(*, now: dt.datetime) -> int:
    """Look after each cheque whose time has come, and give back how many were claimed.

    A shop whose gateway does not answer is left alone until next time. Nothing that is wrong with one cheque stops the
    round.
    """
    due = _claim(now)
    silent: set[int] = set()
    for supplier_id, receipt_id, shop_id in due:
        if shop_id in silent:
            continue
        try:
            settle_receipt(supplier_id=supplier_id, receipt_id=receipt_id, now=now)
        except Unavailable as reason:
            silent.add(shop_id)
            log.warning("gateway_unavailable", supplier_id=supplier_id, receipt_id=receipt_id, reason=str(reason))
        except Exception:
            log.exception("poll_of_receipt_failed", supplier_id=supplier_id, receipt_id=receipt_id)
    return len(due)


@usecase
def _claim(now: dt.datetime) -> list[tuple[int, int, int]]:
    """Take the cheques that are due by moving their next moment on: another worker takes others."""
    due = (
        Receipt.objects.select_for_update(of=["self"], skip_locked=True)
        .filter(next_check_at__lte=now, payment__isnull=False)
        .annotate(shop_id=F("payment__shop_id"))
        .order_by("next_check_at")[:AT_A_TIME]
    )
    claimed = []
    for receipt in due:
        receipt.next_check_at = receipt_rules.next_look_at(since=receipt.created_at, now=now)
        receipt.save(update_fields=["next_check_at"])
        claimed.append((receipt.supplier_id, receipt.id, receipt.shop_id))
    return claimed
