"""Files to suppliers, and what left in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.suppliers.models import SupplierOwned


class PaymentRegister(SupplierOwned):
    """A file of payments for a supplier's own billing, as it left. Numbers of a supplier have no gap.

    day  the supplier's day on which it was made
    """

    number = models.PositiveIntegerField(_("номер"))
    day = models.DateField(_("день"))
    made_at = models.DateTimeField(_("составлен"))
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    lines_count = models.PositiveIntegerField(_("строк"))

    class Meta:
        verbose_name = _("реестр платежей")
        verbose_name_plural = _("реестры платежей")
        constraints = [models.UniqueConstraint(fields=["supplier", "number"], name="payment_register_number")]

    def __str__(self) -> str:
        return f"{self.supplier_id} № {self.number}"


class SentDocument(SupplierOwned):
    """A document that has left in a register: one document once. It is named as it is in the ledger."""

    register = SupplierForeignKey(PaymentRegister, related_name="documents")
    source_kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("переданный документ")
        verbose_name_plural = _("переданные документы")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "source_kind", "source_id"], name="document_sent_once")
        ]

    def __str__(self) -> str:
        return f"{self.source_kind} {self.source_id}"
