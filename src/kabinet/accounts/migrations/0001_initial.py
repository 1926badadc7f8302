import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import kabinet.common.db
import kabinet.common.fields
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        BtreeGistExtension(),  # for the exclusion constraints of this app and of those above it
        migrations.CreateModel(
            name="Account",
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
                ("region_code", models.SlugField(blank=True, max_length=40, verbose_name="регион нормативов")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "лицевой счёт",
                "verbose_name_plural": "лицевые счета",
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "number"), name="account_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("opened_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="account_closed_after_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Residence",
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
                ("valid_from", models.DateField(verbose_name="с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="до")),
                ("residents_count", models.PositiveSmallIntegerField(verbose_name="проживает")),
                (
                    "area_m2",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="площадь, м²"
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=250, verbose_name="документ")),
            ],
            options={
                "verbose_name": "проживающие и площадь",
                "verbose_name_plural": "проживающие и площадь",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("account", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="residence_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="residence_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                ("valid_from", models.DateField(verbose_name="с")),
                ("valid_until", models.DateField(verbose_name="до")),
                (
                    "residents_count",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="отсутствует"
                    ),
                ),
                ("document", models.CharField(max_length=250, verbose_name="документ")),
            ],
            options={
                "verbose_name": "временное отсутствие",
                "verbose_name_plural": "временные отсутствия",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("account", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="absence_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="absence_days",
                    ),
                    models.CheckConstraint(condition=models.Q(("residents_count__gt", 0)), name="absence_of_somebody"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NormUnits",
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
                ("unit_code", models.SlugField(max_length=40, verbose_name="единица")),
                ("units_count", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="сколько")),
                ("valid_from", models.DateField(verbose_name="с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="до")),
            ],
            options={
                "verbose_name": "единицы норматива",
                "verbose_name_plural": "единицы норматива",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("account", "="),
                            ("unit_code", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="norm_units_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="norm_units_days",
                    ),
                    models.CheckConstraint(condition=models.Q(("units_count__gt", 0)), name="norm_units_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountAccess",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
            ],
            options={
                "verbose_name": "подключённый счёт",
                "verbose_name_plural": "подключённые счета",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "account", "user"), name="account_access_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProofValue",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "account", "kind", "source"), name="proof_value_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachAttempt",
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
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "made_at"], name="attach_attempt_by_cabinet"),
                    models.Index(fields=["network", "made_at"], name="attach_attempt_by_network"),
                    models.Index(fields=["supplier", "number", "made_at"], name="attach_attempt_by_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachingLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("locked_at", models.DateTimeField(verbose_name="закрыто")),
                ("lifted_at", models.DateTimeField(editable=False, null=True, verbose_name="открыто снова")),
            ],
            options={
                "verbose_name": "закрытое подключение счетов",
                "verbose_name_plural": "закрытые подключения счетов",
            },
        ),
        UniquePair("accounts_account"),
        UniquePair("accounts_accountaccess"),
        UniquePair("accounts_proofvalue"),
        UniquePair("accounts_attachattempt"),
        CompositeForeignKey("accounts_residence", "account_id", "accounts_account"),
        CompositeForeignKey("accounts_absence", "account_id", "accounts_account"),
        CompositeForeignKey("accounts_normunits", "account_id", "accounts_account"),
        CompositeForeignKey("accounts_accountaccess", "account_id", "accounts_account"),
        CompositeForeignKey("accounts_proofvalue", "account_id", "accounts_account"),
    ]
