"""Books, their balances, transfers."""

from django.db import models
from django.db.models import F, Q

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField, MonthField
from kabinet.suppliers.models import SupplierOwned


class Book(SupplierOwned):
    """What money stands on: one per account and service for customers, and the supplier's own books by kind and key."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        REVENUE = "revenue"
        PENALTY_INCOME = "penalty_income"
        CLEARING = "clearing"
        BANK = "bank"
        FEES = "fees"
        SUSPENSE = "suspense"
        BENEFITS = "benefits"
        WRITE_OFFS = "write_offs"
        OPENING = "opening"

    kind = models.CharField(max_length=20, choices=Kind)
    account = SupplierForeignKey("accounts.Account", null=True, related_name="+")
    service = SupplierForeignKey("suppliers.Service", null=True, related_name="+")
    key = models.CharField(max_length=40, blank=True, help_text="which of several, such as a gateway's shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "supplier", "account", "service", condition=Q(kind="customer"), name="ledger_book_of_customer"
            ),
            models.UniqueConstraint(
                "supplier", "kind", "key", condition=~Q(kind="customer"), name="ledger_book_of_supplier"
            ),
            models.CheckConstraint(
                condition=Q(kind="customer", account__isnull=False, service__isnull=False)
                | (~Q(kind="customer") & Q(account__isnull=True, service__isnull=True)),
                name="ledger_book_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.account_id or self.key}"


class BookBalance(SupplierOwned):
    """What a customer owes on a book, roubles: above zero is a debt, below zero an advance.

    Changed in the transaction that adds the transfer; never kept for a supplier's own books, which everybody writes to.
    """

    book = SupplierForeignKey(Book, related_name="+")
    balance_rub = MoneyField()

    class Meta:
        constraints = [models.UniqueConstraint("supplier", "book", name="ledger_balance_of_book")]

    def __str__(self) -> str:
        return f"{self.book_id}: {self.balance_rub}"


class Transfer(SupplierOwned):
    """One movement of money. ``source_*`` name the document that made it; ``period`` is the month it is shown under."""

    class Kind(models.TextChoices):
        CHARGE = "charge"
        PAYMENT = "payment"
        COMMISSION = "commission"
        REFUND = "refund"
        CHARGEBACK = "chargeback"
        PAYOUT = "payout"
        BENEFIT = "benefit"
        WRITE_OFF = "write_off"
        ADJUSTMENT = "adjustment"
        OPENING = "opening"
        REVERSAL = "reversal"

    debit_book = SupplierForeignKey(Book, related_name="+")
    credit_book = SupplierForeignKey(Book, related_name="+")
    amount_rub = MoneyField()
    kind = models.CharField(max_length=20, choices=Kind)
    period = MonthField()
    occurred_on = models.DateField()
    source_kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=64)
    line_no = models.PositiveIntegerField(default=1)
    reverses = SupplierForeignKey("self", null=True, related_name="+")
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("supplier", "source_kind", "source_id", "line_no", name="ledger_transfer_source"),
            models.UniqueConstraint("supplier", "reverses", name="ledger_transfer_reversed_once"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0), name="ledger_transfer_amount_above_zero"),
            models.CheckConstraint(condition=~Q(debit_book=F("credit_book")), name="ledger_transfer_two_books"),
        ]
        indexes = [
            models.Index(fields=["supplier", "debit_book", "period"], name="ledger_transfer_debit"),
            models.Index(fields=["supplier", "credit_book", "period"], name="ledger_transfer_credit"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_rub} {self.kind}"
