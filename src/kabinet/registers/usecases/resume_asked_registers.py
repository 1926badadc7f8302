"""Go on with registers that were asked for and whose job is gone."""

from kabinet.common.db import usecase
from kabinet.registers.operations import asking
from kabinet.registers.queries.dispatches import asked_dispatches


@usecase
def resume_asked_registers() -> None:
    """Ask the worker for each. One job more does no harm: the second finds it made."""
    for supplier_id, kind in asked_dispatches():
        asking.ask_worker(supplier_id, kind)
