import django.db.models.deletion
from django.db import migrations, models

import kabinet.common.db
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentRegister",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="номер")),
                ("day", models.DateField(verbose_name="день")),
                ("made_at", models.DateTimeField(verbose_name="составлен")),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("lines_count", models.PositiveIntegerField(verbose_name="строк")),
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
            ],
            options={
                "verbose_name": "реестр платежей",
                "verbose_name_plural": "реестры платежей",
            },
        ),
        migrations.CreateModel(
            name="SentDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_kind", models.CharField(max_length=30)),
                ("source_id", models.CharField(max_length=64)),
                (
                    "register",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="registers.paymentregister",
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
            ],
            options={
                "verbose_name": "переданный документ",
                "verbose_name_plural": "переданные документы",
            },
        ),
        migrations.AddConstraint(
            model_name="paymentregister",
            constraint=models.UniqueConstraint(fields=("supplier", "number"), name="payment_register_number"),
        ),
        migrations.AddConstraint(
            model_name="sentdocument",
            constraint=models.UniqueConstraint(
                fields=("supplier", "source_kind", "source_id"), name="document_sent_once"
            ),
        ),
        UniquePair("registers_paymentregister"),
        CompositeForeignKey("registers_sentdocument", "register_id", "registers_paymentregister"),
    ]
