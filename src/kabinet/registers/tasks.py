"""Nightly registers."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.registers import queries
from kabinet.registers.usecases.send_payments import send_payments as send

log = structlog.get_logger(__name__)


@app.periodic(cron="50 0 * * *")
@app.task(name="registers.send_payments", queueing_lock="registers.send_payments")
def send_payments(timestamp: int) -> None:
    """Write a register for each supplier that has its own billing; it is handed over by the command of that name.

    One that breaks stops no other; the job has failed then, after all have had their turn.
    """
    broken: list[Exception] = []
    for supplier_id in queries.suppliers_billed_elsewhere():
        try:
            send(supplier_id=supplier_id, now=timezone.now())
        except Exception as error:
            log.exception("register_not_made", supplier_id=supplier_id)
            broken.append(error)
    if broken:
        raise ExceptionGroup("registers of payments", broken)
