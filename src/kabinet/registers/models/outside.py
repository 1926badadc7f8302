"""Money that a supplier has taken elsewhere."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField
from kabinet.registers.models.incoming import Register
from kabinet.suppliers.models import SupplierOwned


class OutsidePayment(SupplierOwned):
    """A payment that a supplier took at a bank, a post office or its own desk, as its register says.

    operation_id  the bank's number of the operation: one operation is one payment for one service of one account
    paid_on       the day on which it was paid there
    undone_at     when its register was undone; the operation may come again then
    """

    account = SupplierForeignKey("accounts.Account", related_name="+", verbose_name=_("лицевой счёт"))
    service = SupplierForeignKey("suppliers.Service", related_name="+", verbose_name=_("услуга"), db_index=False)
    register = SupplierForeignKey(Register, related_name="+")
    operation_id = models.CharField(_("номер операции"), max_length=100)
    amount_rub = MoneyField(_("сумма, ₽"))
    paid_on = models.DateField(_("оплачено"))
    payer = models.CharField(_("плательщик"), max_length=200, blank=True)
    note = models.CharField(_("назначение"), max_length=250, blank=True)
    undone_at = models.DateTimeField(_("отменено"), null=True, blank=True)

    class Meta:
        verbose_name = _("оплата не здесь")
        verbose_name_plural = _("оплаты не здесь")
        constraints = [
            models.UniqueConstraint(
                "supplier",
                "operation_id",
                "account",
                "service",
                condition=Q(undone_at__isnull=True),
                name="outside_payment_once",
            ),
            models.CheckConstraint(condition=~Q(amount_rub=0), name="outside_payment_not_zero"),
        ]
        indexes = [models.Index("supplier", "paid_on", name="outside_payment_by_day")]

    def __str__(self) -> str:
        return f"{self.operation_id}: {self.amount_rub}"
