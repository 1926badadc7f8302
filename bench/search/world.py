"""`python -m bench.search.world ACCOUNTS`: fill an empty database with suppliers, customers and two of the staff."""

import sys
from pathlib import Path
from typing import Any

import django

SUPPLIERS = 10
SUPPORT, HELPDESK = "support@example.org", "helpdesk@example.org"


def main() -> None:
    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415 - settings first

    from demo.world import checked_at_the_end  # noqa: PLC0415
    from kabinet.people.models import StaffRole, User  # noqa: PLC0415
    from kabinet.people.rules import rights  # noqa: PLC0415
    from kabinet.suppliers.models import Supplier  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with transaction.atomic():
        suppliers = [
            Supplier.objects.create(
                code=f"bench-{place}", name=f"Межрегионгаз {place}", full_name="ООО «Межрегионгаз»", inn="7838016481"
            )
            for place in range(SUPPLIERS)
        ]
        support = User.objects.create(email=SUPPORT, email_canonical=SUPPORT, is_staff=True)
        StaffRole.objects.create(user=support, supplier=suppliers[0], role=rights.SUPPORT)
        helpdesk = User.objects.create(email=HELPDESK, email_canonical=HELPDESK, is_staff=True)
        StaffRole.objects.create(user=helpdesk, role=rights.HELPDESK)
        values: dict[str, Any] = {
            "accounts": int(sys.argv[1]),
            "suppliers": SUPPLIERS,
            "supplier_ids": [supplier.id for supplier in suppliers],
        }
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.cursor() as cursor, checked_at_the_end(cursor):
            for statement in Path(__file__).with_name("world.sql").read_text().split(";\n"):
                if statement.strip():
                    cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


if __name__ == "__main__":
    main()
