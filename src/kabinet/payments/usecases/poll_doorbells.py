"""Poll doorbells: a ring whose answer was not given in time is answered here, with or without the job queue."""

import datetime as dt

import structlog

from kabinet.common.db import usecase
from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments.models import Doorbell
from kabinet.payments.queries.settling import payment_of_object
from kabinet.payments.usecases.settle_payment import settle_payment

AT_A_TIME = 200
LATE_AFTER = dt.timedelta(seconds=30)
#: A ring that could not be answered for so long is a person's: `payments_stuck` lists it.
GIVE_UP_AFTER = dt.timedelta(days=1)

log = structlog.get_logger(__name__)


def poll_doorbells(*, now: dt.datetime) -> int:
    """Ask the gateway about each payment that a ring was about and no job has asked about, and give their number.

    That a job found the gateway silent, or was lost, matters for a payment that is paid already: nothing else asks
    about it before the night. A shop whose gateway does not answer is left alone for the rest of the round.
    """
    due = _claim(now)
    silent: set[int] = set()
    for supplier_id, shop_id, payment_id in due:
        if shop_id in silent:
            continue
        try:
            settle_payment(supplier_id=supplier_id, payment_id=payment_id, now=now)
        except Unavailable as reason:
            silent.add(shop_id)
            log.warning("gateway_unavailable", supplier_id=supplier_id, payment_id=payment_id, reason=str(reason))
        except Rejected as reason:
            log.warning("ring_not_answered", supplier_id=supplier_id, payment_id=payment_id, reason=str(reason))
        except Exception:
            log.exception("ring_not_answered", supplier_id=supplier_id, payment_id=payment_id)
    return len(due)


@usecase
def _claim(now: dt.datetime) -> list[tuple[int, int, int]]:
    """Take the rings that are late by moving their answer to now: another worker takes others."""
    late = (
        Doorbell.objects.select_for_update(skip_locked=True, of=["self"])
        .filter(due_at__lt=now - LATE_AFTER, answered_at__isnull=True, last_rung_at__gt=now - GIVE_UP_AFTER)
        .select_related("shop")
        .order_by("due_at")[:AT_A_TIME]
    )
    claimed: dict[tuple[int, int, int], None] = {}
    for doorbell in late:
        doorbell.due_at = now
        doorbell.save(update_fields=["due_at"])
        payment_id = payment_of_object(doorbell.shop, doorbell.object_id)
        if payment_id is not None:
            claimed[doorbell.supplier_id, doorbell.shop_id, payment_id] = None
    return list(claimed)
