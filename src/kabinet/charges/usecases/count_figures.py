"""Count the numbers that the first page of the office shows of a supplier."""

import datetime as dt

from django.db import connection

from kabinet.charges.models import Figure
from kabinet.charges.sql import statement
from kabinet.common.db import usecase, without_time_limit
from kabinet.meters import queries as meters
from kabinet.suppliers import queries as suppliers


@usecase
def count_figures(*, supplier_id: int, now: dt.datetime) -> None:
    """Put what is counted now in the place of what was counted before; readers see the one or the other.

    Source: docs/adr/0191.
    """
    supplier = suppliers.supplier_card(supplier_id)
    before, present = meters.latest_windows(supplier, suppliers.local_day(now, supplier))
    with without_time_limit(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"kabinet.charges:figures:{supplier_id}"]
        )
        cursor.execute("SET LOCAL work_mem = '64MB'")  # a million accounts are grouped in memory, not on the disk
        Figure.objects.filter(supplier_id=supplier_id).delete()
        cursor.execute(
            statement("figures"),
            {
                "supplier_id": supplier_id,
                "now": now,
                "before_opens_on": before.opens_on,
                "before_until": before.until,
                "opens_on": present.opens_on,
                "until": present.until,
            },
        )
