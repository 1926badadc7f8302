from decimal import Decimal

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
        ("suppliers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Basket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_id", models.UUIDField()),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "корзина",
                "verbose_name_plural": "корзины",
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("period", kabinet.common.fields.MonthField(verbose_name="за период")),
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
                ("method_title", models.CharField(blank=True, max_length=100, verbose_name="чем оплачено")),
                ("failure_reason", models.CharField(blank=True, max_length=64, verbose_name="причина отказа")),
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
                        ],
                        max_length=20,
                        verbose_name="нужен человек",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="начат")),
                ("expires_at", models.DateTimeField(verbose_name="оплатить до")),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="оплачен")),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
                (
                    "basket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.basket"
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
                "verbose_name": "платёж",
                "verbose_name_plural": "платежи",
            },
        ),
        migrations.CreateModel(
            name="PaymentShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_rub", kabinet.common.fields.MoneyField(verbose_name="сумма, ₽")),
                (
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "payment",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="payments.payment"
                    ),
                ),
                (
                    "service",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.service"
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
                "verbose_name": "доля платежа",
                "verbose_name_plural": "доли платежа",
            },
        ),
        migrations.CreateModel(
            name="Shop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "gateway",
                    models.CharField(
                        choices=[("yookassa", "ЮKassa")],
                        default="yookassa",
                        max_length=16,
                        verbose_name="платёжная система",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="название")),
                ("shop_id", models.CharField(max_length=40, verbose_name="номер магазина")),
                ("sealed_secret", models.TextField(editable=False, verbose_name="секретный ключ, зашифрован")),
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
                    kabinet.common.fields.MoneyField(default=Decimal("350000.00"), verbose_name="наибольший платёж, ₽"),
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
                "verbose_name": "магазин в платёжной системе",
                "verbose_name_plural": "магазины в платёжных системах",
            },
        ),
        migrations.AddField(
            model_name="payment",
            name="shop",
            field=kabinet.common.db.SupplierForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.shop"
            ),
        ),
        migrations.CreateModel(
            name="Doorbell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.CharField(max_length=64)),
                ("object_id", models.CharField(max_length=64)),
                ("rings_count", models.PositiveIntegerField(default=1)),
                ("first_rung_at", models.DateTimeField()),
                ("last_rung_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
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
            ],
            options={
                "verbose_name": "звонок платёжной системы",
                "verbose_name_plural": "звонки платёжных систем",
            },
        ),
        migrations.AddConstraint(
            model_name="basket",
            constraint=models.UniqueConstraint(fields=("user", "request_id"), name="basket_request"),
        ),
        migrations.AddConstraint(
            model_name="paymentshare",
            constraint=models.UniqueConstraint(
                fields=("supplier", "payment", "account", "service"), name="payment_share_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_rub__gt", 0)), name="payment_share_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.UniqueConstraint(fields=("supplier", "gateway", "shop_id"), name="shop_once"),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_enabled", True)), fields=("supplier",), name="shop_one_enabled"
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("greatest_amount_rub__gte", models.F("least_amount_rub")), ("least_amount_rub__gte", 1)
                ),
                name="shop_limits",
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(("commission_percent__range", (0, 10))), name="shop_commission"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("next_check_at__isnull", False)), fields=["next_check_at"], name="payment_to_check"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("supplier", "public_id"), name="payment_public_id"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("supplier", "shop", "idempotency_key"), name="payment_key"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gateway_payment_id", ""), _negated=True),
                fields=("supplier", "shop", "gateway_payment_id"),
                name="payment_gateway_object",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", {"failed": 3, "held": 2, "intended": 0, "open": 1, "paid": 4})),
                name="payment_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paid"), _negated=True),
                    models.Q(models.Q(("gateway_payment_id", ""), _negated=True), ("paid_at__isnull", False)),
                    _connector="OR",
                ),
                name="payment_paid_was_seen",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paid"), _negated=True), ("suspended_rub__isnull", True), _connector="OR"
                ),
                name="payment_paid_or_suspended",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("open", "held")), _negated=True),
                    models.Q(("gateway_payment_id", ""), _negated=True),
                    _connector="OR",
                ),
                name="payment_open_was_seen",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True),
                    models.Q(("failure_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="payment_failed_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="doorbell",
            index=models.Index(fields=["supplier", "shop", "object_id"], name="doorbell_object"),
        ),
        migrations.AddConstraint(
            model_name="doorbell",
            constraint=models.UniqueConstraint(fields=("supplier", "shop", "event", "object_id"), name="doorbell_once"),
        ),
        UniquePair("payments_shop"),
        UniquePair("payments_payment"),
        CompositeForeignKey("payments_payment", "shop_id", "payments_shop"),
        CompositeForeignKey("payments_paymentshare", "payment_id", "payments_payment"),
        CompositeForeignKey("payments_paymentshare", "account_id", "accounts_account"),
        CompositeForeignKey("payments_paymentshare", "service_id", "suppliers_service"),
        CompositeForeignKey("payments_doorbell", "shop_id", "payments_shop"),
    ]
