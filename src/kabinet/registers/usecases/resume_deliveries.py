"""Go on with registers that have to be delivered: those whose moment has come again, or whose job is gone."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.registers.operations import outgoing
from kabinet.registers.queries.outgoing import to_deliver


@usecase
def resume_deliveries(*, now: dt.datetime) -> None:
    """Ask the worker for each. One job more does no harm: the second finds it taken."""
    for supplier_id, register_id in to_deliver(now):
        outgoing.ask_worker(supplier_id, register_id)
