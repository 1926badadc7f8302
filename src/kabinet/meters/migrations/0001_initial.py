import django.contrib.postgres.constraints
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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meter",
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
                ("serial_number", models.CharField(max_length=40, verbose_name="заводской номер")),
                ("model_name", models.CharField(blank=True, max_length=80, verbose_name="модель")),
                ("location", models.CharField(blank=True, max_length=80, verbose_name="где стоит")),
                (
                    "digits",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(9),
                        ],
                        verbose_name="цифр до запятой",
                    ),
                ),
                ("installed_on", models.DateField(blank=True, null=True, verbose_name="установлен")),
                ("removed_on", models.DateField(blank=True, null=True, verbose_name="снят")),
                (
                    "verification_due_on",
                    models.DateField(
                        blank=True,
                        help_text="последний день, когда показания принимаются к расчёту",
                        null=True,
                        verbose_name="поверка до",
                    ),
                ),
                ("seal_number", models.CharField(blank=True, max_length=40, verbose_name="пломба")),
                (
                    "usage_purpose_code",
                    models.SlugField(
                        blank=True,
                        help_text="пусто — всё, что есть у счёта",
                        max_length=40,
                        verbose_name="что измеряет",
                    ),
                ),
                (
                    "needs_volume_factor",
                    models.BooleanField(
                        default=False,
                        help_text="стоит на холоде и не приводит объём к нормальным условиям сам",
                        verbose_name="нужен температурный коэффициент",
                    ),
                ),
            ],
            options={
                "verbose_name": "счётчик",
                "verbose_name_plural": "счётчики",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("account"),
                        models.F("serial_number"),
                        name="meter_serial_of_account",
                    ),
                    models.CheckConstraint(condition=models.Q(("digits__range", (3, 9))), name="meter_digits"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeterScale",
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
                    "meter",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.meter",
                        verbose_name="счётчик",
                    ),
                ),
                ("zone", models.CharField(default="T1", max_length=2, verbose_name="зона")),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="пусто, если шкала одна", max_length=40, verbose_name="название"
                    ),
                ),
            ],
            options={
                "verbose_name": "шкала",
                "verbose_name_plural": "шкалы",
                "ordering": ["zone"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("meter"), models.F("zone"), name="meter_scale_zone"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeterOutage",
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
                    "meter",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.meter",
                        verbose_name="счётчик",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unverified", "истекла поверка"),
                            ("seal_damaged", "повреждена пломба"),
                            ("faulty", "неисправен"),
                            ("removed", "снят на поверку или в ремонт"),
                        ],
                        max_length=12,
                        verbose_name="причина",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="с")),
                (
                    "valid_until",
                    models.DateField(
                        blank=True, help_text="первый день, когда снова считает", null=True, verbose_name="до"
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=250, verbose_name="документ")),
            ],
            options={
                "verbose_name": "перерыв в учёте",
                "verbose_name_plural": "перерывы в учёте",
                "ordering": ["valid_from"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("meter", "="),
                            (kabinet.common.fields.DateRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                        ],
                        name="meter_outage_one_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="meter_outage_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
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
                    "meter",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meters.meter"
                    ),
                ),
                (
                    "scale",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meters.meterscale"
                    ),
                ),
                ("value_m3", kabinet.common.fields.VolumeField(verbose_name="показание, м³")),
                (
                    "previous_m3",
                    kabinet.common.fields.VolumeField(blank=True, null=True, verbose_name="предыдущее, м³"),
                ),
                ("used_from", models.DateField(blank=True, null=True, verbose_name="расход с")),
                ("volume_m3", kabinet.common.fields.VolumeField(verbose_name="расход, м³")),
                ("taken_on", models.DateField(verbose_name="снято")),
                ("submitted_at", models.DateTimeField(verbose_name="передано")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("customer", "личный кабинет"),
                            ("operator", "сотрудник поставщика"),
                            ("inspector", "контролёр"),
                            ("opening", "начальное показание"),
                            ("closing", "конечное показание"),
                            ("import", "реестр поставщика"),
                        ],
                        max_length=10,
                        verbose_name="источник",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("accepted", "принято"), ("questionable", "на проверке"), ("rejected", "не учтено")],
                        max_length=12,
                        verbose_name="состояние",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("request_id", models.UUIDField(blank=True, null=True)),
                ("is_rollover", models.BooleanField(default=False, verbose_name="прошёл через ноль")),
                ("is_unproven", models.BooleanField(default=False, verbose_name="без подтверждения счёта")),
                ("review_note", models.CharField(blank=True, max_length=250, verbose_name="решение по показанию")),
                ("photo_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="попросили фото")),
            ],
            options={
                "verbose_name": "показание",
                "verbose_name_plural": "показания",
                "indexes": [
                    models.Index(
                        models.F("supplier"), models.F("account"), models.F("taken_on"), name="reading_by_account"
                    ),
                    models.Index(
                        models.F("supplier"), models.F("scale"), models.F("taken_on"), name="reading_by_scale"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("scale"), models.F("request_id"), name="reading_request"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value_m3__gte", 0), ("volume_m3__gte", 0)), name="reading_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("previous_m3__isnull", True), ("used_from__isnull", True)),
                            models.Q(("previous_m3__isnull", False), ("used_from__isnull", False)),
                            _connector="OR",
                        ),
                        name="reading_interval",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stored_as", models.CharField(max_length=120, verbose_name="файл")),
                ("added_at", models.DateTimeField(verbose_name="добавлена")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reading",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meters.reading",
                        verbose_name="показание",
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
            options={
                "verbose_name": "фотография счётчика",
                "verbose_name_plural": "фотографии счётчиков",
                "indexes": [
                    models.Index(models.F("supplier"), models.F("added_at"), name="reading_photo_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("supplier"), models.F("reading"), name="reading_photo_one"),
                    models.UniqueConstraint(models.F("supplier"), models.F("stored_as"), name="reading_photo_file"),
                ],
            },
        ),
        UniquePair("meters_meter"),
        UniquePair("meters_meterscale"),
        UniquePair("meters_reading"),
        CompositeForeignKey("meters_meter", "account_id", "accounts_account"),
        CompositeForeignKey("meters_meterscale", "meter_id", "meters_meter"),
        CompositeForeignKey("meters_meteroutage", "meter_id", "meters_meter"),
        CompositeForeignKey("meters_reading", "account_id", "accounts_account"),
        CompositeForeignKey("meters_reading", "meter_id", "meters_meter"),
        CompositeForeignKey("meters_reading", "scale_id", "meters_meterscale"),
        CompositeForeignKey("meters_readingphoto", "reading_id", "meters_reading"),
    ]
