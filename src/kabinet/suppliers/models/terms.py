"""By which day a month is billed and paid."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import MonthField
from kabinet.suppliers.models.suppliers import SupplierOwned


class TermDays(models.Model):
    """By which days of the following month a month is billed and paid. The 31st of a shorter month is its last day."""

    bill_by_day = models.PositiveSmallIntegerField(
        _("счёт до"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    pay_by_day = models.PositiveSmallIntegerField(
        _("оплата до"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )

    class Meta:
        abstract = True


class StatutoryTerm(TermDays):
    """The law's term from a period on, for every supplier that has none of its own."""

    from_month = MonthField(_("с периода"), unique=True)
    source = models.CharField(_("акт"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("срок оплаты по закону")
        verbose_name_plural = _("сроки оплаты по закону")
        ordering = ["from_month"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bill_by_day__range=(1, 31), pay_by_day__range=(1, 31)), name="statutory_term_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_month}: {self.bill_by_day}, {self.pay_by_day}"


class PaymentTerm(SupplierOwned, TermDays):
    """A supplier's own term, by its contracts, from a period on: it holds instead of the law's."""

    from_month = MonthField(_("с периода"))

    class Meta:
        verbose_name = _("срок оплаты")
        verbose_name_plural = _("сроки оплаты")
        ordering = ["from_month"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "from_month"], name="payment_term_from_month"),
            models.CheckConstraint(
                condition=models.Q(bill_by_day__range=(1, 31), pay_by_day__range=(1, 31)), name="payment_term_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_month}: {self.bill_by_day}, {self.pay_by_day}"


class CalendarDay(models.Model):
    """A day that the government has moved: a holiday on a weekday, or a Saturday that is worked. For everybody."""

    day = models.DateField(_("день"), primary_key=True)
    is_working = models.BooleanField(_("рабочий"), default=False)
    source = models.CharField(_("акт"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("особый день календаря")
        verbose_name_plural = _("особые дни календаря")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"
