"""Nightly registers."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.registers import queries
from kabinet.registers.usecases.send_payments import send_payments as send


@app.periodic(cron="50 0 * * *")
@app.task(name="registers.send_payments", queueing_lock="registers.send_payments")
def send_payments(timestamp: int) -> None:
    """Write a register for each supplier that has its own billing; it is handed over by the command of that name."""
    for supplier_id in queries.suppliers_billed_elsewhere():
        send(supplier_id=supplier_id, now=timezone.now())
