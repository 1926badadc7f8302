"""Benefits (льготы), and who has them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import ExactDecimalField, MoneyField, VolumeField
from kabinet.common.periods import ends_after_it_begins, one_a_day
from kabinet.suppliers.models import SupplierOwned


class Benefit(SupplierOwned):
    """A benefit of a service: a share of the cost within a volume, or a fixed sum a month, paid by somebody else.

    share_percent      of the cost; null for a fixed sum
    limit_m3           a month's volume that the share is given for; null: all of it
    is_limit_per_head  the limit is for each person that lives there
    monthly_rub        a fixed sum, never more than the charge; null for a share
    """

    service = SupplierForeignKey("suppliers.Service", related_name="+", verbose_name=_("услуга"))
    code = models.SlugField(_("код"), max_length=40)
    name = models.CharField(_("название"), max_length=160)
    share_percent = ExactDecimalField(_("доля, %"), max_digits=5, decimal_places=2, null=True, blank=True)
    limit_m3 = VolumeField(_("в пределах, м³ в месяц"), null=True, blank=True)
    is_limit_per_head = models.BooleanField(_("на каждого проживающего"), default=False)
    monthly_rub = MoneyField(_("сумма в месяц, ₽"), null=True, blank=True)
    funded_by = models.CharField(_("кто возмещает"), max_length=160, blank=True)
    source = models.CharField(_("акт"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("льгота")
        verbose_name_plural = _("льготы")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "code"], name="benefit_code"),
            models.CheckConstraint(
                condition=Q(share_percent__isnull=False, monthly_rub__isnull=True)
                | Q(share_percent__isnull=True, monthly_rub__isnull=False, limit_m3__isnull=True),
                name="benefit_share_or_sum",
            ),
            models.CheckConstraint(
                condition=Q(share_percent__isnull=True) | Q(share_percent__gt=0, share_percent__lte=100),
                name="benefit_share",
            ),
            models.CheckConstraint(
                condition=(Q(monthly_rub__isnull=True) | Q(monthly_rub__gt=0))
                & (Q(limit_m3__isnull=True) | Q(limit_m3__gt=0)),
                name="benefit_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BenefitGrant(SupplierOwned):
    """A benefit of an account on the days [valid_from, valid_until)."""

    account = SupplierForeignKey("accounts.Account", related_name="+", verbose_name=_("лицевой счёт"))
    benefit = SupplierForeignKey(Benefit, related_name="+", verbose_name=_("льгота"))
    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"), null=True, blank=True, help_text=_("первый день без льготы"))
    document = models.CharField(_("документ"), max_length=250, blank=True)
    set_at = models.DateTimeField(_("задано"), default=timezone.now)

    class Meta:
        verbose_name = _("льгота лицевого счёта")
        verbose_name_plural = _("льготы лицевых счетов")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("benefit_grant_once_a_day", "supplier", "account", "benefit"),
            ends_after_it_begins("benefit_grant_days"),
        ]

    def __str__(self) -> str:
        return f"{self.benefit_id} of {self.account_id}"
