import django.db.models.deletion
from django.db import migrations, models

import kabinet.common.db
import kabinet.common.fields
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    dependencies = [
        ("charges", "0001_initial"),
        ("ledger", "0003_chargebacks"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_rub", kabinet.common.fields.MoneyField()),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.transfer"
                    ),
                ),
            ],
            options={
                "verbose_name": "возврат зачтённого",
                "verbose_name_plural": "возвраты зачтённого",
                "constraints": [
                    models.UniqueConstraint(models.F("supplier"), models.F("transfer"), name="credit_return_once"),
                    models.CheckConstraint(condition=models.Q(("amount_rub__gt", 0)), name="credit_return_above_zero"),
                ],
            },
        ),
        UniquePair("charges_creditreturn"),
        CompositeForeignKey("charges_creditreturn", "transfer_id", "ledger_transfer"),
    ]
