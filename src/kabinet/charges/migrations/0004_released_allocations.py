import django.db.models.deletion
from django.db import migrations, models

import kabinet.common.db
import kabinet.common.fields
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    dependencies = [
        ("charges", "0003_accrual"),
        ("ledger", "0004_kinds_of_accrual"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReleasedAllocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_rub", kabinet.common.fields.MoneyField()),
                ("released_on", models.DateField()),
                (
                    "charge",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.charge",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.supplier",
                        verbose_name="поставщик",
                    ),
                ),
                (
                    "transfer",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "отменённый зачёт",
                "verbose_name_plural": "отменённые зачёты",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_rub__gt", 0)), name="released_allocation_above_zero"
                    ),
                ],
                "indexes": [
                    models.Index(models.F("supplier"), models.F("charge"), name="released_allocation_by_charge"),
                ],
            },
        ),
        UniquePair("charges_releasedallocation"),
        CompositeForeignKey("charges_releasedallocation", "transfer_id", "ledger_transfer"),
        CompositeForeignKey("charges_releasedallocation", "charge_id", "charges_charge"),
    ]
