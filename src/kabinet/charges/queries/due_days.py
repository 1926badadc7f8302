"""Until when a month is paid in time."""

import datetime as dt
from functools import partial

from kabinet.charges.rules.penalties import due_day
from kabinet.common.month import Month
from kabinet.suppliers import queries as suppliers


def due_on(supplier_id: int, period: Month, charged_on: dt.date) -> dt.date:
    """Give the last day on which what was charged for a month on a day is paid in time: penalties count from it too.

    Raises TermUnknown. Source: `rules.penalties.due_day`.
    """
    return due_day(period, charged_on, partial(suppliers.pay_by, supplier_id))
