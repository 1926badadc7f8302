"""What staff change by hand."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField, MonthField
from kabinet.suppliers.models import SupplierOwned


class Adjustment(SupplierOwned):
    """A document of staff about what an account owes for a service. It is never changed; another one undoes it.

    amount_rub   above zero adds to what is owed; a write-off is below zero, a restored debt above it
    reason       as the customer reads it
    restores     of a restored debt: the write-off that it takes back
    approved_by  the second person, without whom nothing lowers what an account owes
    """

    class Kind(models.TextChoices):
        ADJUSTMENT = "adjustment", _("корректировка")
        WRITE_OFF = "write_off", _("списание долга")
        RESTORATION = "restoration", _("восстановление долга")
        OPENING = "opening", _("входящий остаток")

    account = SupplierForeignKey("accounts.Account", related_name="+", verbose_name=_("лицевой счёт"))
    service = SupplierForeignKey("suppliers.Service", related_name="+", verbose_name=_("услуга"))
    kind = models.CharField(_("вид"), max_length=12, choices=Kind)
    period = MonthField(_("период"))
    amount_rub = MoneyField(_("сумма, ₽"))
    reason = models.CharField(_("причина"), max_length=250)
    charge = SupplierForeignKey("charges.Charge", null=True, blank=True, related_name="+")
    restores = SupplierForeignKey("self", null=True, blank=True, related_name="+")
    request_id = models.UUIDField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("сделана"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("корректировка")
        verbose_name_plural = _("корректировки")
        constraints = [
            models.UniqueConstraint("supplier", "request_id", name="adjustment_request"),
            models.UniqueConstraint(
                "supplier", "restores", condition=Q(restores__isnull=False), name="adjustment_restored_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["adjustment", "opening"]) & ~Q(amount_rub=0)
                | Q(kind="write_off", amount_rub__lt=0)
                | Q(kind="restoration", amount_rub__gt=0, restores__isnull=False),
                name="adjustment_sign",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_has_reason"),
            models.CheckConstraint(
                condition=Q(amount_rub__gt=0) | Q(approved_by__isnull=False) & ~Q(approved_by=F("made_by")),
                name="adjustment_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_rub}"
