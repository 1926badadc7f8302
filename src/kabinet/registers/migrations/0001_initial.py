from decimal import Decimal

import django.contrib.postgres.fields
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
            name="Register",
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
                            ("accounts", "лицевые счета"),
                            ("balances", "остатки"),
                            ("charges", "начисления"),
                            ("meters", "счётчики"),
                            ("readings", "показания"),
                            ("payments", "оплаты, принятые не здесь"),
                        ],
                        max_length=10,
                        verbose_name="вид",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="номер")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "загружен, ждёт формата"),
                            ("reading", "читается"),
                            ("checked", "проверен, ждёт решения"),
                            ("applying", "проводится"),
                            ("applied", "проведён"),
                            ("undoing", "отменяется"),
                            ("undone", "отменён после проведения"),
                            ("refused", "не принят"),
                            ("cancelled", "снят"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="состояние",
                    ),
                ),
                ("file_name", models.CharField(max_length=250, verbose_name="файл")),
                ("stored_as", models.CharField(max_length=250)),
                ("size", models.PositiveBigIntegerField(verbose_name="размер, байт")),
                ("sha256", models.CharField(max_length=64)),
                ("profile_name", models.CharField(blank=True, max_length=80, verbose_name="формат")),
                ("profile", models.JSONField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=1000, verbose_name="почему не принят")),
                ("new_count", models.PositiveIntegerField(default=0, verbose_name="новых")),
                ("changed_count", models.PositiveIntegerField(default=0, verbose_name="изменённых")),
                ("unchanged_count", models.PositiveIntegerField(default=0, verbose_name="без изменений")),
                ("refused_count", models.PositiveIntegerField(default=0, verbose_name="не принято")),
                ("left_count", models.PositiveIntegerField(default=0, verbose_name="не отменено")),
                ("sums", models.JSONField(default=dict)),
                ("broken_limits", models.JSONField(default=list)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="загружен")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="проверен")),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("apply_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="проведение начато")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="проведён")),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="пояснение")),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="отменён")),
                ("undo_reason", models.CharField(blank=True, max_length=250, verbose_name="почему отменён")),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lines", "читаем строки"),
                            ("checks", "сверяем с базой"),
                            ("writing", "записываем"),
                            ("settling", "зачитываем оплаты"),
                        ],
                        max_length=8,
                    ),
                ),
                ("step_began_at", models.DateTimeField(blank=True, null=True)),
                ("lines_done", models.PositiveIntegerField(default=0)),
                ("lines_count", models.PositiveIntegerField(default=0, verbose_name="строк")),
            ],
            options={
                "verbose_name": "реестр поставщика",
                "verbose_name_plural": "реестры поставщиков",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        models.F("supplier"), models.F("kind"), models.F("applied_at"), name="register_last_applied"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("supplier"), models.F("number"), name="register_number"),
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("kind"),
                        models.F("sha256"),
                        condition=models.Q(("state__in", ["refused", "cancelled", "undone"]), _negated=True),
                        name="register_file_once",
                    ),
                    models.UniqueConstraint(
                        models.F("supplier"),
                        condition=models.Q(("state__in", ["applying", "undoing"])),
                        name="register_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applied_by__isnull", True),
                            ("uploaded_by__isnull", True),
                            models.Q(("applied_by", models.F("uploaded_by")), _negated=True),
                            models.Q(("kind__in", ["balances", "charges", "payments"]), _negated=True),
                            _connector="OR",
                        ),
                        name="register_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "supplier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.supplier",
                    ),
                ),
                ("register_id", models.BigIntegerField()),
                ("line_no", models.PositiveIntegerField(verbose_name="строка")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("new", "новая"), ("changed", "изменённая"), ("refused", "не принята")],
                        max_length=8,
                        verbose_name="что с ней",
                    ),
                ),
                ("cells", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("account_id", models.BigIntegerField(null=True)),
                ("service_id", models.BigIntegerField(null=True)),
                ("meter_id", models.BigIntegerField(null=True)),
                ("period", kabinet.common.fields.MonthField(null=True)),
                ("on", models.DateField(null=True)),
                ("amount_rub", kabinet.common.fields.MoneyField(null=True)),
                ("balance_rub", kabinet.common.fields.MoneyField(null=True)),
                ("payment_id", models.BigIntegerField(null=True)),
                ("object_id", models.BigIntegerField(null=True)),
                ("balance_charge_id", models.BigIntegerField(null=True)),
                ("old", models.JSONField(null=True)),
                ("reasons", models.JSONField(null=True)),
                ("is_left", models.BooleanField(default=False, verbose_name="осталась после отмены")),
            ],
            options={
                "verbose_name": "строка реестра",
                "verbose_name_plural": "строки реестров",
                "ordering": ["line_no", "id"],
                "indexes": [
                    models.Index(
                        models.F("supplier"),
                        models.F("register_id"),
                        models.F("line_no"),
                        name="register_line_of_register",
                    ),
                    models.Index(
                        models.F("supplier"),
                        models.F("register_id"),
                        models.F("outcome"),
                        models.F("line_no"),
                        condition=models.Q(("outcome", "new"), _negated=True),
                        name="register_line_to_look_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterLimits",
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
                            ("accounts", "лицевые счета"),
                            ("balances", "остатки"),
                            ("charges", "начисления"),
                            ("meters", "счётчики"),
                            ("readings", "показания"),
                            ("payments", "оплаты, принятые не здесь"),
                        ],
                        max_length=10,
                        verbose_name="вид реестра",
                    ),
                ),
                (
                    "sum_percent",
                    kabinet.common.fields.ExactDecimalField(
                        decimal_places=2,
                        default=Decimal("30"),
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="сумма, ±%",
                    ),
                ),
                (
                    "count_percent",
                    kabinet.common.fields.ExactDecimalField(
                        decimal_places=2,
                        default=Decimal("10"),
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="строк, ±%",
                    ),
                ),
                (
                    "line_rub",
                    kabinet.common.fields.MoneyField(default=Decimal("100000"), verbose_name="одна строка, ₽"),
                ),
            ],
            options={
                "verbose_name": "пределы реестра",
                "verbose_name_plural": "пределы реестров",
                "constraints": [
                    models.UniqueConstraint(models.F("supplier"), models.F("kind"), name="register_limits_of_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("count_percent__gte", 0), ("line_rub__gte", 0), ("sum_percent__gte", 0)),
                        name="register_limits_above_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingRegister",
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
                            ("payments", "оплаты"),
                            ("readings", "показания"),
                            ("attachments", "подключения счетов"),
                            ("contacts", "контакты абонентов"),
                        ],
                        max_length=11,
                        verbose_name="вид",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="номер")),
                ("day", models.DateField(verbose_name="день")),
                ("made_at", models.DateTimeField(verbose_name="составлен")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "container",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("one_c", "1С (1CClientBankExchange)")],
                        max_length=5,
                        verbose_name="вид файла",
                    ),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="файл")),
                ("stored_as", models.CharField(max_length=250)),
                ("size", models.PositiveBigIntegerField(verbose_name="размер, байт")),
                ("sha256", models.CharField(max_length=64)),
                ("lines_count", models.PositiveIntegerField(verbose_name="строк")),
                ("amount_rub", kabinet.common.fields.MoneyField(blank=True, null=True, verbose_name="сумма, ₽")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("download", "скачивают здесь"),
                            ("sftp", "папка на сервере SFTP"),
                            ("email", "письмо с файлом"),
                        ],
                        max_length=8,
                        verbose_name="способ",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("kept", "ждёт скачивания"),
                            ("waiting", "отправляется"),
                            ("delivered", "доставлен"),
                            ("failed", "не доставлен"),
                        ],
                        max_length=9,
                        verbose_name="доставка",
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="поручен отправке")),
                ("tries_count", models.PositiveIntegerField(default=0, verbose_name="попыток")),
                ("next_try_at", models.DateTimeField(blank=True, null=True, verbose_name="следующая попытка")),
                ("problem", models.CharField(blank=True, max_length=500, verbose_name="почему не доставлен")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="доставлен")),
                (
                    "acknowledged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="подтверждён поставщиком"),
                ),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "реестр поставщику",
                "verbose_name_plural": "реестры поставщикам",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        models.F("next_try_at"),
                        condition=models.Q(("state", "waiting")),
                        name="outgoing_register_waiting",
                    ),
                    models.Index(models.F("supplier"), models.F("made_at"), name="outgoing_register_by_moment"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("kind"), models.F("number"), name="outgoing_register_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("next_try_at__isnull", True), _connector="OR"),
                        name="outgoing_register_tries",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lines_count__gt", 0)), name="outgoing_register_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SentDocument",
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
                    "register",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="registers.outgoingregister",
                    ),
                ),
                ("source_kind", models.CharField(max_length=30)),
                ("source_id", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "переданный документ",
                "verbose_name_plural": "переданные документы",
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "source_kind", "source_id"), name="document_sent_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ToldHolder",
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
                ("account_id", models.BigIntegerField()),
                ("user_id", models.BigIntegerField()),
                ("level", models.CharField(blank=True, max_length=4)),
                ("contact_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "переданное подключение",
                "verbose_name_plural": "переданные подключения",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("account_id"), models.F("user_id"), name="told_holder_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
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
                            ("payments", "оплаты"),
                            ("readings", "показания"),
                            ("attachments", "подключения счетов"),
                            ("contacts", "контакты абонентов"),
                        ],
                        max_length=11,
                        verbose_name="вид",
                    ),
                ),
                (
                    "container",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("one_c", "1С (1CClientBankExchange)")],
                        default="csv",
                        max_length=5,
                        verbose_name="вид файла",
                    ),
                ),
                (
                    "encoding",
                    models.CharField(
                        choices=[("utf-8-sig", "UTF-8"), ("cp1251", "Windows-1251")],
                        default="utf-8-sig",
                        max_length=9,
                        verbose_name="кодировка",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("by_hand", "только по кнопке"),
                            ("daily", "каждый день"),
                            ("weekly", "раз в неделю"),
                            ("monthly", "раз в месяц"),
                        ],
                        default="by_hand",
                        max_length=7,
                        verbose_name="когда",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(6)], verbose_name="день недели"
                    ),
                ),
                (
                    "month_day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="число месяца",
                    ),
                ),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="не раньше, час",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="начиная с")),
                (
                    "contacts_basis",
                    models.CharField(blank=True, max_length=250, verbose_name="основание для передачи контактов"),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("download", "скачивают здесь"),
                            ("sftp", "папка на сервере SFTP"),
                            ("email", "письмо с файлом"),
                        ],
                        default="download",
                        max_length=8,
                        verbose_name="способ",
                    ),
                ),
                ("host", models.CharField(blank=True, max_length=253, verbose_name="сервер")),
                (
                    "port",
                    models.PositiveIntegerField(
                        default=22,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                        verbose_name="порт",
                    ),
                ),
                ("user_name", models.CharField(blank=True, max_length=120, verbose_name="имя на сервере")),
                ("folder", models.CharField(blank=True, max_length=250, verbose_name="папка")),
                (
                    "sealed_secret",
                    models.TextField(blank=True, editable=False, verbose_name="пароль или ключ, зашифрован"),
                ),
                ("host_key", models.TextField(blank=True, verbose_name="ключ сервера")),
                ("offered_host_key", models.TextField(blank=True, verbose_name="ключ, который показал сервер")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="эл. почта")),
                ("last_due_on", models.DateField(blank=True, null=True, verbose_name="составлено за")),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="изменено")),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
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
            ],
            options={
                "verbose_name": "отправка реестров",
                "verbose_name_plural": "отправка реестров",
                "constraints": [
                    models.UniqueConstraint(models.F("supplier"), models.F("kind"), name="dispatch_of_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hour__lte", 23),
                            ("month_day__range", (1, 31)),
                            ("port__range", (1, 65535)),
                            ("weekday__lte", 6),
                        ),
                        name="dispatch_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("container", "one_c"), _negated=True), ("kind", "payments"), _connector="OR"
                        ),
                        name="dispatch_one_c",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "contacts"), _negated=True),
                            models.Q(("contacts_basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dispatch_of_contacts_has_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsidePayment",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.service",
                        verbose_name="услуга",
                    ),
                ),
                (
                    "register",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.register"
                    ),
                ),
                ("operation_id", models.CharField(max_length=100, verbose_name="номер операции")),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("paid_on", models.DateField(verbose_name="оплачено")),
                ("payer", models.CharField(blank=True, max_length=200, verbose_name="плательщик")),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="назначение")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="отменено")),
            ],
            options={
                "verbose_name": "оплата не здесь",
                "verbose_name_plural": "оплаты не здесь",
                "indexes": [models.Index(models.F("supplier"), models.F("paid_on"), name="outside_payment_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("operation_id"),
                        models.F("account"),
                        models.F("service"),
                        condition=models.Q(("undone_at__isnull", True)),
                        name="outside_payment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_rub", 0), _negated=True), name="outside_payment_not_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormatProfile",
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
                            ("accounts", "лицевые счета"),
                            ("balances", "остатки"),
                            ("charges", "начисления"),
                            ("meters", "счётчики"),
                            ("readings", "показания"),
                            ("payments", "оплаты, принятые не здесь"),
                        ],
                        max_length=10,
                        verbose_name="вид реестра",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="название")),
                ("spec", models.JSONField()),
                ("version", models.PositiveIntegerField(default=1, verbose_name="версия")),
                ("is_removed", models.BooleanField(default=False, verbose_name="убран")),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("changed_at", models.DateTimeField(verbose_name="изменён")),
            ],
            options={
                "verbose_name": "формат реестра",
                "verbose_name_plural": "форматы реестров",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("kind"),
                        models.F("name"),
                        condition=models.Q(("is_removed", False)),
                        name="format_profile_name",
                    )
                ],
            },
        ),
        UniquePair("registers_register"),
        UniquePair("registers_outgoingregister"),
        CompositeForeignKey("registers_sentdocument", "register_id", "registers_outgoingregister"),
        CompositeForeignKey("registers_outsidepayment", "account_id", "accounts_account"),
        CompositeForeignKey("registers_outsidepayment", "service_id", "suppliers_service"),
        CompositeForeignKey("registers_outsidepayment", "register_id", "registers_register"),
    ]
