"""How much is taken to be used where no meter tells, and by how much the cold changes what a meter tells."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import ExactDecimalField, VolumeField
from kabinet.common.periods import ends_after_it_begins, one_a_day
from kabinet.suppliers.models import SupplierOwned
from kabinet.tariffs.rules import MONTHS


class Norm(SupplierOwned):
    """A norm of consumption (норматив) of a region for a purpose of use on the days [valid_from, valid_until).

    An account's norm of a month is the sum over the norms of its region and purpose: what each person takes, each m²,
    each unit that it has.

    region_code    as the accounts name it; empty: for every region that has none of its own
    unit_code      which units are counted for `unit = unit`: bath, greenhouse, cow
    printed_value  as the act prints it, m³ for `printed_period`
    monthly_m3     m³ per unit for January to December, converted from it once: twelve numbers, never fewer
    """

    class Unit(models.TextChoices):
        PERSON = "person", _("на человека")
        M2 = "m2", _("на м²")
        UNIT = "unit", _("на единицу")

    class PrintedPeriod(models.TextChoices):
        MONTH = "month", _("в месяц")
        YEAR = "year", _("в год")

    region_code = models.SlugField(_("регион"), max_length=40, blank=True)
    usage_purpose_code = models.SlugField(_("направление использования газа"), max_length=40, blank=True)
    unit = models.CharField(_("на что"), max_length=6, choices=Unit)
    unit_code = models.SlugField(_("единица"), max_length=40, blank=True)
    unit_name = models.CharField(_("название единицы"), max_length=80, blank=True)
    printed_value = VolumeField(_("норматив в акте, м³"))
    printed_period = models.CharField(_("за какой срок"), max_length=5, choices=PrintedPeriod)
    monthly_m3 = ArrayField(VolumeField(), size=MONTHS, verbose_name=_("по месяцам, м³"))
    valid_from = models.DateField(_("действует с"))
    valid_until = models.DateField(_("действует до"), null=True, blank=True)
    source = models.CharField(_("акт"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("норматив")
        verbose_name_plural = _("нормативы")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("norm_one_a_day", "supplier", "region_code", "usage_purpose_code", "unit", "unit_code"),
            ends_after_it_begins("norm_days"),
            models.CheckConstraint(condition=Q(monthly_m3__len=MONTHS), name="norm_of_twelve_months"),
            models.CheckConstraint(condition=Q(printed_value__gt=0), name="norm_above_zero"),
            models.CheckConstraint(
                condition=Q(unit="unit") & ~Q(unit_code="") | ~Q(unit="unit") & Q(unit_code=""), name="norm_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_value} {self.unit} {self.valid_from}"


class VolumeFactor(SupplierOwned):
    """What a metered volume is multiplied by (температурный коэффициент) on the days [valid_from, valid_until).

    Only for meters that stand in the cold without correcting themselves: `Meter.needs_volume_factor`.
    region_code  as the accounts name it; empty: for every region that has none of its own
    """

    region_code = models.SlugField(_("регион"), max_length=40, blank=True)
    factor = ExactDecimalField(_("коэффициент"), max_digits=7, decimal_places=5)
    valid_from = models.DateField(_("действует с"))
    valid_until = models.DateField(_("действует до"), null=True, blank=True)
    source = models.CharField(_("акт"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("температурный коэффициент")
        verbose_name_plural = _("температурные коэффициенты")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("volume_factor_one_a_day", "supplier", "region_code"),
            ends_after_it_begins("volume_factor_days"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="volume_factor_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.factor} {self.valid_from}"
