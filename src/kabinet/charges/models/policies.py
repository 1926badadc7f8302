"""How a supplier charges where the rules leave a choice."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import ExactDecimalField, MonthField
from kabinet.suppliers.models import SupplierOwned


class AccrualPolicy(SupplierOwned):
    """The supplier's choices from a month on, until the next policy.

    average_of_months           over how many months before the last reading the mean is taken
    average_at_most_months      for so many months without a reading in a row the mean is charged, then the norm
    removed_at_most_months      the same while a meter is away for verification or repair
    recalculate_norm_months     whether months charged by the norm are recomputed when readings resume
    price_split                 how a price change inside the interval between two readings is charged
    odd_ratio                   so many times the usual month is odd
    silent_months               so many months without a reading are odd
    penalty_recheck_months      penalties of so many months back are compared with what has been paid since
    """

    class PriceSplit(models.TextChoices):
        BY_DAYS = "by_days", _("по дням")
        BY_CONTROL_READING = "by_control_reading", _("по контрольному показанию, без него по дням")
        WHOLE_PERIOD_NEW_PRICE = "whole_period_new_price", _("весь расход по новой цене")

    class RecalculateNorm(models.TextChoices):
        NEVER = "never", _("никогда")
        BY_OPERATOR = "by_operator", _("по решению сотрудника")
        AUTO = "auto", _("всегда")

    from_month = MonthField(_("с периода"))
    price_split = models.CharField(_("смена цены между показаниями"), max_length=24, choices=PriceSplit)
    recalculate_norm_months = models.CharField(
        _("пересчитывать месяцы по нормативу"), max_length=12, choices=RecalculateNorm
    )
    average_of_months = models.PositiveSmallIntegerField(_("среднее за, месяцев"), validators=[MinValueValidator(1)])
    average_at_most_months = models.PositiveSmallIntegerField(_("по среднему не дольше, месяцев"))
    removed_at_most_months = models.PositiveSmallIntegerField(_("снятый счётчик: по среднему не дольше, месяцев"))
    odd_ratio = ExactDecimalField(_("во сколько раз больше обычного — сообщить"), max_digits=5, decimal_places=2)
    silent_months = models.PositiveSmallIntegerField(_("месяцев без показаний — сообщить"))
    charges_penalties = models.BooleanField(_("начислять пени"), default=True)
    penalty_recheck_months = models.PositiveSmallIntegerField(_("перепроверять пени за, месяцев"))

    class Meta:
        verbose_name = _("порядок начисления")
        verbose_name_plural = _("порядок начисления")
        ordering = ["from_month"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "from_month"], name="accrual_policy_from_month"),
            models.CheckConstraint(
                condition=Q(average_of_months__gt=0, odd_ratio__gt=1, silent_months__gt=0), name="accrual_policy_counts"
            ),
        ]

    def __str__(self) -> str:
        return str(self.from_month)
