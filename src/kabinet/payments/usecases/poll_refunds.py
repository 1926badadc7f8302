"""Poll the gateways about refunds: none of them calls about a refund that failed."""

import datetime as dt

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import Unavailable
from kabinet.payments import rules
from kabinet.payments.models import Refund
from kabinet.payments.operations.refunds import give_up
from kabinet.payments.usecases.settle_refund import settle_refund

AT_A_TIME = 200

log = structlog.get_logger(__name__)


def poll_refunds(*, now: dt.datetime) -> int:
    """Ask about each refund whose time has come, and give back how many were claimed.

    A shop whose gateway does not answer is left alone until its refunds are due again. Nothing that is wrong with one
    refund stops the round.
    """
    due = _claim(now)
    silent: set[int] = set()
    for supplier_id, refund_id, shop_id in due:
        if shop_id in silent:
            continue
        try:
            settle_refund(supplier_id=supplier_id, refund_id=refund_id, now=now)
        except Unavailable as reason:
            silent.add(shop_id)
            log.warning("gateway_unavailable", supplier_id=supplier_id, refund_id=refund_id, reason=str(reason))
        except Exception:
            log.exception("poll_of_refund_failed", supplier_id=supplier_id, refund_id=refund_id)
    return len(due)


@usecase
def _claim(now: dt.datetime) -> list[tuple[int, int, int]]:
    """Take the refunds that are due by moving their next moment on: another worker takes others."""
    due = (
        Refund.objects.select_for_update(skip_locked=True)
        .filter(next_check_at__lte=now)
        .order_by("next_check_at")[:AT_A_TIME]
    )
    claimed = []
    for refund in due:
        refund.next_check_at = rules.next_refund_check_at(intended_at=refund.intended_at or refund.created_at, now=now)
        if refund.next_check_at is None:
            give_up(refund)
        refund.save(update_fields=["next_check_at"])
        claimed.append((refund.supplier_id, refund.id, refund.shop_id))
    return claimed
