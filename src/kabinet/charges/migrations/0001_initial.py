import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kabinet.common.db
import kabinet.common.fields
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("ledger", "0002_pairs_and_append_only"),
        ("meters", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditReturn",
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
                    "transfer",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.transfer"
                    ),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField()),
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
        migrations.CreateModel(
            name="AccrualPolicy",
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
                ("from_month", kabinet.common.fields.MonthField(verbose_name="с периода")),
                (
                    "price_split",
                    models.CharField(
                        choices=[
                            ("by_days", "по дням"),
                            ("by_control_reading", "по контрольному показанию, без него по дням"),
                            ("whole_period_new_price", "весь расход по новой цене"),
                        ],
                        max_length=24,
                        verbose_name="смена цены между показаниями",
                    ),
                ),
                (
                    "recalculate_norm_months",
                    models.CharField(
                        choices=[("never", "никогда"), ("by_operator", "по решению сотрудника"), ("auto", "всегда")],
                        max_length=12,
                        verbose_name="пересчитывать месяцы по нормативу",
                    ),
                ),
                (
                    "average_of_months",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="среднее за, месяцев"
                    ),
                ),
                (
                    "average_at_most_months",
                    models.PositiveSmallIntegerField(verbose_name="по среднему не дольше, месяцев"),
                ),
                (
                    "removed_at_most_months",
                    models.PositiveSmallIntegerField(verbose_name="снятый счётчик: по среднему не дольше, месяцев"),
                ),
                (
                    "odd_ratio",
                    kabinet.common.fields.ExactDecimalField(
                        decimal_places=2, max_digits=5, verbose_name="во сколько раз больше обычного — сообщить"
                    ),
                ),
                ("silent_months", models.PositiveSmallIntegerField(verbose_name="месяцев без показаний — сообщить")),
                ("charges_penalties", models.BooleanField(default=True, verbose_name="начислять пени")),
                (
                    "penalty_recheck_months",
                    models.PositiveSmallIntegerField(verbose_name="перепроверять пени за, месяцев"),
                ),
            ],
            options={
                "verbose_name": "порядок начисления",
                "verbose_name_plural": "порядок начисления",
                "ordering": ["from_month"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "from_month"), name="accrual_policy_from_month"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("average_of_months__gt", 0), ("odd_ratio__gt", 1), ("silent_months__gt", 0)
                        ),
                        name="accrual_policy_counts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccrualRun",
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
                        choices=[("regular", "начисление"), ("correction", "перерасчёт")],
                        default="regular",
                        max_length=12,
                        verbose_name="вид",
                    ),
                ),
                ("period", kabinet.common.fields.MonthField(verbose_name="период")),
                ("for_period", kabinet.common.fields.MonthField(blank=True, null=True, verbose_name="за период")),
                ("reason", models.CharField(blank=True, max_length=250, verbose_name="причина")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("computing", "считается"),
                            ("ready", "посчитано, ждёт проверки"),
                            ("posting", "проводится"),
                            ("released", "проведено"),
                            ("cancelled", "отменено"),
                        ],
                        default="computing",
                        max_length=12,
                        verbose_name="состояние",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="начато")),
                ("known_acts", models.JSONField(default=list)),
                ("computed_at", models.DateTimeField(blank=True, null=True, verbose_name="посчитано")),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("release_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="проведение начато")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="проведено")),
            ],
            options={
                "verbose_name": "начисление месяца",
                "verbose_name_plural": "начисления месяцев",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        condition=models.Q(("state__in", ["computing", "ready", "posting"])),
                        name="accrual_run_one_at_a_time",
                    ),
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("period"),
                        condition=models.Q(("kind", "regular"), models.Q(("state", "cancelled"), _negated=True)),
                        name="accrual_run_one_of_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("for_period__isnull", True), ("kind", "regular")),
                            models.Q(
                                ("for_period__isnull", False),
                                ("for_period__lt", models.F("period")),
                                ("kind", "correction"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="accrual_run_correction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_by__isnull", True),
                            ("asked_by__isnull", True),
                            models.Q(("released_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="accrual_run_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Charge",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "service",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.service"
                    ),
                ),
                ("period", kabinet.common.fields.MonthField(verbose_name="период")),
                ("line_no", models.PositiveSmallIntegerField(verbose_name="строка")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("metered", "по счётчику"),
                            ("average", "по среднему расходу"),
                            ("norm", "по нормативу"),
                            ("correction", "перерасчёт"),
                            ("fixed", "по договору"),
                            ("benefit", "льгота"),
                            ("penalty", "пени"),
                            ("adjustment", "корректировка"),
                            ("opening", "входящий остаток"),
                            ("imported", "по данным поставщика"),
                        ],
                        max_length=12,
                        verbose_name="вид",
                    ),
                ),
                ("volume_m3", kabinet.common.fields.VolumeField(blank=True, null=True, verbose_name="объём, м³")),
                (
                    "price_rub_per_m3",
                    kabinet.common.fields.PriceField(blank=True, null=True, verbose_name="цена, ₽/м³"),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("formula", models.CharField(blank=True, max_length=250, verbose_name="расчёт")),
                ("inputs", models.JSONField(default=dict)),
                ("rule_source", models.CharField(blank=True, max_length=250, verbose_name="основание")),
                (
                    "meter",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.meter",
                    ),
                ),
                (
                    "scale",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.meterscale",
                    ),
                ),
                (
                    "reading",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.reading",
                    ),
                ),
                ("used_since", models.DateField(blank=True, null=True, verbose_name="расход с")),
                ("used_until", models.DateField(blank=True, null=True, verbose_name="расход до")),
                ("for_period", kabinet.common.fields.MonthField(blank=True, null=True, verbose_name="за период")),
                ("settled_rub", kabinet.common.fields.MoneyField(default=0, verbose_name="погашено, ₽")),
                ("charged_on", models.DateField(verbose_name="начислено")),
                (
                    "run",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.accrualrun",
                    ),
                ),
                (
                    "reverses",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.charge",
                    ),
                ),
            ],
            options={
                "verbose_name": "начисление",
                "verbose_name_plural": "начисления",
                "indexes": [
                    models.Index(models.F("supplier"), models.F("reading"), name="charge_by_reading"),
                    models.Index(
                        models.F("supplier"),
                        models.F("account"),
                        condition=models.Q(("settled_rub__lt", models.F("amount_rub"))),
                        name="charge_unpaid_of_account",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("account"),
                        models.F("service"),
                        models.F("period"),
                        models.F("line_no"),
                        name="charge_line",
                    ),
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("reverses"),
                        condition=models.Q(("reverses__isnull", False)),
                        name="charge_reversed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_rub__gte", 0), ("settled_rub__lte", models.F("amount_rub"))),
                            models.Q(("amount_rub__lt", 0), ("settled_rub", 0)),
                            _connector="OR",
                        ),
                        name="charge_settled_within_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("adjustment", "корректировка"),
                            ("write_off", "списание долга"),
                            ("restoration", "восстановление долга"),
                            ("opening", "входящий остаток"),
                        ],
                        max_length=12,
                        verbose_name="вид",
                    ),
                ),
                ("period", kabinet.common.fields.MonthField(verbose_name="период")),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("reason", models.CharField(max_length=250, verbose_name="причина")),
                (
                    "charge",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.charge",
                    ),
                ),
                (
                    "restores",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.adjustment",
                    ),
                ),
                ("request_id", models.UUIDField()),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="сделана")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "корректировка",
                "verbose_name_plural": "корректировки",
                "constraints": [
                    models.UniqueConstraint(models.F("supplier"), models.F("request_id"), name="adjustment_request"),
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("restores"),
                        condition=models.Q(("restores__isnull", False)),
                        name="adjustment_restored_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["adjustment", "opening"]), models.Q(("amount_rub", 0), _negated=True)
                            ),
                            models.Q(("amount_rub__lt", 0), ("kind", "write_off")),
                            models.Q(("amount_rub__gt", 0), ("kind", "restoration"), ("restores__isnull", False)),
                            _connector="OR",
                        ),
                        name="adjustment_sign",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="adjustment_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_rub__gt", 0),
                            models.Q(
                                ("approved_by__isnull", False),
                                models.Q(("approved_by", models.F("made_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("adjustment", "корректировка"),
                            ("write_off", "списание долга"),
                            ("opening", "входящий остаток"),
                        ],
                        max_length=12,
                        verbose_name="вид",
                    ),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("on", models.DateField(blank=True, null=True, verbose_name="на начало дня")),
                ("reason", models.CharField(max_length=250, verbose_name="причина")),
                ("owed_rub", kabinet.common.fields.MoneyField(verbose_name="счёт был должен, ₽")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "ждёт второго сотрудника"),
                            ("approved", "проведено"),
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
                ("request_id", models.UUIDField()),
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
                (
                    "document",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.adjustment",
                    ),
                ),
            ],
            options={
                "verbose_name": "предложенный документ",
                "verbose_name_plural": "предложенные документы",
                "constraints": [
                    models.UniqueConstraint(models.F("supplier"), models.F("request_id"), name="proposal_request"),
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("account"),
                        models.F("service"),
                        condition=models.Q(("state", "waiting")),
                        name="proposal_one_waits",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_rub__lt", 0)), name="proposal_lowers"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="proposal_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "opening"), ("on__isnull", False)),
                            models.Q(models.Q(("kind", "opening"), _negated=True), ("on__isnull", True)),
                            _connector="OR",
                        ),
                        name="proposal_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_decided_once",
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
                        name="proposal_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", False), ("state", "approved")),
                            models.Q(models.Q(("state", "approved"), _negated=True), ("document__isnull", True)),
                            _connector="OR",
                        ),
                        name="proposal_becomes_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
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
                    "transfer",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.transfer"
                    ),
                ),
                (
                    "charge",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="charges.charge"
                    ),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField()),
                ("rule", models.CharField(max_length=20)),
            ],
            options={
                "verbose_name": "зачёт оплаты",
                "verbose_name_plural": "зачёты оплат",
                "indexes": [models.Index(models.F("supplier"), models.F("charge"), name="allocation_by_charge")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("transfer"), models.F("charge"), name="allocation_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_rub__gt", 0)), name="allocation_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleasedAllocation",
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
                    "transfer",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.transfer",
                    ),
                ),
                (
                    "charge",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.charge",
                    ),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField()),
                ("released_on", models.DateField()),
            ],
            options={
                "verbose_name": "отменённый зачёт",
                "verbose_name_plural": "отменённые зачёты",
                "indexes": [
                    models.Index(models.F("supplier"), models.F("charge"), name="released_allocation_by_charge")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_rub__gt", 0)), name="released_allocation_above_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccrualBatch",
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
                    "run",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="charges.accrualrun"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="номер")),
                ("first_account_id", models.BigIntegerField()),
                ("last_account_id", models.BigIntegerField()),
                ("accounts_count", models.PositiveIntegerField(verbose_name="счетов")),
                ("summary", models.JSONField(default=list)),
                ("terms_digest", models.CharField(blank=True, max_length=64)),
                ("computed_at", models.DateTimeField(blank=True, null=True)),
                ("posted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "часть начисления",
                "verbose_name_plural": "части начисления",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("run"), models.F("number"), name="accrual_batch_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_account_id__gte", models.F("first_account_id"))),
                        name="accrual_batch_accounts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftCharge",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "service",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.service"
                    ),
                ),
                ("period", kabinet.common.fields.MonthField(verbose_name="период")),
                ("line_no", models.PositiveSmallIntegerField(verbose_name="строка")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("metered", "по счётчику"),
                            ("average", "по среднему расходу"),
                            ("norm", "по нормативу"),
                            ("correction", "перерасчёт"),
                            ("fixed", "по договору"),
                            ("benefit", "льгота"),
                            ("penalty", "пени"),
                            ("adjustment", "корректировка"),
                            ("opening", "входящий остаток"),
                            ("imported", "по данным поставщика"),
                        ],
                        max_length=12,
                        verbose_name="вид",
                    ),
                ),
                ("volume_m3", kabinet.common.fields.VolumeField(blank=True, null=True, verbose_name="объём, м³")),
                (
                    "price_rub_per_m3",
                    kabinet.common.fields.PriceField(blank=True, null=True, verbose_name="цена, ₽/м³"),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("formula", models.CharField(blank=True, max_length=250, verbose_name="расчёт")),
                ("inputs", models.JSONField(default=dict)),
                ("rule_source", models.CharField(blank=True, max_length=250, verbose_name="основание")),
                (
                    "meter",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.meter",
                    ),
                ),
                (
                    "scale",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.meterscale",
                    ),
                ),
                (
                    "reading",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.reading",
                    ),
                ),
                ("used_since", models.DateField(blank=True, null=True, verbose_name="расход с")),
                ("used_until", models.DateField(blank=True, null=True, verbose_name="расход до")),
                ("for_period", kabinet.common.fields.MonthField(blank=True, null=True, verbose_name="за период")),
                (
                    "run",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="charges.accrualrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "черновик начисления",
                "verbose_name_plural": "черновики начислений",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("run"),
                        models.F("account"),
                        models.F("service"),
                        models.F("line_no"),
                        name="draft_charge_line",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Oddity",
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
                    "run",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="charges.accrualrun"
                    ),
                ),
                (
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("no_tariff", "нет цены"),
                            ("no_norm", "нет норматива"),
                            ("no_factor", "нет температурного коэффициента"),
                            ("no_rate", "нет ставки пеней или срока оплаты"),
                            ("much_more", "намного больше обычного"),
                            ("silent", "давно нет показаний"),
                            ("unverified", "истекла поверка"),
                            ("price_split", "нет контрольного показания на смену цены"),
                            ("negative", "сумма меньше нуля"),
                            ("failed", "не посчитано из-за ошибки"),
                        ],
                        max_length=12,
                        verbose_name="вид",
                    ),
                ),
                ("details", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "странность",
                "verbose_name_plural": "странности",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("run"), models.F("account"), models.F("kind"), name="oddity_once"
                    )
                ],
            },
        ),
        UniquePair("charges_creditreturn"),
        UniquePair("charges_accrualrun"),
        UniquePair("charges_charge"),
        UniquePair("charges_adjustment"),
        UniquePair("charges_allocation"),
        UniquePair("charges_releasedallocation"),
        CompositeForeignKey("charges_creditreturn", "transfer_id", "ledger_transfer"),
        CompositeForeignKey("charges_charge", "account_id", "accounts_account"),
        CompositeForeignKey("charges_charge", "service_id", "suppliers_service"),
        CompositeForeignKey("charges_charge", "meter_id", "meters_meter"),
        CompositeForeignKey("charges_charge", "scale_id", "meters_meterscale"),
        CompositeForeignKey("charges_charge", "reading_id", "meters_reading"),
        CompositeForeignKey("charges_charge", "run_id", "charges_accrualrun"),
        CompositeForeignKey("charges_charge", "reverses_id", "charges_charge"),
        CompositeForeignKey("charges_adjustment", "account_id", "accounts_account"),
        CompositeForeignKey("charges_adjustment", "service_id", "suppliers_service"),
        CompositeForeignKey("charges_adjustment", "charge_id", "charges_charge"),
        CompositeForeignKey("charges_adjustment", "restores_id", "charges_adjustment"),
        CompositeForeignKey("charges_proposal", "account_id", "accounts_account"),
        CompositeForeignKey("charges_proposal", "service_id", "suppliers_service"),
        CompositeForeignKey("charges_proposal", "document_id", "charges_adjustment"),
        CompositeForeignKey("charges_allocation", "transfer_id", "ledger_transfer"),
        CompositeForeignKey("charges_allocation", "charge_id", "charges_charge"),
        CompositeForeignKey("charges_releasedallocation", "transfer_id", "ledger_transfer"),
        CompositeForeignKey("charges_releasedallocation", "charge_id", "charges_charge"),
        CompositeForeignKey("charges_accrualbatch", "run_id", "charges_accrualrun"),
        CompositeForeignKey("charges_draftcharge", "account_id", "accounts_account"),
        CompositeForeignKey("charges_draftcharge", "run_id", "charges_accrualrun"),
        CompositeForeignKey("charges_oddity", "run_id", "charges_accrualrun"),
        CompositeForeignKey("charges_oddity", "account_id", "accounts_account"),
    ]
