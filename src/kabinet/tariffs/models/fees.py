"""What is charged each month whatever was used."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField
from kabinet.common.periods import ends_after_it_begins, one_a_day
from kabinet.suppliers.models import SupplierOwned


class MonthlyFee(SupplierOwned):
    """A fee of an account for a service (maintenance, a standing charge) on the days [valid_from, valid_until).

    A month is charged whole when the fee holds on its first day.
    source  the contract, as people will read it under «Как посчитано»
    """

    account = SupplierForeignKey("accounts.Account", related_name="+", verbose_name=_("лицевой счёт"))
    service = SupplierForeignKey("suppliers.Service", related_name="+", verbose_name=_("услуга"))
    monthly_rub = MoneyField(_("в месяц, ₽"))
    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"), null=True, blank=True)
    source = models.CharField(_("договор"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("ежемесячная плата")
        verbose_name_plural = _("ежемесячные платы")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("monthly_fee_one_a_day", "supplier", "account", "service"),
            ends_after_it_begins("monthly_fee_days"),
            models.CheckConstraint(condition=Q(monthly_rub__gt=0), name="monthly_fee_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.monthly_rub} {self.valid_from}"
