"""Certificates that anybody can verify by their code."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField, MonthField
from kabinet.suppliers.models import SupplierOwned


class Certificate(SupplierOwned):
    """A paper which says that an account owed nothing on a day (справка об отсутствии задолженности).

    It keeps what was printed, so that whoever holds the paper and whoever checks it read the same words for good.

    code            16 characters of formats.check_code; with it anybody may ask whether the paper is ours
    stated_on       the day that it speaks of, by the supplier's calendar; one paper a day
    charged_period  the last month that had been charged by then; null when only an opening balance was known
    advance_rub     what had been paid in advance
    """

    account = SupplierForeignKey("accounts.Account", related_name="+", verbose_name=_("лицевой счёт"))
    code = models.CharField(_("код проверки"), max_length=16, unique=True)
    stated_on = models.DateField(_("на день"))
    charged_period = MonthField(_("начислено по"), null=True, blank=True)
    advance_rub = MoneyField(_("переплата, ₽"))
    account_number = models.CharField(_("номер счёта"), max_length=40)
    payer_name = models.CharField(_("плательщик"), max_length=250, blank=True)
    address = models.CharField(_("адрес"), max_length=400, blank=True)
    issued_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(_("выдана"))

    class Meta:
        verbose_name = _("справка")
        verbose_name_plural = _("справки")
        ordering = ["-stated_on", "-id"]
        constraints = [
            models.UniqueConstraint("supplier", "account", "stated_on", name="certificate_one_a_day"),
            models.CheckConstraint(condition=Q(advance_rub__gte=0), name="certificate_without_debt"),
        ]

    def __str__(self) -> str:
        return self.code
