"""Background entries of registers: what leaves by its schedule, and the work on what comes in."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import IntegrityError
from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.outbox.patience import DATABASE_AWAY, Doubling
from kabinet.registers.queries.dispatches import due_dispatches
from kabinet.registers.usecases import apply_register as applying
from kabinet.registers.usecases import check_register as checking
from kabinet.registers.usecases import deliver_register as delivering
from kabinet.registers.usecases import make_asked_register as making
from kabinet.registers.usecases import undo_register as undoing
from kabinet.registers.usecases.make_due_register import make_due_register
from kabinet.registers.usecases.resume_asked_registers import resume_asked_registers
from kabinet.registers.usecases.resume_deliveries import resume_deliveries
from kabinet.registers.usecases.resume_registers import resume_registers
from kabinet.registers.usecases.stop_register import stop_register

log = structlog.get_logger(__name__)

PATIENCE = Doubling(first_s=5, longest_s=60, most=20, only=DATABASE_AWAY)


@app.periodic(cron="*/10 * * * *")
@app.task(name="registers.send_registers", queueing_lock="registers.send_registers")
def send_registers(timestamp: int) -> None:
    """Make what schedules say, and deliver what waits. One that breaks stops no other; the job has failed then."""
    now = timezone.now()
    broken: list[Exception] = []
    for supplier_id, kind in due_dispatches(now):
        try:
            make_due_register(supplier_id=supplier_id, kind=kind, now=now)
        except Exception as error:
            log.exception("register_not_made", supplier_id=supplier_id, kind=kind)
            broken.append(error)
    resume_asked_registers()
    resume_deliveries(now=now)
    if broken:
        raise ExceptionGroup("registers to suppliers", broken)


@app.task(name="registers.make_asked_register", retry=PATIENCE)
def make_asked_register(*, supplier_id: int, kind: str) -> None:
    """Make the file that somebody waits for."""
    making.make_asked_register(supplier_id=supplier_id, kind=kind, now=timezone.now())


@app.task(name="registers.deliver_register", retry=PATIENCE)
def deliver_register(*, supplier_id: int, register_id: int) -> None:
    """Deliver a register whose moment has come."""
    delivering.deliver_register(supplier_id=supplier_id, register_id=register_id, now=timezone.now())


@contextmanager
def _stopped_when_broken(supplier_id: int, register_id: int) -> Iterator[None]:
    """Give a register back to people when the work on it breaks by something that no other try would mend."""
    try:
        yield
    except DATABASE_AWAY:
        raise
    except Exception as error:
        is_overtaken = isinstance(error, IntegrityError)
        stop_register(supplier_id=supplier_id, register_id=register_id, is_overtaken=is_overtaken, now=timezone.now())
        raise


@app.task(name="registers.check_register", priority=-10, retry=PATIENCE)
def check_register(*, supplier_id: int, register_id: int) -> None:
    """Read a supplier's file and judge its lines."""
    with _stopped_when_broken(supplier_id, register_id):
        checking.check_register(supplier_id=supplier_id, register_id=register_id, now=timezone.now())


@app.task(name="registers.apply_register", priority=-10, retry=PATIENCE)
def apply_register(*, supplier_id: int, register_id: int) -> None:
    """Make of an approved register what it says."""
    with _stopped_when_broken(supplier_id, register_id):
        applying.apply_register(supplier_id=supplier_id, register_id=register_id, now=timezone.now())


@app.task(name="registers.undo_register", priority=-10, retry=PATIENCE)
def undo_register(*, supplier_id: int, register_id: int) -> None:
    """Take back what a recalled register has changed."""
    with _stopped_when_broken(supplier_id, register_id):
        undoing.undo_register(supplier_id=supplier_id, register_id=register_id, now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="registers.resume_registers", queueing_lock="registers.resume_registers")
def resume(timestamp: int) -> None:
    """Go on with registers whose job is gone: it failed for good, or somebody deleted it."""
    resume_registers()
