"""Which shop is to take a supplier's money: two people and, for a shop that has taken none yet, a day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.payments.models.shops import Shop
from kabinet.suppliers.models import SupplierOwned


class ShopSwitch(SupplierOwned):
    """That a shop is to take payments instead of the one that does: asked by one, confirmed by another.

    due_at        when it takes effect; None until the second person has confirmed
    withdrawn_by  whoever took it back while it had not taken effect
    """

    shop = SupplierForeignKey(Shop, related_name="+", verbose_name=_("магазин"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    due_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("включение магазина")
        verbose_name_plural = _("включения магазинов")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier"],
                condition=models.Q(applied_at=None, withdrawn_at=None),
                name="shop_switch_one_waits",
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("asked_by")), name="shop_switch_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(due_at=None, applied_at=None)
                | models.Q(due_at__isnull=False, confirmed_by__isnull=False),
                name="shop_switch_confirmed_first",
            ),
            models.CheckConstraint(
                condition=models.Q(applied_at=None) | models.Q(withdrawn_at=None), name="shop_switch_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"shop_switch:{self.pk}"

    @property
    def waits(self) -> bool:
        return self.applied_at is None and self.withdrawn_at is None
