"""Prices of services."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import PriceField, VolumeField
from kabinet.common.periods import ends_after_it_begins, one_a_day
from kabinet.suppliers.models import SupplierOwned


class Tariff(SupplierOwned):
    """The price of a service for a purpose of use on the days [valid_from, valid_until).

    usage_purpose_code  empty: for every purpose that has no price of its own
    zone                of a meter with several scales, «T1»; empty: for every zone that has no price of its own
    above_m3            a step: the price of what is used within a calendar year above this volume; 0 is the first step
    printed_price       as the order prints it, for `printed_unit`; `price_rub_per_m3` is converted from it once
    """

    class Unit(models.TextChoices):
        M3 = "m3", _("₽ за м³")
        THOUSAND_M3 = "1000m3", _("₽ за 1000 м³")

    service = SupplierForeignKey("suppliers.Service", related_name="+", verbose_name=_("услуга"))
    usage_purpose_code = models.SlugField(_("направление использования газа"), max_length=40, blank=True)
    zone = models.CharField(_("зона"), max_length=2, blank=True)
    above_m3 = VolumeField(_("сверх объёма за год, м³"), default=0)
    price_rub_per_m3 = PriceField(_("цена, ₽/м³"))
    valid_from = models.DateField(_("действует с"))
    valid_until = models.DateField(_("действует до"), null=True, blank=True, help_text=_("первый день без этой цены"))
    printed_price = PriceField(_("цена в приказе"))
    printed_unit = models.CharField(_("единица в приказе"), max_length=8, choices=Unit, default=Unit.M3)
    source = models.CharField(_("приказ"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задана"), default=timezone.now)

    class Meta:
        verbose_name = _("тариф")
        verbose_name_plural = _("тарифы")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("tariff_one_price_a_day", "supplier", "service", "usage_purpose_code", "zone", "above_m3"),
            ends_after_it_begins("tariff_days"),
            models.CheckConstraint(
                condition=Q(price_rub_per_m3__gt=0, printed_price__gt=0, above_m3__gte=0), name="tariff_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_rub_per_m3} {self.valid_from}"
