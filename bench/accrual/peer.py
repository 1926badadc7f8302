"""`python -m bench.accrual.peer`: insert by hand-written SQL what accrual would, and print the seconds."""

import datetime as dt
import json
import sys
import time
from pathlib import Path
from typing import Any

import django


def main() -> None:
    """Read from the standard input what accrual has inserted beside a metered line for each reading."""
    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415 - settings first

    from kabinet.charges.models import AccrualRun  # noqa: PLC0415
    from kabinet.common.month import Month  # noqa: PLC0415
    from kabinet.ledger import operations as ledger  # noqa: PLC0415
    from kabinet.suppliers.models import Service, Supplier  # noqa: PLC0415

    inserted: dict[str, Any] = json.load(sys.stdin)
    supplier = Supplier.objects.get(code="bench")
    services = dict(Service.objects.filter(supplier=supplier).values_list("code", "id"))
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    connection.cursor().execute("SET statement_timeout = 0")  # one statement is its whole work
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        run = AccrualRun.objects.create(supplier=supplier, period=Month(2026, 10), asked_at=now)
        cursor.execute("SELECT min(id) FROM ledger_transfer WHERE supplier_id = %s", [supplier.id])
        [transfer_id] = cursor.fetchone()
        values = {
            "supplier_id": supplier.id,
            "service_id": services["gas"],
            "run_id": run.id,
            "revenue_id": ledger.supplier_book(supplier.id, "revenue"),
            "transfer_id": transfer_id,
            "allocations": inserted["allocations"],
            "kinds": [kind for kind, _, _ in inserted["others"]],
            "services": [services[code] for _, code, _ in inserted["others"]],
            "counts": [count for _, _, count in inserted["others"]],
        }
        for statement in Path(__file__).with_name("peer.sql").read_text().split(";\n"):
            cursor.execute(statement, values)
    took_s = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM charges_charge WHERE supplier_id = %s AND run_id = %s", [supplier.id, run.id]
        )
        [charges] = cursor.fetchone()
    json.dump({"seconds": took_s, "charges": charges}, sys.stdout)


if __name__ == "__main__":
    main()
