"""Background entries of payments."""

import datetime as dt

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.common.errors import Rejected, Unavailable
from kabinet.outbox.patience import DATABASE_AWAY, Doubling
from kabinet.payments import queries
from kabinet.payments.queries.shops import due_switches
from kabinet.payments.usecases.apply_shop_switch import apply_shop_switch
from kabinet.payments.usecases.check_night import check_night
from kabinet.payments.usecases.check_shops import check_shops
from kabinet.payments.usecases.reconcile_day import reconcile_day
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.settle_refunds import settle_refunds

log = structlog.get_logger(__name__)


@app.task(
    name="payments.settle",
    queue="payments",
    priority=10,  # money before letters about money
    retry=Doubling(first_s=5, longest_s=60, most=20, only=DATABASE_AWAY),
)
def settle(*, supplier_id: int, payment_id: int) -> None:
    """Ask the gateway after somebody rang. Without an answer nothing is repeated here: the poll comes by itself."""
    try:
        settle_payment(supplier_id=supplier_id, payment_id=payment_id, now=timezone.now())
    except (Unavailable, Rejected) as reason:
        log.warning("payment_not_settled", supplier_id=supplier_id, payment_id=payment_id, reason=str(reason))


@app.task(
    name="payments.settle_refunds",
    queue="payments",
    retry=Doubling(first_s=10, longest_s=3600, most=30, only=(Unavailable, *DATABASE_AWAY)),
)
def settle_refunds_of_payment(*, supplier_id: int, payment_id: int) -> None:
    """Ask the gateway for all that it gave back of a payment. No row waits for a refund made by hand: this repeats."""
    settle_refunds(supplier_id=supplier_id, payment_id=payment_id, now=timezone.now())


@app.task(
    name="payments.reconcile_day",
    queue="payments",
    retry=Doubling(first_s=10, longest_s=3600, most=12, only=(Unavailable, *DATABASE_AWAY)),
)
def reconcile(*, supplier_id: int, shop_id: int, day: str) -> None:
    """Compare a day anew after a register of it has come."""
    reconcile_day(supplier_id=supplier_id, shop_id=shop_id, day=dt.date.fromisoformat(day), now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="payments.check_shops", queue="payments", queueing_lock="payments.check_shops")
def check_keys(timestamp: int) -> None:
    check_shops(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="payments.apply_shop_switches", queueing_lock="payments.apply_shop_switches")
def apply_shop_switches(timestamp: int) -> None:
    """Every five minutes: shops whose moment has come take money."""
    now = timezone.now()
    for supplier_id, switch_id in due_switches(now):
        apply_shop_switch(supplier_id=supplier_id, switch_id=switch_id, now=now)


@app.periodic(cron="20 * * * *")
@app.task(name="payments.check_night", queue="payments", queueing_lock="payments.check_night")
def check_money(timestamp: int) -> None:
    """Run the checks of the night at 03:20 of the installation's clock, or in the first hour that finds them undone."""
    now = timezone.now()
    if queries.night_is_due(now):
        check_night(now=now)
