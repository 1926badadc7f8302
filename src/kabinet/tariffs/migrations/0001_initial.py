import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kabinet.common.db
import kabinet.common.fields
import kabinet.tariffs.models.law
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("suppliers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Benefit",
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
                    "service",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.service",
                        verbose_name="услуга",
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="код")),
                ("name", models.CharField(max_length=160, verbose_name="название")),
                (
                    "share_percent",
                    kabinet.common.fields.ExactDecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="доля, %"
                    ),
                ),
                (
                    "limit_m3",
                    kabinet.common.fields.VolumeField(blank=True, null=True, verbose_name="в пределах, м³ в месяц"),
                ),
                ("is_limit_per_head", models.BooleanField(default=False, verbose_name="на каждого проживающего")),
                (
                    "monthly_rub",
                    kabinet.common.fields.MoneyField(blank=True, null=True, verbose_name="сумма в месяц, ₽"),
                ),
                ("funded_by", models.CharField(blank=True, max_length=160, verbose_name="кто возмещает")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "льгота",
                "verbose_name_plural": "льготы",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "code"), name="benefit_code"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("monthly_rub__isnull", True), ("share_percent__isnull", False)),
                            models.Q(
                                ("limit_m3__isnull", True),
                                ("monthly_rub__isnull", False),
                                ("share_percent__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="benefit_share_or_sum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share_percent__isnull", True),
                            models.Q(("share_percent__gt", 0), ("share_percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="benefit_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("monthly_rub__isnull", True), ("monthly_rub__gt", 0), _connector="OR"),
                            models.Q(("limit_m3__isnull", True), ("limit_m3__gt", 0), _connector="OR"),
                        ),
                        name="benefit_above_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BenefitGrant",
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
                (
                    "benefit",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tariffs.benefit",
                        verbose_name="льгота",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="с")),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="первый день без льготы", null=True, verbose_name="до"),
                ),
                ("document", models.CharField(blank=True, max_length=250, verbose_name="документ")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "льгота лицевого счёта",
                "verbose_name_plural": "льготы лицевых счетов",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("account", "="),
                            ("benefit", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="benefit_grant_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="benefit_grant_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyFee",
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
                (
                    "service",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.service",
                        verbose_name="услуга",
                    ),
                ),
                ("monthly_rub", kabinet.common.fields.MoneyField(verbose_name="в месяц, ₽")),
                ("valid_from", models.DateField(verbose_name="с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="до")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="договор")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "ежемесячная плата",
                "verbose_name_plural": "ежемесячные платы",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("account", "="),
                            ("service", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="monthly_fee_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="monthly_fee_days",
                    ),
                    models.CheckConstraint(condition=models.Q(("monthly_rub__gt", 0)), name="monthly_fee_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PenaltyRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(unique=True, verbose_name="с")),
                (
                    "rate_percent",
                    kabinet.tariffs.models.law.PercentField(
                        decimal_places=2, max_digits=5, verbose_name="ставка, % годовых"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="решение")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "ключевая ставка",
                "verbose_name_plural": "ключевые ставки",
                "ordering": ["valid_from"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("rate_percent__gt", 0)), name="penalty_rate_above_zero")
                ],
            },
        ),
        migrations.CreateModel(
            name="PenaltyCap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="до")),
                (
                    "rate_percent",
                    kabinet.tariffs.models.law.PercentField(
                        decimal_places=2, max_digits=5, verbose_name="не больше, % годовых"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "предел ставки пеней",
                "verbose_name_plural": "пределы ставки пеней",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&")
                        ],
                        name="penalty_cap_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="penalty_cap_days",
                    ),
                    models.CheckConstraint(condition=models.Q(("rate_percent__gt", 0)), name="penalty_cap_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PenaltyStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="с")),
                ("from_day", models.PositiveSmallIntegerField(verbose_name="с дня просрочки")),
                ("divisor", models.PositiveSmallIntegerField(verbose_name="часть ставки: 1 из")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "ступень пеней",
                "verbose_name_plural": "ступени пеней",
                "ordering": ["valid_from", "from_day"],
                "constraints": [
                    models.UniqueConstraint(models.F("valid_from"), models.F("from_day"), name="penalty_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("divisor__gt", 0), ("from_day__gt", 0)), name="penalty_step_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PenaltyMoratorium",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="до")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "мораторий на пени",
                "verbose_name_plural": "моратории на пени",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&")
                        ],
                        name="penalty_moratorium_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="penalty_moratorium_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VatRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="до")),
                (
                    "rate_percent",
                    kabinet.tariffs.models.law.PercentField(decimal_places=2, max_digits=5, verbose_name="ставка, %"),
                ),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "ставка НДС",
                "verbose_name_plural": "ставки НДС",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&")
                        ],
                        name="vat_rate_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="vat_rate_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Norm",
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
                ("region_code", models.SlugField(blank=True, max_length=40, verbose_name="регион")),
                (
                    "usage_purpose_code",
                    models.SlugField(blank=True, max_length=40, verbose_name="направление использования газа"),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("person", "на человека"), ("m2", "на м²"), ("unit", "на единицу")],
                        max_length=6,
                        verbose_name="на что",
                    ),
                ),
                ("unit_code", models.SlugField(blank=True, max_length=40, verbose_name="единица")),
                ("unit_name", models.CharField(blank=True, max_length=80, verbose_name="название единицы")),
                ("printed_value", kabinet.common.fields.VolumeField(verbose_name="норматив в акте, м³")),
                (
                    "printed_period",
                    models.CharField(
                        choices=[("month", "в месяц"), ("year", "в год")], max_length=5, verbose_name="за какой срок"
                    ),
                ),
                (
                    "monthly_m3",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=kabinet.common.fields.VolumeField(), size=12, verbose_name="по месяцам, м³"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="действует с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="действует до")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "норматив",
                "verbose_name_plural": "нормативы",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("region_code", "="),
                            ("usage_purpose_code", "="),
                            ("unit", "="),
                            ("unit_code", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="norm_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="norm_days",
                    ),
                    models.CheckConstraint(condition=models.Q(("monthly_m3__len", 12)), name="norm_of_twelve_months"),
                    models.CheckConstraint(condition=models.Q(("printed_value__gt", 0)), name="norm_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("unit", "unit"), models.Q(("unit_code", ""), _negated=True)),
                            models.Q(models.Q(("unit", "unit"), _negated=True), ("unit_code", "")),
                            _connector="OR",
                        ),
                        name="norm_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VolumeFactor",
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
                ("region_code", models.SlugField(blank=True, max_length=40, verbose_name="регион")),
                (
                    "factor",
                    kabinet.common.fields.ExactDecimalField(decimal_places=5, max_digits=7, verbose_name="коэффициент"),
                ),
                ("valid_from", models.DateField(verbose_name="действует с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="действует до")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задано")),
            ],
            options={
                "verbose_name": "температурный коэффициент",
                "verbose_name_plural": "температурные коэффициенты",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("region_code", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="volume_factor_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="volume_factor_days",
                    ),
                    models.CheckConstraint(condition=models.Q(("factor__gt", 0)), name="volume_factor_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tariff",
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
                    "service",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.service",
                        verbose_name="услуга",
                    ),
                ),
                (
                    "usage_purpose_code",
                    models.SlugField(blank=True, max_length=40, verbose_name="направление использования газа"),
                ),
                ("zone", models.CharField(blank=True, max_length=2, verbose_name="зона")),
                ("above_m3", kabinet.common.fields.VolumeField(default=0, verbose_name="сверх объёма за год, м³")),
                ("price_rub_per_m3", kabinet.common.fields.PriceField(verbose_name="цена, ₽/м³")),
                ("valid_from", models.DateField(verbose_name="действует с")),
                (
                    "valid_until",
                    models.DateField(
                        blank=True, help_text="первый день без этой цены", null=True, verbose_name="действует до"
                    ),
                ),
                ("printed_price", kabinet.common.fields.PriceField(verbose_name="цена в приказе")),
                (
                    "printed_unit",
                    models.CharField(
                        choices=[("m3", "₽ за м³"), ("1000m3", "₽ за 1000 м³")],
                        default="m3",
                        max_length=8,
                        verbose_name="единица в приказе",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="приказ")),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="задана")),
            ],
            options={
                "verbose_name": "тариф",
                "verbose_name_plural": "тарифы",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("service", "="),
                            ("usage_purpose_code", "="),
                            ("zone", "="),
                            ("above_m3", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="tariff_one_price_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="tariff_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("above_m3__gte", 0), ("price_rub_per_m3__gt", 0), ("printed_price__gt", 0)),
                        name="tariff_above_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermsProposal",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("price", "цена"),
                            ("order", "приказ о ценах"),
                            ("norm", "норматив"),
                            ("factor", "температурный коэффициент"),
                            ("benefit", "льгота"),
                        ],
                        max_length=8,
                        verbose_name="что",
                    ),
                ),
                ("values", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "ждёт второго сотрудника"),
                            ("approved", "подтверждено"),
                            ("declined", "отклонено"),
                            ("withdrawn", "отозвано"),
                            ("lapsed", "снято"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="состояние",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="пояснение")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="предложено")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="решено")),
            ],
            options={
                "verbose_name": "предложенные цены и нормативы",
                "verbose_name_plural": "предложенные цены и нормативы",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="terms_proposal_decided_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "declined"]), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="terms_proposal_two_people",
                    ),
                ],
            },
        ),
        UniquePair("tariffs_benefit"),
        UniquePair("tariffs_tariff"),
        CompositeForeignKey("tariffs_benefit", "service_id", "suppliers_service"),
        CompositeForeignKey("tariffs_benefitgrant", "account_id", "accounts_account"),
        CompositeForeignKey("tariffs_benefitgrant", "benefit_id", "tariffs_benefit"),
        CompositeForeignKey("tariffs_monthlyfee", "account_id", "accounts_account"),
        CompositeForeignKey("tariffs_monthlyfee", "service_id", "suppliers_service"),
        CompositeForeignKey("tariffs_tariff", "service_id", "suppliers_service"),
    ]
