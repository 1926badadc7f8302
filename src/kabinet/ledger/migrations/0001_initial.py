import django.db.models.deletion
from django.db import migrations, models

import kabinet.common.db
import kabinet.common.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Book",
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
                            ("customer", "Customer"),
                            ("revenue", "Revenue"),
                            ("penalty_income", "Penalty Income"),
                            ("clearing", "Clearing"),
                            ("bank", "Bank"),
                            ("fees", "Fees"),
                            ("suspense", "Suspense"),
                            ("benefits", "Benefits"),
                            ("write_offs", "Write Offs"),
                            ("opening", "Opening"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "service",
                    kabinet.common.db.SupplierForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.service"
                    ),
                ),
                (
                    "key",
                    models.CharField(blank=True, help_text="which of several, such as a gateway's shop", max_length=40),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("account"),
                        models.F("service"),
                        condition=models.Q(("kind", "customer")),
                        name="ledger_book_of_customer",
                    ),
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("kind"),
                        models.F("key"),
                        condition=models.Q(("kind", "customer"), _negated=True),
                        name="ledger_book_of_supplier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("account__isnull", False), ("kind", "customer"), ("service__isnull", False)),
                            models.Q(
                                models.Q(("kind", "customer"), _negated=True),
                                ("account__isnull", True),
                                ("service__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_book_owner",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookBalance",
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
                    "book",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                    ),
                ),
                ("balance_rub", kabinet.common.fields.MoneyField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("supplier"), models.F("book"), name="ledger_balance_of_book")
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                    "debit_book",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                    ),
                ),
                (
                    "credit_book",
                    kabinet.common.db.SupplierForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
                    ),
                ),
                ("amount_rub", kabinet.common.fields.MoneyField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("charge", "Charge"),
                            ("payment", "Payment"),
                            ("commission", "Commission"),
                            ("refund", "Refund"),
                            ("chargeback", "Chargeback"),
                            ("payout", "Payout"),
                            ("benefit", "Benefit"),
                            ("write_off", "Write Off"),
                            ("adjustment", "Adjustment"),
                            ("opening", "Opening"),
                            ("reversal", "Reversal"),
                        ],
                        max_length=20,
                    ),
                ),
                ("period", kabinet.common.fields.MonthField()),
                ("occurred_on", models.DateField()),
                ("source_kind", models.CharField(max_length=30)),
                ("source_id", models.CharField(max_length=64)),
                ("line_no", models.PositiveIntegerField(default=1)),
                (
                    "reverses",
                    kabinet.common.db.SupplierForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.transfer"
                    ),
                ),
                ("posted_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["supplier", "debit_book", "period"], name="ledger_transfer_debit"),
                    models.Index(fields=["supplier", "credit_book", "period"], name="ledger_transfer_credit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("supplier"),
                        models.F("source_kind"),
                        models.F("source_id"),
                        models.F("line_no"),
                        name="ledger_transfer_source",
                    ),
                    models.UniqueConstraint(
                        models.F("supplier"), models.F("reverses"), name="ledger_transfer_reversed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_rub__gt", 0)), name="ledger_transfer_amount_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("debit_book", models.F("credit_book")), _negated=True),
                        name="ledger_transfer_two_books",
                    ),
                ],
            },
        ),
    ]
