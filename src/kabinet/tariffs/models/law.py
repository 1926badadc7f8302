"""What the law says by date for everybody: penalties for paying late, and VAT."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import ExactDecimalField
from kabinet.common.periods import ends_after_it_begins, one_a_day


class PercentField(ExactDecimalField):
    """A rate in percent with two places."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **(kwargs | {"max_digits": 5, "decimal_places": 2}))  # type: ignore[arg-type]


class PenaltyRate(models.Model):
    """The key rate of the central bank from a day on, until the next one."""

    valid_from = models.DateField(_("с"), unique=True)
    rate_percent = PercentField(_("ставка, % годовых"))
    source = models.CharField(_("решение"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("ключевая ставка")
        verbose_name_plural = _("ключевые ставки")
        ordering = ["valid_from"]
        constraints = [models.CheckConstraint(condition=Q(rate_percent__gt=0), name="penalty_rate_above_zero")]

    def __str__(self) -> str:
        return f"{self.rate_percent} {self.valid_from}"


class PenaltyCap(models.Model):
    """The most that the rate may be on the days [valid_from, valid_until); no cap holds where there is no row."""

    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"), null=True, blank=True)
    rate_percent = PercentField(_("не больше, % годовых"))
    source = models.CharField(_("акт"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("предел ставки пеней")
        verbose_name_plural = _("пределы ставки пеней")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("penalty_cap_one_a_day"),
            ends_after_it_begins("penalty_cap_days"),
            models.CheckConstraint(condition=Q(rate_percent__gt=0), name="penalty_cap_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.rate_percent} {self.valid_from}"


class PenaltyStep(models.Model):
    """From which day of delay on which part of the rate is due a day: `rate / divisor`.

    from_day  day 1 is the day after the last day to pay
    """

    valid_from = models.DateField(_("с"))
    from_day = models.PositiveSmallIntegerField(_("с дня просрочки"))
    divisor = models.PositiveSmallIntegerField(_("часть ставки: 1 из"))
    source = models.CharField(_("акт"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("ступень пеней")
        verbose_name_plural = _("ступени пеней")
        ordering = ["valid_from", "from_day"]
        constraints = [
            models.UniqueConstraint("valid_from", "from_day", name="penalty_step_once"),
            models.CheckConstraint(condition=Q(divisor__gt=0, from_day__gt=0), name="penalty_step_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.from_day}, 1/{self.divisor}"


class PenaltyMoratorium(models.Model):
    """Days [valid_from, valid_until) for which no penalty is due."""

    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"), null=True, blank=True)
    source = models.CharField(_("акт"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("мораторий на пени")
        verbose_name_plural = _("моратории на пени")
        ordering = ["valid_from"]
        constraints = [one_a_day("penalty_moratorium_one_a_day"), ends_after_it_begins("penalty_moratorium_days")]

    def __str__(self) -> str:
        return f"{self.valid_from}"


class VatRate(models.Model):
    """The rate of VAT that prices contain on the days [valid_from, valid_until)."""

    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"), null=True, blank=True)
    rate_percent = PercentField(_("ставка, %"))
    source = models.CharField(_("акт"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("ставка НДС")
        verbose_name_plural = _("ставки НДС")
        ordering = ["valid_from"]
        constraints = [one_a_day("vat_rate_one_a_day"), ends_after_it_begins("vat_rate_days")]

    def __str__(self) -> str:
        return f"{self.rate_percent} {self.valid_from}"
