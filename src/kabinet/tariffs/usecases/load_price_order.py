"""Load a price order: the prices of a year from a file, looked at first, then set all or none."""

import datetime as dt

from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.tariffs import operations
from kabinet.tariffs.operations import PriceOrder


@usecase
def load_price_order(
    *,
    supplier_id: int,
    content: bytes,
    encoding: str | None,
    replaces: bool = False,
    applies: bool,
    actor: User | None,
    now: dt.datetime,
) -> PriceOrder:
    """Try every line of a file in turn, first steps before higher ones; keep what was set if `applies` and none failed.

    encoding  "utf-8" or "cp1251"; None: the file is UTF-8 and says so by its mark
    replaces  prices that stand on the days of a line give way, as in `set_tariff`
    actor     None for the operator's terminal; a member of staff only tries: `propose_terms`

    Raises PriceOrderRefused, TakesTwo; NotFound; NotAllowed.
    """
    operations.check_one_may(actor, supplier_id, is_trial=not applies)
    return operations.load_order(
        operations.lock_terms(supplier_id),
        content=content,
        encoding=encoding,
        replaces=replaces,
        applies=applies,
        actor=actor,
        now=now,
    )
