"""`python -m bench.registers.run FILE`: load a file of the world as a worker does, and print what it took."""

import datetime as dt
import json
import resource
import sys
import time
from typing import Any

import django

from bench.registers import FOLDER


def main() -> None:
    django.setup()
    from django.db import connection  # noqa: PLC0415 - settings first

    from bench.registers.counted import counted  # noqa: PLC0415
    from bench.registers.profile import profile_of  # noqa: PLC0415
    from kabinet.ledger.queries import differences_everywhere  # noqa: PLC0415
    from kabinet.registers.models import Register  # noqa: PLC0415
    from kabinet.registers.usecases.apply_register import apply_register  # noqa: PLC0415
    from kabinet.registers.usecases.approve_register import approve_register  # noqa: PLC0415
    from kabinet.registers.usecases.check_register import check_register  # noqa: PLC0415
    from kabinet.registers.usecases.read_register import read_register  # noqa: PLC0415
    from kabinet.registers.usecases.upload_register import upload_register  # noqa: PLC0415
    from kabinet.suppliers.models import Supplier  # noqa: PLC0415

    file = FOLDER / sys.argv[1]
    now = max(dt.datetime(2026, 12, 1, tzinfo=dt.UTC), dt.datetime.now(dt.UTC))
    supplier = Supplier.objects.get(code="bench")
    before = counted()
    began = time.monotonic()
    with file.open("rb") as opened:
        register = upload_register(
            supplier_id=supplier.id, kind=file.stem, file_name=file.name, file=opened, actor=None, now=now
        )
    key: dict[str, Any] = {"supplier_id": supplier.id, "register_id": register.id}
    read_register(**key, profile=profile_of(file), profile_name="bench", actor=None, now=now)
    check_register(**key, now=now)
    read = time.monotonic()
    approve_register(**key, note="a measurement", actor=None, now=now)
    apply_register(**key, now=now)
    applied = time.monotonic()

    memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    register.refresh_from_db()
    connection.cursor().execute("SET statement_timeout = 0")  # what follows is only to tell what was done
    if register.state != Register.State.APPLIED or (wrong := differences_everywhere()):
        raise RuntimeError(f"the register is {register.state}, the ledger differs: {wrong[:3]}")
    counts = {
        "new": register.new_count,
        "changed": register.changed_count,
        "unchanged": register.unchanged_count,
        "refused": register.refused_count,
    }
    json.dump(
        {
            "read_s": read - began,
            "apply_s": applied - read,
            "memory_mib": memory_mib,
            "counts": counts,
            "rows": {name: count - before[name] for name, count in counted().items()},
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
