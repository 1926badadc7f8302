"""`python -m bench.registers.by_hand FILE`: load a file by hand-written SQL, and print the seconds and the rows."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import django

from bench.registers import FOLDER
from bench.registers.peer import copy_file


def main() -> None:
    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415 - settings first

    from bench.registers.counted import counted  # noqa: PLC0415
    from kabinet.ledger import operations as ledger  # noqa: PLC0415
    from kabinet.registers.models import Register  # noqa: PLC0415
    from kabinet.suppliers.models import Service, Supplier  # noqa: PLC0415

    file = FOLDER / sys.argv[1]
    supplier = Supplier.objects.get(code="bench")
    connection.cursor().execute("SET statement_timeout = 0")
    before = counted()
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        register = Register.objects.create(
            supplier=supplier, kind=file.stem, number=1, size=1, uploaded_at="2026-12-01T00:00Z"
        )
        copy_file(connection.connection, file)
        values: dict[str, Any] = {
            "supplier_id": supplier.id,
            "register_id": register.id,
            "service_id": Service.objects.get(supplier=supplier, code=Service.GAS).id,
            "revenue_id": ledger.supplier_book(supplier.id, "revenue"),
            "opening_id": ledger.supplier_book(supplier.id, "opening"),
            "bank_id": ledger.supplier_book(supplier.id, "bank"),
        }
        for statement in Path(__file__).with_name(f"{file.stem}.sql").read_text().split(";\n"):
            cursor.execute(statement, values)
    took_s = time.monotonic() - began
    json.dump(
        {"seconds": took_s, "rows": {name: count - before[name] for name, count in counted().items()}}, sys.stdout
    )


if __name__ == "__main__":
    main()
