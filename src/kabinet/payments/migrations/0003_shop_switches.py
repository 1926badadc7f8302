import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kabinet.common.db
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_sums_from_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShopSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.shop",
                        verbose_name="магазин",
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
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "включение магазина",
                "verbose_name_plural": "включения магазинов",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("applied_at", None), ("withdrawn_at", None)),
                        fields=("supplier",),
                        name="shop_switch_one_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                        name="shop_switch_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at", None), ("due_at", None)),
                            models.Q(("confirmed_by__isnull", False), ("due_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="shop_switch_confirmed_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("applied_at", None), ("withdrawn_at", None), _connector="OR"),
                        name="shop_switch_one_end",
                    ),
                ],
            },
        ),
        UniquePair("payments_shopswitch"),
        CompositeForeignKey("payments_shopswitch", "shop_id", "payments_shop"),
    ]
