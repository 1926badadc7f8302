"""Money that came and fits no payment: it is never refused, it waits for a person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.models import Account
from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField
from kabinet.payments.models.payments import Payment
from kabinet.payments.models.shops import Shop
from kabinet.suppliers.models import SupplierOwned


class SuspendedSum(SupplierOwned):
    """One sum on the suspense book: an object of the gateway that differs from our payment, or is nobody's.

    payment      the payment that it came instead of; None for a foreign one
    decided_rub  how much of it has been given to accounts or back to the payer; changed under this row's lock
    """

    class Reason(models.TextChoices):
        MISMATCH = "mismatch", _("не совпало с нашим платежом")
        FOREIGN = "foreign", _("платежа с таким номером у нас нет")

    shop = SupplierForeignKey(Shop, related_name="+")
    payment = SupplierForeignKey(Payment, related_name="suspended_sums", null=True, blank=True)
    gateway_payment_id = models.CharField(_("номер в платёжной системе"), max_length=64)
    reason = models.CharField(_("почему"), max_length=12, choices=Reason)
    details = models.CharField(_("что не совпало"), max_length=250, blank=True)
    amount_rub = MoneyField(_("сумма, ₽"))
    decided_rub = MoneyField(_("разобрано, ₽"), default=0)
    came_on = models.DateField(_("пришло"))
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("невыясненная сумма")
        verbose_name_plural = _("невыясненные суммы")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "shop", "gateway_payment_id"], name="suspended_sum_once"),
            models.CheckConstraint(
                condition=Q(amount_rub__gt=0, decided_rub__gte=0, decided_rub__lte=F("amount_rub")),
                name="suspended_sum_sums",
            ),
        ]
        indexes = [
            models.Index(
                fields=["supplier", "created_at"],
                condition=Q(decided_rub__lt=F("amount_rub")),
                name="suspended_sum_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway_payment_id}: {self.amount_rub}"


class SuspenseAllocation(SupplierOwned):
    """A person's decision that money in suspense belongs to an account."""

    suspended_sum = SupplierForeignKey(SuspendedSum, related_name="allocations")
    account = SupplierForeignKey(Account, related_name="+")
    amount_rub = MoneyField(_("сумма, ₽"))
    note = models.CharField(_("на каком основании"), max_length=250)
    request_id = models.UUIDField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("разбор невыясненной суммы")
        verbose_name_plural = _("разборы невыясненных сумм")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "request_id"], name="suspense_allocation_request"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0), name="suspense_allocation_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.suspended_sum_id} → {self.account_id}: {self.amount_rub}"
