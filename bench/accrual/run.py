"""`python -m bench.accrual.run`: accrue October of the world as a worker does, and print what it took."""

import datetime as dt
import json
import resource
import sys
import time
from typing import Any

import django

#: October is over, and the law that the world was given is no news.
NOW = max(dt.datetime(2026, 11, 1, 2, 0, tzinfo=dt.UTC), dt.datetime.now(dt.UTC))


def main() -> None:
    django.setup()
    from django.db import connection  # noqa: PLC0415 - settings first
    from django.db.models import Count, Q  # noqa: PLC0415

    from kabinet.charges.models import AccrualRun, Allocation, Charge  # noqa: PLC0415
    from kabinet.charges.usecases.compute_batch import compute_batch  # noqa: PLC0415
    from kabinet.charges.usecases.finish_computing import finish_computing  # noqa: PLC0415
    from kabinet.charges.usecases.finish_posting import finish_posting  # noqa: PLC0415
    from kabinet.charges.usecases.post_batch import post_batch  # noqa: PLC0415
    from kabinet.charges.usecases.release_accrual import release_accrual  # noqa: PLC0415
    from kabinet.charges.usecases.start_accrual import start_accrual  # noqa: PLC0415
    from kabinet.common.month import Month  # noqa: PLC0415
    from kabinet.ledger.queries import differences_everywhere  # noqa: PLC0415
    from kabinet.people.models import StaffRole, User  # noqa: PLC0415
    from kabinet.people.rules import rights  # noqa: PLC0415
    from kabinet.suppliers.models import Supplier  # noqa: PLC0415

    supplier = Supplier.objects.get(code="bench")
    emails = ("first@example.org", "second@example.org")
    first, second = (User.objects.create(email=email, email_canonical=email, is_staff=True) for email in emails)
    for accountant in (first, second):
        StaffRole.objects.create(user=accountant, supplier=supplier, role=rights.ACCOUNTANT)

    began = time.monotonic()
    run = start_accrual(supplier_id=supplier.id, period=Month(2026, 10), actor=first, now=NOW)
    of_run: dict[str, Any] = {"supplier_id": supplier.id, "run_id": run.id}
    while compute_batch(**of_run, now=NOW):
        pass
    finish_computing(**of_run, now=NOW)
    computed = time.monotonic()
    release_accrual(**of_run, actor=second, now=NOW)
    while post_batch(**of_run, now=NOW):
        pass
    finish_posting(**of_run, now=NOW)
    done = time.monotonic()

    memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    connection.cursor().execute("SET statement_timeout = 0")  # what follows is only to tell what was done
    run.refresh_from_db()
    if run.state != AccrualRun.State.RELEASED or (wrong := differences_everywhere()):
        raise RuntimeError(f"the run is {run.state}, the ledger differs: {wrong[:3]}")
    charged = Charge.objects.filter(supplier=supplier, run=run)
    json.dump(
        {
            "computing_s": computed - began,
            "posting_s": done - computed,
            "memory_mib": memory_mib,
            "charges": charged.count(),
            "allocations": Allocation.objects.filter(supplier_id=supplier.id, charge__run_id=run.id).count(),
            "others": list(
                charged.filter(~Q(kind="metered"))
                .values_list("kind", "service__code")
                .annotate(lines=Count("id"))
                .order_by("kind")
            ),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
