import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kabinet.common.db
from kabinet.common.db import CompositeForeignKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("suppliers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=120, verbose_name="тема")),
                ("text", models.TextField(max_length=4000, verbose_name="вопрос")),
                ("request_id", models.UUIDField(editable=False)),
                ("asked_at", models.DateTimeField(verbose_name="задан")),
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
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                ],
            },
        ),
        CompositeForeignKey("support_question", "account_id", "accounts_account"),
    ]
