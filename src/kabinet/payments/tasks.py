"""Background entries of payments."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments.usecases.settle_payment import settle_payment

log = structlog.get_logger(__name__)


@app.task(name="payments.settle", queue="payments")
def settle(*, supplier_id: int, payment_id: int) -> None:
    """Ask the gateway after somebody rang. Without an answer nothing is repeated here: the poll comes by itself."""
    try:
        settle_payment(supplier_id=supplier_id, payment_id=payment_id, now=timezone.now())
    except (Unavailable, Rejected) as reason:
        log.warning("payment_not_settled", supplier_id=supplier_id, payment_id=payment_id, reason=str(reason))
