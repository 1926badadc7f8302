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
        ("charges", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.supplier",
                        verbose_name="поставщик",
                    ),
                ),
                (
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                        verbose_name="лицевой счёт",
                    ),
                ),
                ("subject", models.CharField(max_length=120, verbose_name="тема")),
                ("text", models.TextField(max_length=4000, verbose_name="вопрос")),
                ("about_period", kabinet.common.fields.MonthField(blank=True, null=True, verbose_name="за месяц")),
                (
                    "about_charge",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.charge",
                    ),
                ),
                ("attachment", models.JSONField(blank=True, null=True, verbose_name="приложено")),
                ("request_id", models.UUIDField(editable=False)),
                ("asked_at", models.DateTimeField(verbose_name="задан")),
            ],
            options={
                "verbose_name": "обращение",
                "verbose_name_plural": "обращения",
                "indexes": [models.Index(fields=["user", "-asked_at"], name="question_of_user")],
                "constraints": [
                    models.UniqueConstraint(models.F("user"), models.F("request_id"), name="question_request"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account__isnull", True), ("supplier__isnull", True)),
                            models.Q(("account__isnull", False), ("supplier__isnull", False)),
                            _connector="OR",
                        ),
                        name="question_about_an_account_of_its_supplier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("about_charge__isnull", True),
                                ("about_period__isnull", True),
                                ("attachment__isnull", True),
                            ),
                            models.Q(
                                ("about_period__isnull", False),
                                ("account__isnull", False),
                                ("attachment__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="question_about_charges",
                    ),
                ],
            },
        ),
        CompositeForeignKey("support_question", "account_id", "accounts_account"),
        CompositeForeignKey("support_question", "about_charge_id", "charges_charge"),
    ]
