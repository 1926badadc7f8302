import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kabinet.common.db
import kabinet.common.fields
from kabinet.common.db import CompositeForeignKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                        verbose_name="лицевой счёт",
                    ),
                ),
                ("code", models.CharField(max_length=16, unique=True, verbose_name="код проверки")),
                ("stated_on", models.DateField(verbose_name="на день")),
                (
                    "charged_period",
                    kabinet.common.fields.MonthField(blank=True, null=True, verbose_name="начислено по"),
                ),
                ("advance_rub", kabinet.common.fields.MoneyField(verbose_name="переплата, ₽")),
                ("account_number", models.CharField(max_length=40, verbose_name="номер счёта")),
                ("payer_name", models.CharField(blank=True, max_length=250, verbose_name="плательщик")),
                ("address", models.CharField(blank=True, max_length=400, verbose_name="адрес")),
                (
                    "issued_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("issued_at", models.DateTimeField(verbose_name="выдана")),
            ],
            options={
                "verbose_name": "справка",
                "verbose_name_plural": "справки",
                "ordering": ["-stated_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("account"), models.F("stated_on"), name="certificate_one_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("advance_rub__gte", 0)), name="certificate_without_debt"
                    ),
                ],
            },
        ),
        CompositeForeignKey("bills_certificate", "account_id", "accounts_account"),
    ]
