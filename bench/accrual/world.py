"""`python -m bench.accrual.world ACCOUNTS`: fill an empty database with a supplier and its metered accounts."""

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

PRICE = Decimal("9.62400")


def main() -> None:
    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415 - settings first

    from demo.world import checked_at_the_end  # noqa: PLC0415
    from kabinet.charges.models import AccrualPolicy  # noqa: PLC0415
    from kabinet.common.month import Month  # noqa: PLC0415
    from kabinet.ledger import operations as ledger  # noqa: PLC0415
    from kabinet.suppliers.models import Service, Supplier  # noqa: PLC0415
    from kabinet.tariffs.models import Benefit, Norm, Tariff  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with transaction.atomic():
        supplier = Supplier.objects.create(
            code="bench", name="Межрегионгаз", full_name="ООО «Межрегионгаз»", inn="7838016481"
        )
        gas = Service.objects.create(supplier=supplier, code=Service.GAS, name="Газ", is_main=True)
        Service.objects.create(supplier=supplier, code=Service.PENALTY, name="Пени", position=90)
        set_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        Tariff.objects.create(
            supplier=supplier,
            service=gas,
            price_rub_per_m3=PRICE,
            printed_price=PRICE,
            valid_from=dt.date(2020, 1, 1),
            source="Приказ № 1",
            set_at=set_at,
        )
        Norm.objects.create(
            supplier=supplier,
            unit=Norm.Unit.PERSON,
            printed_value=Decimal(10),
            printed_period=Norm.PrintedPeriod.MONTH,
            monthly_m3=[Decimal(10)] * 12,
            valid_from=dt.date(2020, 1, 1),
            source="Приказ № 2",
            set_at=set_at,
        )
        benefit = Benefit.objects.create(
            supplier=supplier,
            service=gas,
            code="veteran",
            name="Ветеран",
            share_percent=Decimal(50),
            limit_m3=Decimal(20),
            source="Закон № 3",
            set_at=set_at,
        )
        AccrualPolicy.objects.create(
            supplier=supplier,
            from_month=Month(2020, 1),
            price_split=AccrualPolicy.PriceSplit.BY_DAYS,
            recalculate_norm_months=AccrualPolicy.RecalculateNorm.BY_OPERATOR,
            average_of_months=12,
            average_at_most_months=3,
            removed_at_most_months=3,
            odd_ratio=Decimal(10),
            silent_months=12,
            penalty_recheck_months=6,
        )
        values: dict[str, Any] = {
            "accounts": int(sys.argv[1]),
            "supplier_id": supplier.id,
            "service_id": gas.id,
            "benefit_id": benefit.id,
            "price": PRICE,
            "revenue_id": ledger.supplier_book(supplier.id, "revenue"),
            "bank_id": ledger.supplier_book(supplier.id, "bank"),
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
