"""Numbers of the office's first page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import MoneyField
from kabinet.suppliers.models import SupplierOwned


class Figure(SupplierOwned):
    """A number that the worker counts for the first page of the office: it takes reading every account of a supplier.

    on  the first day of the charged month; for readings their day, every day of the last two windows; for scales the
        day on which the present window has opened
    """

    class Kind(models.TextChoices):
        UNPAID = "unpaid", _("не оплачено за месяц")
        UNDATED = "undated", _("долг без месяца")
        DEBTORS = "debtors", _("счета с долгом")
        READINGS = "readings", _("показания за день")
        SCALES = "scales", _("шкалы, с которых их ждут")

    kind = models.CharField(_("что"), max_length=10, choices=Kind)
    on = models.DateField(_("за какой день"), null=True)
    count = models.PositiveBigIntegerField(_("сколько"))
    amount_rub = MoneyField(_("сумма, ₽"), default=0)
    counted_at = models.DateTimeField(_("посчитано"))

    class Meta:
        verbose_name = _("показатель")
        verbose_name_plural = _("показатели")
        constraints = [
            models.UniqueConstraint("supplier", "kind", "on", name="figure_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}: {self.count}"
