import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kabinet.common.db
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="номер")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="открыт")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="закрыт")),
                ("surname", models.CharField(blank=True, max_length=80, verbose_name="фамилия")),
                ("given_name", models.CharField(blank=True, max_length=80, verbose_name="имя")),
                ("patronymic", models.CharField(blank=True, max_length=80, verbose_name="отчество")),
                ("postcode", models.CharField(blank=True, max_length=6, verbose_name="индекс")),
                ("locality", models.CharField(blank=True, max_length=120, verbose_name="населённый пункт")),
                ("street_address", models.CharField(blank=True, max_length=160, verbose_name="улица и дом")),
                ("flat", models.CharField(blank=True, max_length=20, verbose_name="квартира")),
                ("residents_count", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="проживает")),
                (
                    "area_m2",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="площадь, м²"
                    ),
                ),
                (
                    "usage_purpose_code",
                    models.SlugField(blank=True, max_length=40, verbose_name="направление использования газа"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "verbose_name": "лицевой счёт",
                "verbose_name_plural": "лицевые счета",
            },
        ),
        migrations.CreateModel(
            name="AccountAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("lite", "неполный доступ"), ("full", "полный доступ")],
                        max_length=4,
                        verbose_name="доступ",
                    ),
                ),
                ("alias", models.CharField(blank=True, max_length=60, verbose_name="название")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="порядок")),
                ("attached_at", models.DateTimeField(verbose_name="подключён")),
                (
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "подключённый счёт",
                "verbose_name_plural": "подключённые счета",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="AttachAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(blank=True, max_length=45)),
                ("number", models.CharField(max_length=40)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("attached", "подключён"),
                            ("unknown", "нет такого номера"),
                            ("proof", "подтверждение не подошло"),
                        ],
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField(db_index=True)),
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
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AttachingLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("locked_at", models.DateTimeField(verbose_name="закрыто")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "закрытое подключение счетов",
                "verbose_name_plural": "закрытые подключения счетов",
            },
        ),
        migrations.CreateModel(
            name="ProofValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("meter_serial", "заводской номер счётчика"),
                            ("last_charge", "последнее начисление"),
                            ("surname", "фамилия"),
                        ],
                        max_length=16,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=40)),
                ("value_hash", models.CharField(max_length=64)),
                (
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
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
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("supplier", "number"), name="account_number"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True),
                    ("opened_on__isnull", True),
                    ("closed_on__gte", models.F("opened_on")),
                    _connector="OR",
                ),
                name="account_closed_after_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountaccess",
            constraint=models.UniqueConstraint(fields=("supplier", "account", "user"), name="account_access_once"),
        ),
        migrations.AddIndex(
            model_name="attachattempt",
            index=models.Index(fields=["user", "made_at"], name="attach_attempt_by_cabinet"),
        ),
        migrations.AddIndex(
            model_name="attachattempt",
            index=models.Index(fields=["network", "made_at"], name="attach_attempt_by_network"),
        ),
        migrations.AddIndex(
            model_name="attachattempt",
            index=models.Index(fields=["supplier", "number", "made_at"], name="attach_attempt_by_number"),
        ),
        migrations.AddConstraint(
            model_name="proofvalue",
            constraint=models.UniqueConstraint(
                fields=("supplier", "account", "kind", "source"), name="proof_value_once"
            ),
        ),
        UniquePair("accounts_account"),
        UniquePair("accounts_accountaccess"),
        UniquePair("accounts_proofvalue"),
        UniquePair("accounts_attachattempt"),
        CompositeForeignKey("accounts_accountaccess", "account_id", "accounts_account"),
        CompositeForeignKey("accounts_proofvalue", "account_id", "accounts_account"),
    ]
