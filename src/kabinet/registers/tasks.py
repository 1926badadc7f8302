"""Background entries of registers: what leaves at night, and the work on what comes in."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.outbox.patience import DATABASE_AWAY, Doubling
from kabinet.registers import queries
from kabinet.registers.usecases import apply_register as applying
from kabinet.registers.usecases import check_register as checking
from kabinet.registers.usecases import undo_register as undoing
from kabinet.registers.usecases.resume_registers import resume_registers
from kabinet.registers.usecases.send_payments import send_payments as send

log = structlog.get_logger(__name__)

PATIENCE = Doubling(first_s=5, longest_s=60, most=20, only=DATABASE_AWAY)


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


@app.task(name="registers.check_register", priority=-10, retry=PATIENCE)
def check_register(*, supplier_id: int, register_id: int) -> None:
    """Read a supplier's file and judge its lines."""
    checking.check_register(supplier_id=supplier_id, register_id=register_id, now=timezone.now())


@app.task(name="registers.apply_register", priority=-10, retry=PATIENCE)
def apply_register(*, supplier_id: int, register_id: int) -> None:
    """Make of an approved register what it says."""
    applying.apply_register(supplier_id=supplier_id, register_id=register_id, now=timezone.now())


@app.task(name="registers.undo_register", priority=-10, retry=PATIENCE)
def undo_register(*, supplier_id: int, register_id: int) -> None:
    """Take back what a recalled register has changed."""
    undoing.undo_register(supplier_id=supplier_id, register_id=register_id, now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="registers.resume_registers", queueing_lock="registers.resume_registers")
def resume(timestamp: int) -> None:
    """Go on with registers whose job is gone: it failed for good, or somebody deleted it."""
    resume_registers()
