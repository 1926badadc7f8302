"""Background entries of charges."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.charges.usecases.accrue_batch import accrue_batch as accrue_accounts
from kabinet.charges.usecases.start_accrual import start_accrual as start
from kabinet.common.month import Month


@app.periodic(cron="10 2 1-5 * *")
@app.task(name="charges.start_accrual", queueing_lock="charges.start_accrual")
def start_accrual(timestamp: int) -> None:
    """In the first nights of a month: a later run catches what an earlier one could not charge."""
    start(now=timezone.now())


@app.task(name="charges.accrue_batch")
def accrue_batch(supplier_id: int, period: str, after_account_id: int) -> None:
    accrue_accounts(
        supplier_id=supplier_id, period=Month.parse(period), after_account_id=after_account_id, now=timezone.now()
    )
