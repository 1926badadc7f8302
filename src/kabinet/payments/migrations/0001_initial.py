from decimal import Decimal

import django.contrib.postgres.constraints
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.expressions
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
            name="Shop",
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
                    "gateway",
                    models.CharField(
                        choices=[
                            ("yookassa", "ЮKassa"),
                            ("sberbank", "Сбербанк, прежний протокол"),
                            ("sberbank_ecom", "Сбербанк, новый протокол"),
                        ],
                        default="yookassa",
                        max_length=16,
                        verbose_name="платёжная система",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="название")),
                ("shop_id", models.CharField(max_length=40, verbose_name="номер магазина")),
                ("sealed_secret", models.TextField(editable=False, verbose_name="секретный ключ, зашифрован")),
                (
                    "sealed_callback_key",
                    models.TextField(blank=True, editable=False, verbose_name="ключ подписи уведомлений, зашифрован"),
                ),
                ("hook_version", models.PositiveSmallIntegerField(default=1, verbose_name="версия адреса уведомлений")),
                ("is_test", models.BooleanField(default=False, verbose_name="тестовый")),
                ("is_enabled", models.BooleanField(default=True, verbose_name="принимает оплату")),
                (
                    "commission_by",
                    models.CharField(
                        choices=[("supplier", "поставщик"), ("payer", "плательщик")],
                        default="supplier",
                        max_length=8,
                        verbose_name="комиссию платит",
                    ),
                ),
                (
                    "commission_percent",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=4, verbose_name="комиссия плательщика, %"
                    ),
                ),
                (
                    "least_amount_rub",
                    kabinet.common.fields.MoneyField(default=Decimal("1.00"), verbose_name="наименьший платёж, ₽"),
                ),
                (
                    "greatest_amount_rub",
                    kabinet.common.fields.MoneyField(
                        default=Decimal("350000.00"), verbose_name="наибольший платёж картой, ₽"
                    ),
                ),
                (
                    "greatest_sbp_rub",
                    kabinet.common.fields.MoneyField(
                        default=Decimal("700000.00"), verbose_name="наибольший платёж через СБП, ₽"
                    ),
                ),
                ("takes_sbp", models.BooleanField(default=True, verbose_name="принимает СБП по коду")),
                (
                    "is_two_stage",
                    models.BooleanField(default=False, verbose_name="сначала блокирует деньги, потом списывает"),
                ),
                ("sends_payment_order", models.BooleanField(default=False, verbose_name="передаёт платёж в ГИС ЖКХ")),
                ("sends_receipts", models.BooleanField(default=False, verbose_name="пробивает чеки")),
                ("saves_methods", models.BooleanField(default=False, verbose_name="запоминает карты для автоплатежа")),
                (
                    "refund_alone_rub",
                    kabinet.common.fields.MoneyField(
                        default=Decimal("3000.00"),
                        help_text="возврат больше этой суммы подтверждает второй сотрудник",
                        verbose_name="возврат без второго сотрудника, ₽",
                    ),
                ),
                (
                    "refused_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="платёжная система не признала ключ"
                    ),
                ),
                ("refusal", models.CharField(blank=True, editable=False, max_length=120, verbose_name="её слова")),
            ],
            options={
                "verbose_name": "магазин в платёжной системе",
                "verbose_name_plural": "магазины в платёжных системах",
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "gateway", "shop_id"), name="shop_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_enabled", True)), fields=("supplier",), name="shop_one_enabled"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("greatest_amount_rub__gte", models.F("least_amount_rub")), ("least_amount_rub__gte", 1)
                        ),
                        name="shop_limits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("commission_percent__range", (0, 10))), name="shop_commission"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Autopay",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Ждёт первой оплаты"), ("on", "Включён"), ("off", "Выключен")],
                        default="waiting",
                        max_length=8,
                        verbose_name="состояние",
                    ),
                ),
                ("sealed_method", models.TextField(blank=True, editable=False)),
                ("method_title", models.CharField(blank=True, max_length=100, verbose_name="карта")),
                ("cap_rub", kabinet.common.fields.MoneyField(verbose_name="не больше за раз, ₽")),
                ("day", models.PositiveSmallIntegerField(verbose_name="день месяца")),
                ("next_charge_on", models.DateField(blank=True, null=True)),
                ("request_id", models.UUIDField(help_text="of the form, so that two presses are one consent")),
                ("consent_version", models.PositiveSmallIntegerField()),
                ("consent_sha256", models.CharField(max_length=64)),
                ("consented_at", models.DateTimeField(verbose_name="согласие дано")),
                ("consented_from", models.GenericIPAddressField(blank=True, null=True)),
                ("off_at", models.DateTimeField(blank=True, null=True, verbose_name="выключен")),
                (
                    "off_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("payer", "по Вашей просьбе"),
                            ("permission_revoked", "банк или платёжная система отозвали разрешение"),
                            ("detached", "счёт отключён от кабинета"),
                            ("not_bound", "карта не привязана"),
                            ("shop_closed", "поставщик сменил платёжную систему, включите автоплатёж заново"),
                        ],
                        max_length=20,
                        verbose_name="почему выключен",
                    ),
                ),
            ],
            options={
                "verbose_name": "автоплатёж",
                "verbose_name_plural": "автоплатежи",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "on")), fields=["next_charge_on"], name="autopay_to_announce"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "off"), _negated=True),
                        fields=("supplier", "account", "user"),
                        name="autopay_one_of_account",
                    ),
                    models.UniqueConstraint(fields=("supplier", "user", "request_id"), name="autopay_request"),
                    models.CheckConstraint(condition=models.Q(("day__range", (1, 28))), name="autopay_day"),
                    models.CheckConstraint(condition=models.Q(("cap_rub__gte", 1)), name="autopay_cap"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "on"), _negated=True),
                            models.Q(models.Q(("sealed_method", ""), _negated=True), ("next_charge_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="autopay_on_can_charge",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "off"), _negated=True),
                            models.Q(
                                ("off_at__isnull", False),
                                ("sealed_method", ""),
                                models.Q(("off_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="autopay_off_keeps_no_method",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Doorbell",
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
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                ("event", models.CharField(max_length=64)),
                ("object_id", models.CharField(max_length=64)),
                ("rings_count", models.PositiveIntegerField(default=1)),
                ("first_rung_at", models.DateTimeField()),
                ("last_rung_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "звонок платёжной системы",
                "verbose_name_plural": "звонки платёжных систем",
                "indexes": [
                    models.Index(fields=["supplier", "shop", "object_id"], name="doorbell_object"),
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True), ("due_at__isnull", False)),
                        fields=["due_at"],
                        name="doorbell_unanswered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "shop", "event", "object_id"), name="doorbell_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NightCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("check_ledger", "Книга сходится до копейки"),
                            ("reconcile", "Вчерашний день сверен с платёжными системами"),
                            ("payments_stuck", "Ничего не ждёт дольше положенного"),
                        ],
                        max_length=20,
                        verbose_name="проверка",
                    ),
                ),
                ("night", models.DateField(verbose_name="ночь")),
                ("ran_at", models.DateTimeField(verbose_name="прошла")),
                ("is_good", models.BooleanField(verbose_name="всё хорошо")),
                ("found_count", models.PositiveIntegerField(default=0, verbose_name="найдено")),
                (
                    "found",
                    models.JSONField(
                        blank=True,
                        default=list,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="что найдено",
                    ),
                ),
            ],
            options={
                "verbose_name": "ночная проверка",
                "verbose_name_plural": "ночные проверки",
                "ordering": ["-night", "name"],
                "constraints": [models.UniqueConstraint(fields=("name", "night"), name="night_check_once")],
            },
        ),
        migrations.CreateModel(
            name="Basket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("request_id", models.UUIDField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "корзина",
                "verbose_name_plural": "корзины",
                "constraints": [models.UniqueConstraint(fields=("user", "request_id"), name="basket_request")],
            },
        ),
        migrations.CreateModel(
            name="Payment",
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
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                (
                    "basket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="payments.basket"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="который в корзине")),
                (
                    "autopay",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.autopay",
                    ),
                ),
                ("public_id", models.UUIDField(db_index=True)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("debt", "по текущему долгу"),
                            ("own_sum", "своя сумма"),
                            ("with_reading", "с показаниями"),
                        ],
                        max_length=12,
                        verbose_name="вид",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[("", "на странице платёжной системы"), ("sbp", "СБП по коду")],
                        max_length=8,
                        verbose_name="способ",
                    ),
                ),
                ("period", kabinet.common.fields.MonthField(verbose_name="за период")),
                (
                    "named_period",
                    kabinet.common.fields.MonthField(blank=True, null=True, verbose_name="погасить сначала"),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("commission_rub", kabinet.common.fields.MoneyField(verbose_name="комиссия, ₽")),
                ("shared_rub", kabinet.common.fields.MoneyField(verbose_name="на счёт, ₽")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intended", "Связываемся с платёжной системой…"),
                            ("open", "Ожидает оплаты"),
                            ("held", "Деньги заблокированы"),
                            ("failed", "Не оплачено"),
                            ("paid", "Оплачено"),
                        ],
                        default="intended",
                        max_length=8,
                        verbose_name="состояние",
                    ),
                ),
                ("idempotency_key", models.UUIDField()),
                ("request_body", models.TextField()),
                (
                    "gateway_payment_id",
                    models.CharField(blank=True, max_length=64, verbose_name="номер в платёжной системе"),
                ),
                ("gateway_status", models.CharField(blank=True, max_length=64, verbose_name="слово платёжной системы")),
                ("confirmation_url", models.URLField(blank=True, max_length=2048)),
                ("sbp_link", models.CharField(blank=True, max_length=2048)),
                ("keeps_method", models.BooleanField(default=False, verbose_name="запоминает карту")),
                ("method_title", models.CharField(blank=True, max_length=100, verbose_name="чем оплачено")),
                ("failure_reason", models.CharField(blank=True, max_length=64, verbose_name="причина отказа")),
                (
                    "held_rub",
                    kabinet.common.fields.MoneyField(blank=True, null=True, verbose_name="было заблокировано, ₽"),
                ),
                ("capture_key", models.UUIDField(blank=True, null=True)),
                ("release_key", models.UUIDField(blank=True, null=True)),
                (
                    "refunded_rub",
                    kabinet.common.fields.MoneyField(default=Decimal("0.00"), verbose_name="возвращено, ₽"),
                ),
                (
                    "suspended_rub",
                    kabinet.common.fields.MoneyField(blank=True, null=True, verbose_name="пришло, но не разнесено, ₽"),
                ),
                (
                    "alarm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mismatch", "у платёжной системы другая сумма, валюта, магазин или признак теста"),
                            ("paid_after_failed", "оплачен после отказа"),
                            ("unresolved", "30 дней без ответа платёжной системы"),
                            ("receipt_failed", "касса не зарегистрировала чек"),
                        ],
                        max_length=20,
                        verbose_name="нужен человек",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="начат")),
                ("expires_at", models.DateTimeField(verbose_name="оплатить до")),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="оплачен")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="передан поставщику")),
                ("booked_at", models.DateTimeField(blank=True, null=True, verbose_name="учтён поставщиком")),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "платёж",
                "verbose_name_plural": "платежи",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_check_at__isnull", False)),
                        fields=["next_check_at"],
                        name="payment_to_check",
                    ),
                    models.Index(fields=["supplier", "-created_at", "-id"], name="payment_newest_first"),
                    models.Index(
                        condition=models.Q(("alarm", ""), _negated=True),
                        fields=["supplier", "-created_at"],
                        name="payment_needs_person",
                    ),
                    models.Index(
                        condition=models.Q(("state", "held")), fields=["supplier", "-created_at"], name="payment_held"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("intended", "open", "held"))),
                        fields=["state", "created_at"],
                        name="payment_unsettled",
                    ),
                    models.Index(
                        condition=models.Q(("state", "paid")),
                        fields=["supplier", "shop", "paid_at"],
                        name="payment_of_day",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "public_id"), name="payment_public_id"),
                    models.UniqueConstraint(fields=("supplier", "shop", "idempotency_key"), name="payment_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("gateway_payment_id", ""), _negated=True),
                        fields=("supplier", "shop", "gateway_payment_id"),
                        name="payment_gateway_object",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("commission_rub__gte", 0),
                            (
                                "shared_rub",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("amount_rub"), "-", models.F("commission_rub")
                                ),
                            ),
                            ("shared_rub__gt", 0),
                        ),
                        name="payment_sums",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", {"failed": 3, "held": 2, "intended": 0, "open": 1, "paid": 4})
                        ),
                        name="payment_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refunded_rub__gte", 0), ("refunded_rub__lte", models.F("amount_rub"))),
                        name="payment_refunded_within_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_rub__isnull", True), ("held_rub__gte", models.F("amount_rub")), _connector="OR"
                        ),
                        name="payment_taken_within_held",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capture_key__isnull", True), ("release_key__isnull", True), _connector="OR"
                        ),
                        name="payment_taken_or_released",
                    ),
                    models.UniqueConstraint(
                        fields=("basket", "supplier", "position"), name="payment_position_in_basket"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paid"), _negated=True),
                            models.Q(models.Q(("gateway_payment_id", ""), _negated=True), ("paid_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="payment_paid_was_seen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paid"), _negated=True), ("suspended_rub__isnull", True), _connector="OR"
                        ),
                        name="payment_paid_or_suspended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("open", "held")), _negated=True),
                            models.Q(("gateway_payment_id", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="payment_open_was_seen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("failure_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="payment_failed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AutopayCharge",
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
                    "autopay",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="payments.autopay"
                    ),
                ),
                ("period", kabinet.common.fields.MonthField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("announced", "Спишем завтра"),
                            ("canceled", "Отменён Вами"),
                            ("charging", "Списываем"),
                            ("paid", "Оплачено"),
                            ("skipped", "Платить нечего"),
                            ("failed", "Не удалось"),
                        ],
                        default="announced",
                        max_length=10,
                        verbose_name="состояние",
                    ),
                ),
                ("announced_rub", kabinet.common.fields.MoneyField(verbose_name="предупредили о сумме, ₽")),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                (
                    "payment",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.payment",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="когда")),
                ("announced_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "списание автоплатежа",
                "verbose_name_plural": "списания автоплатежей",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["announced", "charging"])),
                        fields=["due_on"],
                        name="autopay_charge_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "autopay", "period"), name="autopay_charge_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentShare",
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
                    "payment",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="payments.payment"
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
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                (
                    "refunded_rub",
                    kabinet.common.fields.MoneyField(default=Decimal("0.00"), verbose_name="возвращено, ₽"),
                ),
            ],
            options={
                "verbose_name": "доля платежа",
                "verbose_name_plural": "доли платежа",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "payment", "account", "service"), name="payment_share_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_rub__gt", 0)), name="payment_share_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("refunded_rub__gte", 0), ("refunded_rub__lte", models.F("amount_rub"))),
                        name="payment_share_refunded_within_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspendedSum",
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
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                (
                    "payment",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspended_sums",
                        to="payments.payment",
                    ),
                ),
                ("gateway_payment_id", models.CharField(max_length=64, verbose_name="номер в платёжной системе")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("mismatch", "не совпало с нашим платежом"),
                            ("foreign", "платежа с таким номером у нас нет"),
                        ],
                        max_length=12,
                        verbose_name="почему",
                    ),
                ),
                ("details", models.CharField(blank=True, max_length=250, verbose_name="что не совпало")),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("decided_rub", kabinet.common.fields.MoneyField(default=0, verbose_name="разобрано, ₽")),
                ("came_on", models.DateField(verbose_name="пришло")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "невыясненная сумма",
                "verbose_name_plural": "невыясненные суммы",
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_rub__lt", models.F("amount_rub"))),
                        fields=["supplier", "created_at"],
                        name="suspended_sum_left",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "shop", "gateway_payment_id"), name="suspended_sum_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_rub__gt", 0), ("decided_rub__gte", 0), ("decided_rub__lte", models.F("amount_rub"))
                        ),
                        name="suspended_sum_sums",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspenseAllocation",
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
                    "suspended_sum",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="payments.suspendedsum",
                    ),
                ),
                (
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("note", models.CharField(max_length=250, verbose_name="на каком основании")),
                ("request_id", models.UUIDField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "разбор невыясненной суммы",
                "verbose_name_plural": "разборы невыясненных сумм",
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "request_id"), name="suspense_allocation_request"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_rub__gt", 0)), name="suspense_allocation_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
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
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                (
                    "payment",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="payments.payment",
                    ),
                ),
                (
                    "suspended_sum",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="payments.suspendedsum",
                    ),
                ),
                ("public_id", models.UUIDField(db_index=True)),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("commission_rub", kabinet.common.fields.MoneyField(default=0, verbose_name="из комиссии, ₽")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Ждёт второго сотрудника"),
                            ("intended", "Передаём платёжной системе"),
                            ("pending", "Платёжная система возвращает"),
                            ("done", "Возвращено"),
                            ("failed", "Не возвращено"),
                        ],
                        default="intended",
                        max_length=8,
                        verbose_name="состояние",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("staff", "сотрудник"), ("gateway", "кабинет платёжной системы"), ("rule", "правило")],
                        default="staff",
                        max_length=8,
                        verbose_name="кто начал",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="почему")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                ("request_id", models.UUIDField(help_text="of the form, so that two presses are one refund")),
                ("idempotency_key", models.UUIDField()),
                ("request_body", models.TextField(blank=True)),
                (
                    "gateway_refund_id",
                    models.CharField(blank=True, max_length=64, verbose_name="номер в платёжной системе"),
                ),
                ("failure_reason", models.CharField(blank=True, max_length=64, verbose_name="причина отказа")),
                ("created_at", models.DateTimeField(verbose_name="начат")),
                ("intended_at", models.DateTimeField(blank=True, null=True, verbose_name="передаётся с")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="возвращён")),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "возврат",
                "verbose_name_plural": "возвраты",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_check_at__isnull", False)),
                        fields=["next_check_at"],
                        name="refund_to_check",
                    ),
                    models.Index(fields=["supplier", "payment"], name="refund_of_payment"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "public_id"), name="refund_public_id"),
                    models.UniqueConstraint(fields=("supplier", "request_id"), name="refund_request"),
                    models.UniqueConstraint(fields=("supplier", "shop", "idempotency_key"), name="refund_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("gateway_refund_id", ""), _negated=True),
                        fields=("supplier", "shop", "gateway_refund_id"),
                        name="refund_gateway_object",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_rub__gt", 0),
                            ("commission_rub__gte", 0),
                            ("commission_rub__lte", models.F("amount_rub")),
                        ),
                        name="refund_sums",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payment__isnull", False), ("suspended_sum__isnull", True)),
                            models.Q(("payment__isnull", True), ("suspended_sum__isnull", False)),
                            _connector="OR",
                        ),
                        name="refund_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("asked", "intended", "pending", "done", "failed"))),
                        name="refund_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(models.Q(("gateway_refund_id", ""), _negated=True), ("done_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="refund_done_was_seen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("failure_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refund_failed_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("asked", "failed")), ("intended_at__isnull", False), _connector="OR"
                        ),
                        name="refund_sent_since_intended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="refund_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefundShare",
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
                    "refund",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="payments.refund"
                    ),
                ),
                (
                    "share",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.paymentshare"
                    ),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
            ],
            options={
                "verbose_name": "доля возврата",
                "verbose_name_plural": "доли возврата",
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "refund", "share"), name="refund_share_once"),
                    models.CheckConstraint(condition=models.Q(("amount_rub__gt", 0)), name="refund_share_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Chargeback",
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
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                (
                    "payment",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chargebacks", to="payments.payment"
                    ),
                ),
                ("reference", models.CharField(max_length=64, verbose_name="номер")),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                ("commission_rub", kabinet.common.fields.MoneyField(default=0, verbose_name="из комиссии, ₽")),
                ("unshared_rub", kabinet.common.fields.MoneyField(default=0, verbose_name="больше остатка платежа, ₽")),
                ("came_on", models.DateField(verbose_name="когда")),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="примечание")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "отзыв платежа банком",
                "verbose_name_plural": "отзывы платежей банками",
                "indexes": [models.Index(fields=["supplier", "payment"], name="chargeback_of_payment")],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "shop", "reference"), name="chargeback_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_rub__gt", 0),
                            (
                                "amount_rub__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("commission_rub"), "+", models.F("unshared_rub")
                                ),
                            ),
                            ("commission_rub__gte", 0),
                            ("unshared_rub__gte", 0),
                        ),
                        name="chargeback_sums",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChargebackShare",
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
                    "chargeback",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="payments.chargeback"
                    ),
                ),
                (
                    "share",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.paymentshare"
                    ),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
            ],
            options={
                "verbose_name": "доля отзыва",
                "verbose_name_plural": "доли отзыва",
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "chargeback", "share"), name="chargeback_share_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_rub__gt", 0)), name="chargeback_share_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptTerms",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.service"
                    ),
                ),
                (
                    "case",
                    models.CharField(
                        choices=[
                            ("debt", "оплата начисленного"),
                            ("advance", "аванс"),
                            ("fee", "комиссия плательщика"),
                        ],
                        max_length=8,
                        verbose_name="случай",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="с")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="до, не включая")),
                ("vat_code", models.PositiveSmallIntegerField(verbose_name="код ставки НДС")),
                ("payment_subject", models.CharField(default="service", max_length=32, verbose_name="предмет расчёта")),
                ("payment_mode", models.CharField(max_length=32, verbose_name="способ расчёта")),
            ],
            options={
                "verbose_name": "условия чека",
                "verbose_name_plural": "условия чеков",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("supplier", "="),
                            ("service", "="),
                            ("case", "="),
                            (models.Func(models.F("valid_from"), models.F("valid_until"), function="daterange"), "&&"),
                        ],
                        name="receipt_terms_do_not_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("vat_code__range", (1, 12))), name="receipt_terms_vat_code"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                    "payment",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="payments.payment",
                    ),
                ),
                (
                    "refund",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="payments.refund",
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intended", "Чек готовится"),
                            ("pending", "Чек регистрируется"),
                            ("done", "Чек отправлен"),
                            ("failed", "Чек не зарегистрирован"),
                        ],
                        default="intended",
                        max_length=8,
                        verbose_name="состояние",
                    ),
                ),
                ("idempotency_key", models.UUIDField()),
                ("request_body", models.TextField(blank=True)),
                ("lines", models.JSONField(default=list)),
                (
                    "gateway_receipt_id",
                    models.CharField(blank=True, max_length=64, verbose_name="номер чека в платёжной системе"),
                ),
                ("fiscal", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField()),
                ("registered_at", models.DateTimeField(blank=True, null=True, verbose_name="зарегистрирован")),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "чек",
                "verbose_name_plural": "чеки",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_check_at__isnull", False)),
                        fields=["next_check_at"],
                        name="receipt_to_check",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("payment__isnull", False)),
                        fields=("supplier", "payment", "attempt"),
                        name="receipt_of_payment_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("refund__isnull", False)),
                        fields=("supplier", "refund", "attempt"),
                        name="receipt_of_refund_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payment__isnull", False), ("refund__isnull", True)),
                            models.Q(("payment__isnull", True), ("refund__isnull", False)),
                            _connector="OR",
                        ),
                        name="receipt_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("intended", "pending", "done", "failed"))),
                        name="receipt_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GatewayStatement",
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
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                ("day", models.DateField(verbose_name="день")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("payments", "реестр платежей"),
                            ("refunds", "реестр возвратов"),
                            ("list", "список из платёжной системы"),
                        ],
                        max_length=8,
                        verbose_name="что это",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="файл")),
                ("content_sha256", models.CharField(max_length=64)),
                ("lines_count", models.PositiveIntegerField(verbose_name="строк")),
                (
                    "loaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("loaded_at", models.DateTimeField(verbose_name="загружен")),
            ],
            options={
                "verbose_name": "реестр платёжной системы",
                "verbose_name_plural": "реестры платёжных систем",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "shop", "source", "day", "content_sha256"), name="statement_loaded_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GatewayStatementLine",
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
                    "statement",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.gatewaystatement",
                    ),
                ),
                ("line_no", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "платёж"), ("refund", "возврат"), ("chargeback", "отзыв банком")],
                        max_length=12,
                    ),
                ),
                ("object_id", models.CharField(max_length=64)),
                ("payment_object_id", models.CharField(blank=True, max_length=64)),
                ("public_id", models.UUIDField(null=True)),
                ("amount_rub", kabinet.common.fields.MoneyField()),
                ("income_rub", kabinet.common.fields.MoneyField(null=True)),
                ("captured_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "строка реестра",
                "verbose_name_plural": "строки реестра",
                "indexes": [
                    models.Index(fields=["supplier", "object_id"], name="statement_line_object"),
                    models.Index(fields=["supplier", "captured_at"], name="statement_line_moment"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "statement", "line_no"), name="statement_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReconciliationDay",
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
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                ("day", models.DateField(verbose_name="день")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Не сверен"), ("closed", "Сверен")],
                        default="open",
                        max_length=6,
                        verbose_name="состояние",
                    ),
                ),
                ("has_register", models.BooleanField(default=False, verbose_name="реестр загружен")),
                ("has_list", models.BooleanField(default=False, verbose_name="список получен")),
                ("equal_count", models.PositiveIntegerField(default=0, verbose_name="совпало")),
                ("equal_rub", kabinet.common.fields.MoneyField(default=0, verbose_name="на сумму, ₽")),
                (
                    "fee_rub",
                    kabinet.common.fields.MoneyField(
                        blank=True, null=True, verbose_name="удержано платёжной системой, ₽"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="почему закрыт")),
                ("reconciled_at", models.DateTimeField(blank=True, null=True, verbose_name="сверялся")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="закрыт")),
                (
                    "closed_by",
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
                "verbose_name": "день сверки",
                "verbose_name_plural": "дни сверки",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["supplier", "day"],
                        name="reconciliation_day_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "shop", "day"), name="reconciliation_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state", "open")),
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            _connector="OR",
                        ),
                        name="reconciliation_day_closed_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayLine",
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
                    "reconciliation_day",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.reconciliationday",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "платёж"), ("refund", "возврат"), ("chargeback", "отзыв банком")],
                        max_length=12,
                        verbose_name="вид",
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("theirs_ours", "есть у них, наш по номеру: учтён"),
                            ("theirs_foreign", "есть у них, нашего платежа нет"),
                            ("only_ours", "есть у нас, у них нет"),
                            ("amount", "суммы различаются"),
                            ("fee", "комиссия различается"),
                            ("doubled", "у них дважды"),
                            ("other_day", "у них другим днём"),
                            ("one_source", "есть только в списке или только в реестре"),
                            ("refund_unasked", "возврат, о котором мы не просили"),
                            ("chargeback", "банк отозвал платёж"),
                        ],
                        max_length=16,
                        verbose_name="что не так",
                    ),
                ),
                ("subject", models.CharField(max_length=64, verbose_name="номер")),
                (
                    "payment",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.payment",
                    ),
                ),
                (
                    "refund",
                    kabinet.common.db.SupplierForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.refund",
                    ),
                ),
                ("ours_rub", kabinet.common.fields.MoneyField(blank=True, null=True, verbose_name="у нас, ₽")),
                ("theirs_rub", kabinet.common.fields.MoneyField(blank=True, null=True, verbose_name="у них, ₽")),
                ("is_gone", models.BooleanField(default=False, verbose_name="сошлось само")),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="решение")),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("noted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "расхождение дня",
                "verbose_name_plural": "расхождения дня",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "reconciliation_day", "finding", "kind", "subject"), name="day_line_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Payout",
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
                    "shop",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
                    ),
                ),
                ("reference", models.CharField(max_length=64, verbose_name="номер платёжного поручения")),
                ("came_on", models.DateField(verbose_name="поступило")),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="поступило, ₽")),
                ("fee_rub", kabinet.common.fields.MoneyField(default=0, verbose_name="удержано, ₽")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "выплата",
                "verbose_name_plural": "выплаты",
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "shop", "reference"), name="payout_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_rub__gt", 0), ("fee_rub__gte", 0)), name="payout_sums"
                    ),
                ],
            },
        ),
        UniquePair("payments_shop"),
        UniquePair("payments_autopay"),
        UniquePair("payments_payment"),
        UniquePair("payments_paymentshare"),
        UniquePair("payments_suspendedsum"),
        UniquePair("payments_refund"),
        UniquePair("payments_chargeback"),
        UniquePair("payments_gatewaystatement"),
        UniquePair("payments_reconciliationday"),
        CompositeForeignKey("payments_autopay", "account_id", "accounts_account"),
        CompositeForeignKey("payments_autopay", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_doorbell", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_payment", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_payment", "autopay_id", "payments_autopay"),
        CompositeForeignKey("payments_autopaycharge", "autopay_id", "payments_autopay"),
        CompositeForeignKey("payments_autopaycharge", "payment_id", "payments_payment"),
        CompositeForeignKey("payments_paymentshare", "payment_id", "payments_payment"),
        CompositeForeignKey("payments_paymentshare", "account_id", "accounts_account"),
        CompositeForeignKey("payments_paymentshare", "service_id", "suppliers_service"),
        CompositeForeignKey("payments_suspendedsum", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_suspendedsum", "payment_id", "payments_payment"),
        CompositeForeignKey("payments_suspenseallocation", "suspended_sum_id", "payments_suspendedsum"),
        CompositeForeignKey("payments_suspenseallocation", "account_id", "accounts_account"),
        CompositeForeignKey("payments_refund", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_refund", "payment_id", "payments_payment"),
        CompositeForeignKey("payments_refund", "suspended_sum_id", "payments_suspendedsum"),
        CompositeForeignKey("payments_refundshare", "refund_id", "payments_refund"),
        CompositeForeignKey("payments_refundshare", "share_id", "payments_paymentshare"),
        CompositeForeignKey("payments_chargeback", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_chargeback", "payment_id", "payments_payment"),
        CompositeForeignKey("payments_chargebackshare", "chargeback_id", "payments_chargeback"),
        CompositeForeignKey("payments_chargebackshare", "share_id", "payments_paymentshare"),
        CompositeForeignKey("payments_receiptterms", "service_id", "suppliers_service"),
        CompositeForeignKey("payments_receipt", "payment_id", "payments_payment"),
        CompositeForeignKey("payments_receipt", "refund_id", "payments_refund"),
        CompositeForeignKey("payments_gatewaystatement", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_gatewaystatementline", "statement_id", "payments_gatewaystatement"),
        CompositeForeignKey("payments_reconciliationday", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_dayline", "reconciliation_day_id", "payments_reconciliationday"),
        CompositeForeignKey("payments_dayline", "payment_id", "payments_payment"),
        CompositeForeignKey("payments_dayline", "refund_id", "payments_refund"),
        CompositeForeignKey("payments_payout", "shop_id", "payments_shop"),
    ]
