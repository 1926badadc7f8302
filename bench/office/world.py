"""`python -m bench.office.world ACCOUNTS`: fill an empty database as the search's, then with what an office counts."""

import sys
from pathlib import Path
from typing import Any

MANAGER = "manager@example.org"


def main() -> None:
    from bench.search.world import SUPPORT  # noqa: PLC0415 - django is set up by it
    from bench.search.world import main as fill_with_accounts  # noqa: PLC0415

    fill_with_accounts()
    from django.db import connection, transaction  # noqa: PLC0415

    from kabinet.accounts.models import Account  # noqa: PLC0415
    from kabinet.payments.models import Shop  # noqa: PLC0415
    from kabinet.people.models import StaffRole, User  # noqa: PLC0415
    from kabinet.people.rules import rights  # noqa: PLC0415
    from kabinet.suppliers.models import Service, Supplier  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        supplier = Supplier.objects.earliest("id")
        service = Service.objects.create(supplier=supplier, code=Service.GAS, name="Газ", is_main=True)
        shop = Shop(supplier=supplier, title="Магазин", shop_id="100500", is_test=True)
        shop.secret = SUPPORT
        shop.save()
        manager = User.objects.create(email=MANAGER, email_canonical=MANAGER, is_staff=True)
        StaffRole.objects.create(user=manager, supplier=supplier, role=rights.MANAGER)
        values: dict[str, Any] = {
            "supplier_id": supplier.pk,
            "service_id": service.pk,
            "shop_id": shop.pk,
            "user_id": manager.pk,
            "accounts": Account.objects.filter(supplier=supplier).count(),
            "payments": int(sys.argv[1]),
        }
        # Rows are true by how they are made; a million of them need not be checked one by one.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in Path(__file__).with_name("world.sql").read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


if __name__ == "__main__":
    main()
