"""What is charged each month whatever was used."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import DateRange, MoneyField
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
            ExclusionConstraint(
                name="monthly_fee_one_a_day",
                expressions=[
                    ("supplier", RangeOperators.EQUAL),
                    ("account", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", Value("[)")), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")), name="monthly_fee_days"
            ),
            models.CheckConstraint(condition=Q(monthly_rub__gt=0), name="monthly_fee_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.monthly_rub} {self.valid_from}"
