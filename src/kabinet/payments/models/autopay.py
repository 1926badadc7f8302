"""Standing orders: an account is paid each month from a saved means of payment, by the payer's written consent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.models import Account
from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField, MonthField
from kabinet.payments.models import seals
from kabinet.payments.models.shops import Shop
from kabinet.suppliers.models import SupplierOwned


class Autopay(SupplierOwned):
    """A person's consent that their debt on an account is taken from their card, up to a cap, on a day of each month.

    state           waiting: until the payment that binds the card is paid; on; off
    sealed_method   the gateway's name for the card; never shown, never logged
    day             of the month, 1–28
    next_charge_on  the next day on which it charges that has not been announced; None unless it is on
    consent_*       which text was agreed to, its hash, when and from where
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Ждёт первой оплаты")
        ON = "on", _("Включён")
        OFF = "off", _("Выключен")

    class OffReason(models.TextChoices):
        PAYER = "payer", _("по Вашей просьбе")
        REVOKED = "permission_revoked", _("банк или платёжная система отозвали разрешение")
        DETACHED = "detached", _("счёт отключён от кабинета")
        NOT_BOUND = "not_bound", _("карта не привязана")
        SHOP_CLOSED = "shop_closed", _("поставщик сменил платёжную систему, включите автоплатёж заново")

    account = SupplierForeignKey(Account, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shop = SupplierForeignKey(Shop, related_name="+")
    state = models.CharField(_("состояние"), max_length=8, choices=State, default=State.WAITING)
    sealed_method = models.TextField(blank=True, editable=False)
    method_title = models.CharField(_("карта"), max_length=100, blank=True)
    cap_rub = MoneyField(_("не больше за раз, ₽"))
    day = models.PositiveSmallIntegerField(_("день месяца"))
    next_charge_on = models.DateField(null=True, blank=True)
    request_id = models.UUIDField(help_text="of the form, so that two presses are one consent")
    consent_version = models.PositiveSmallIntegerField()
    consent_sha256 = models.CharField(max_length=64)
    consented_at = models.DateTimeField(_("согласие дано"))
    consented_from = models.GenericIPAddressField(null=True, blank=True)
    off_at = models.DateTimeField(_("выключен"), null=True, blank=True)
    off_reason = models.CharField(_("почему выключен"), max_length=20, choices=OffReason, blank=True)

    class Meta:
        verbose_name = _("автоплатёж")
        verbose_name_plural = _("автоплатежи")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "account", "user"], condition=~Q(state="off"), name="autopay_one_of_account"
            ),
            models.UniqueConstraint(fields=["supplier", "user", "request_id"], name="autopay_request"),
            models.CheckConstraint(condition=Q(day__range=(1, 28)), name="autopay_day"),
            models.CheckConstraint(condition=Q(cap_rub__gte=1), name="autopay_cap"),
            models.CheckConstraint(
                condition=~Q(state="on") | (~Q(sealed_method="") & Q(next_charge_on__isnull=False)),
                name="autopay_on_can_charge",
            ),
            models.CheckConstraint(
                condition=~Q(state="off") | (Q(sealed_method="", off_at__isnull=False) & ~Q(off_reason="")),
                name="autopay_off_keeps_no_method",
            ),
        ]
        indexes = [models.Index(fields=["next_charge_on"], condition=Q(state="on"), name="autopay_to_announce")]

    def __str__(self) -> str:
        return f"autopay:{self.pk}"

    @property
    def method_id(self) -> str:
        """The gateway's name for the saved means of payment, in clear."""
        return seals.unseal(self.sealed_method)

    @method_id.setter
    def method_id(self, value: str) -> None:
        self.sealed_method = seals.seal(value) if value else ""


class AutopayCharge(SupplierOwned):
    """What a standing order does for one month. One row for a month, so that a month is never charged twice.

    attempt    how many payments were made for it; a further one only after a known refusal for lack of money
    payment    the newest of them; while its end is not known no other is made
    due_on     when the next step is due: the day of charging, then of trying again
    """

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("Спишем завтра")
        CANCELED = "canceled", _("Отменён Вами")
        CHARGING = "charging", _("Списываем")
        PAID = "paid", _("Оплачено")
        SKIPPED = "skipped", _("Платить нечего")
        FAILED = "failed", _("Не удалось")

    autopay = SupplierForeignKey(Autopay, related_name="charges")
    period = MonthField()
    state = models.CharField(_("состояние"), max_length=10, choices=State, default=State.ANNOUNCED)
    announced_rub = MoneyField(_("предупредили о сумме, ₽"))
    attempt = models.PositiveSmallIntegerField(default=0)
    payment = SupplierForeignKey("payments.Payment", related_name="+", null=True, blank=True)
    due_on = models.DateField(_("когда"))
    announced_at = models.DateTimeField()

    class Meta:
        verbose_name = _("списание автоплатежа")
        verbose_name_plural = _("списания автоплатежей")
        constraints = [models.UniqueConstraint(fields=["supplier", "autopay", "period"], name="autopay_charge_once")]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(state__in=["announced", "charging"]), name="autopay_charge_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.autopay_id} {self.period}"
