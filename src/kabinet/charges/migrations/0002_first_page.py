import django.db.models.deletion
from django.db import migrations, models

import kabinet.common.fields


class Migration(migrations.Migration):
    dependencies = [("charges", "0001_initial"), ("suppliers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unpaid", "не оплачено за месяц"),
                            ("undated", "долг без месяца"),
                            ("debtors", "счета с долгом"),
                            ("readings", "показания за день"),
                            ("scales", "шкалы, с которых их ждут"),
                        ],
                        max_length=10,
                        verbose_name="что",
                    ),
                ),
                ("on", models.DateField(null=True, verbose_name="за какой день")),
                ("count", models.PositiveBigIntegerField(verbose_name="сколько")),
                ("amount_rub", kabinet.common.fields.MoneyField(default=0, verbose_name="сумма, ₽")),
                ("counted_at", models.DateTimeField(verbose_name="посчитано")),
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
                "verbose_name": "показатель",
                "verbose_name_plural": "показатели",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("kind"),
                        models.F("on"),
                        name="figure_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
