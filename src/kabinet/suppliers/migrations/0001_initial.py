from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import kabinet.common.fields
from kabinet.common.db import UniquePair


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="код")),
                ("name", models.CharField(max_length=120, verbose_name="название")),
                (
                    "name_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            django.db.models.functions.text.Lower("name"), models.Value("ё"), models.Value("е")
                        ),
                        output_field=models.CharField(max_length=120),
                    ),
                ),
                ("full_name", models.CharField(max_length=250, verbose_name="полное название")),
                ("inn", models.CharField(max_length=12, verbose_name="ИНН")),
                ("kpp", models.CharField(blank=True, max_length=9, verbose_name="КПП")),
                ("time_zone", models.CharField(default="Europe/Moscow", max_length=40, verbose_name="часовой пояс")),
                (
                    "billing",
                    models.CharField(
                        choices=[("external", "у поставщика, реестрами"), ("kabinet", "здесь")],
                        default="kabinet",
                        max_length=8,
                        verbose_name="где начисляют",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="телефон")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="эл. почта")),
                ("site", models.URLField(blank=True, verbose_name="сайт")),
                ("address", models.CharField(blank=True, max_length=250, verbose_name="адрес")),
                (
                    "form_name",
                    models.CharField(
                        blank=True, help_text="например, 2А ГАЗ 012", max_length=40, verbose_name="название бланка"
                    ),
                ),
                (
                    "number_pattern",
                    models.CharField(
                        default="\\d{6,12}",
                        help_text="регулярное выражение для номера целиком",
                        max_length=120,
                        verbose_name="вид номера счёта",
                    ),
                ),
                (
                    "number_length",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="пусто — длина бывает разной", null=True, verbose_name="длина номера"
                    ),
                ),
                (
                    "number_kept",
                    models.CharField(
                        blank=True,
                        help_text="какие из знаков - . / входят в номер; остальные пропускаются",
                        max_length=8,
                        verbose_name="знаки внутри номера",
                    ),
                ),
                (
                    "number_check",
                    models.CharField(
                        choices=[("none", "нет"), ("mod11", "по модулю 11"), ("luhn", "алгоритм Луна")],
                        default="none",
                        max_length=8,
                        verbose_name="контрольная цифра",
                    ),
                ),
                ("number_example", models.CharField(blank=True, max_length=40, verbose_name="пример номера")),
                ("number_hint", models.CharField(blank=True, max_length=250, verbose_name="подсказка к номеру")),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("none", "не спрашивать"),
                            ("meter_serial", "последние 5 знаков заводского номера счётчика"),
                            ("last_charge", "сумма последнего начисления"),
                            ("surname", "фамилия плательщика"),
                        ],
                        default="none",
                        max_length=16,
                        verbose_name="чем подтверждают счёт",
                    ),
                ),
                (
                    "access_without_proof",
                    models.CharField(
                        choices=[("none", "никакой"), ("lite", "неполный"), ("full", "полный")],
                        default="lite",
                        max_length=8,
                        verbose_name="доступ без подтверждения",
                    ),
                ),
                (
                    "reading_opens_day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="показания с",
                    ),
                ),
                (
                    "reading_closes_day",
                    models.PositiveSmallIntegerField(
                        default=31,
                        help_text="последний день приёма",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="показания по",
                    ),
                ),
                ("allow_rollover", models.BooleanField(default=True, verbose_name="счётчик может пройти через ноль")),
                (
                    "max_volume_m3",
                    kabinet.common.fields.VolumeField(
                        default=Decimal("10000"), verbose_name="наибольший расход за раз, м³"
                    ),
                ),
                (
                    "plausible_ratio",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("3"),
                        max_digits=5,
                        verbose_name="во сколько раз больше обычного — переспросить",
                    ),
                ),
                (
                    "reading_photos",
                    models.CharField(
                        choices=[
                            ("off", "не принимать"),
                            ("welcome", "по желанию"),
                            ("required", "нужна, если расход намного больше обычного"),
                        ],
                        default="welcome",
                        max_length=8,
                        verbose_name="фотография счётчика",
                    ),
                ),
                (
                    "photo_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        validators=[
                            django.core.validators.MinValueValidator(30),
                            django.core.validators.MaxValueValidator(1095),
                        ],
                        verbose_name="сколько дней хранить фотографии",
                    ),
                ),
                (
                    "own_sum_limit_rub",
                    kabinet.common.fields.MoneyField(
                        default=Decimal("15000"), verbose_name="наибольшая сумма платежа, ₽"
                    ),
                ),
                ("is_listed", models.BooleanField(default=True, verbose_name="показывать в списке")),
            ],
            options={
                "verbose_name": "поставщик",
                "verbose_name_plural": "поставщики",
                "ordering": ["name_key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reading_closes_day__range", (1, 31)), ("reading_opens_day__range", (1, 31))
                        ),
                        name="supplier_reading_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_volume_m3__gt", 0), ("own_sum_limit_rub__gte", 1), ("plausible_ratio__gte", 1)
                        ),
                        name="supplier_limits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("photo_days__range", (30, 1095))), name="supplier_photo_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("access_without_proof", "none"), ("proof", "none"), _negated=True),
                        name="supplier_can_be_attached_to",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
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
                ("code", models.SlugField(max_length=40, verbose_name="код")),
                ("name", models.CharField(max_length=120, verbose_name="название")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="порядок")),
                (
                    "is_main",
                    models.BooleanField(default=False, help_text="на неё ложится аванс", verbose_name="основная"),
                ),
            ],
            options={
                "verbose_name": "услуга",
                "verbose_name_plural": "услуги",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "code"), name="service_code"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_main", True)), fields=("supplier",), name="service_one_main"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UsagePurpose",
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
                ("code", models.SlugField(max_length=40, verbose_name="код")),
                ("name", models.CharField(max_length=200, verbose_name="название")),
            ],
            options={
                "verbose_name": "направление использования газа",
                "verbose_name_plural": "направления использования газа",
                "ordering": ["code"],
                "constraints": [models.UniqueConstraint(fields=("supplier", "code"), name="usage_purpose_code")],
            },
        ),
        migrations.CreateModel(
            name="BankDetails",
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
                    "channel",
                    models.CharField(
                        choices=[("bank", "для плательщиков в банках"), ("agent", "для платёжных агентов")],
                        default="bank",
                        max_length=8,
                        verbose_name="для кого",
                    ),
                ),
                ("bank_name", models.CharField(max_length=160, verbose_name="банк")),
                ("bic", models.CharField(max_length=9, verbose_name="БИК")),
                ("account_number", models.CharField(max_length=20, verbose_name="расчётный счёт")),
                ("correspondent_account", models.CharField(max_length=20, verbose_name="корреспондентский счёт")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="порядок")),
            ],
            options={
                "verbose_name": "банковские реквизиты",
                "verbose_name_plural": "банковские реквизиты",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "bic", "account_number"), name="bank_details_account"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "agent"), _negated=True),
                            ("account_number__startswith", "40821"),
                            _connector="OR",
                        ),
                        name="bank_details_agent_40821",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatutoryTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bill_by_day",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="счёт до",
                    ),
                ),
                (
                    "pay_by_day",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="оплата до",
                    ),
                ),
                ("from_month", kabinet.common.fields.MonthField(unique=True, verbose_name="с периода")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
            ],
            options={
                "verbose_name": "срок оплаты по закону",
                "verbose_name_plural": "сроки оплаты по закону",
                "ordering": ["from_month"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("bill_by_day__range", (1, 31)), ("pay_by_day__range", (1, 31))),
                        name="statutory_term_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentTerm",
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
                    "bill_by_day",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="счёт до",
                    ),
                ),
                (
                    "pay_by_day",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="оплата до",
                    ),
                ),
                ("from_month", kabinet.common.fields.MonthField(verbose_name="с периода")),
            ],
            options={
                "verbose_name": "срок оплаты",
                "verbose_name_plural": "сроки оплаты",
                "ordering": ["from_month"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "from_month"), name="payment_term_from_month"),
                    models.CheckConstraint(
                        condition=models.Q(("bill_by_day__range", (1, 31)), ("pay_by_day__range", (1, 31))),
                        name="payment_term_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="день")),
                ("is_working", models.BooleanField(default=False, verbose_name="рабочий")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="акт")),
            ],
            options={
                "verbose_name": "особый день календаря",
                "verbose_name_plural": "особые дни календаря",
                "ordering": ["day"],
            },
        ),
        UniquePair("suppliers_service"),
        UniquePair("suppliers_usagepurpose"),
        UniquePair("suppliers_bankdetails"),
        UniquePair("suppliers_paymentterm"),
    ]
