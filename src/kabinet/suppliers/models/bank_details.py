"""Where a supplier's money is sent, and changes of that: two people and a day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.suppliers.models.suppliers import SupplierOwned


class BankDetails(SupplierOwned):
    """Where money for a supplier is sent: by banks to a settlement account, by agents to a special one, 40821."""

    class Channel(models.TextChoices):
        BANK = "bank", _("для плательщиков в банках")
        AGENT = "agent", _("для платёжных агентов")

    channel = models.CharField(_("для кого"), max_length=8, choices=Channel, default=Channel.BANK)
    bank_name = models.CharField(_("банк"), max_length=160)
    bic = models.CharField(_("БИК"), max_length=9)
    account_number = models.CharField(_("расчётный счёт"), max_length=20)
    correspondent_account = models.CharField(_("корреспондентский счёт"), max_length=20)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)

    class Meta:
        verbose_name = _("банковские реквизиты")
        verbose_name_plural = _("банковские реквизиты")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "bic", "account_number"], name="bank_details_account"),
            models.CheckConstraint(
                condition=~models.Q(channel="agent") | models.Q(account_number__startswith="40821"),
                name="bank_details_agent_40821",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_number}, {self.bank_name}"


class BankDetailsChange(SupplierOwned):
    """New bank details, or others instead of those that stand: asked by one, confirmed by another, a day later true.

    replaced      the details that give way; None for details that are added
    due_at        when it takes effect; None until the second person has confirmed
    withdrawn_by  whoever took it back while it had not taken effect; None with a moment: it no longer fitted
    """

    replaced = SupplierForeignKey(BankDetails, null=True, related_name="+", verbose_name=_("вместо каких"))
    channel = models.CharField(_("для кого"), max_length=8, choices=BankDetails.Channel)
    bank_name = models.CharField(_("банк"), max_length=160)
    bic = models.CharField(_("БИК"), max_length=9)
    account_number = models.CharField(_("расчётный счёт"), max_length=20)
    correspondent_account = models.CharField(_("корреспондентский счёт"), max_length=20)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    due_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("смена банковских реквизитов")
        verbose_name_plural = _("смены банковских реквизитов")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier"],
                condition=models.Q(applied_at=None, withdrawn_at=None),
                name="bank_details_change_one_waits",
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("asked_by")), name="bank_details_change_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(due_at=None, applied_at=None)
                | models.Q(due_at__isnull=False, confirmed_by__isnull=False),
                name="bank_details_change_confirmed_first",
            ),
            models.CheckConstraint(
                condition=models.Q(applied_at=None) | models.Q(withdrawn_at=None), name="bank_details_change_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"bank_details_change:{self.pk}"

    @property
    def waits(self) -> bool:
        return self.applied_at is None and self.withdrawn_at is None

    def details(self) -> BankDetails:
        """Give the new details, not saved; at the place of those that give way."""
        return BankDetails(
            supplier_id=self.supplier_id,
            channel=self.channel,
            bank_name=self.bank_name,
            bic=self.bic,
            account_number=self.account_number,
            correspondent_account=self.correspondent_account,
        )
