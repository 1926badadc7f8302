"""Shops of gateways."""

import hashlib
import hmac
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import MoneyField
from kabinet.payments.models import seals
from kabinet.suppliers.models import SupplierOwned


class Shop(SupplierOwned):
    """A supplier's contract with a gateway: credentials, limits, what it does (docs/adr/0050).

    shop_id              the shop's number at YooKassa, the API's user name at Sberbank
    is_two_stage         money is only held when the payer pays; `capture_payment` takes it
    sends_payment_order  a shop for utilities: each payment is of one account and names its recipient
    refused_at, refusal  since when and how the gateway refuses our credentials; None while it does not
    """

    class Gateway(models.TextChoices):
        YOOKASSA = "yookassa", _("ЮKassa")
        SBERBANK = "sberbank", _("Сбербанк, прежний протокол")
        SBERBANK_ECOM = "sberbank_ecom", _("Сбербанк, новый протокол")

    class CommissionBy(models.TextChoices):
        SUPPLIER = "supplier", _("поставщик")
        PAYER = "payer", _("плательщик")

    gateway = models.CharField(_("платёжная система"), max_length=16, choices=Gateway, default=Gateway.YOOKASSA)
    title = models.CharField(_("название"), max_length=120)
    shop_id = models.CharField(_("номер магазина"), max_length=40)
    sealed_secret = models.TextField(_("секретный ключ, зашифрован"), editable=False)
    sealed_callback_key = models.TextField(_("ключ подписи уведомлений, зашифрован"), editable=False, blank=True)
    hook_version = models.PositiveSmallIntegerField(_("версия адреса уведомлений"), default=1)
    is_test = models.BooleanField(_("тестовый"), default=False)
    is_enabled = models.BooleanField(_("принимает оплату"), default=True)
    commission_by = models.CharField(
        _("комиссию платит"), max_length=8, choices=CommissionBy, default=CommissionBy.SUPPLIER
    )
    commission_percent = models.DecimalField(
        _("комиссия плательщика, %"), max_digits=4, decimal_places=2, default=Decimal(0)
    )
    least_amount_rub = MoneyField(_("наименьший платёж, ₽"), default=Decimal("1.00"))
    greatest_amount_rub = MoneyField(_("наибольший платёж картой, ₽"), default=Decimal("350000.00"))
    greatest_sbp_rub = MoneyField(_("наибольший платёж через СБП, ₽"), default=Decimal("700000.00"))
    takes_sbp = models.BooleanField(_("принимает СБП по коду"), default=True)
    is_two_stage = models.BooleanField(_("сначала блокирует деньги, потом списывает"), default=False)
    sends_payment_order = models.BooleanField(_("передаёт платёж в ГИС ЖКХ"), default=False)
    sends_receipts = models.BooleanField(_("пробивает чеки"), default=False)
    saves_methods = models.BooleanField(_("запоминает карты для автоплатежа"), default=False)
    refund_alone_rub = MoneyField(
        _("возврат без второго сотрудника, ₽"),
        default=Decimal("3000.00"),
        help_text=_("возврат больше этой суммы подтверждает второй сотрудник"),
    )
    refused_at = models.DateTimeField(_("платёжная система не признала ключ"), null=True, blank=True, editable=False)
    refusal = models.CharField(_("её слова"), max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = _("магазин в платёжной системе")
        verbose_name_plural = _("магазины в платёжных системах")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "gateway", "shop_id"], name="shop_once"),
            models.UniqueConstraint(fields=["supplier"], condition=Q(is_enabled=True), name="shop_one_enabled"),
            models.CheckConstraint(
                condition=Q(least_amount_rub__gte=1, greatest_amount_rub__gte=F("least_amount_rub")), name="shop_limits"
            ),
            models.CheckConstraint(condition=Q(commission_percent__range=(0, 10)), name="shop_commission"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway}:{self.shop_id}"

    @property
    def secret(self) -> str:
        """The shop's key in clear. It is in the database only under a key derived from SECRET_KEY."""
        return seals.unseal(self.sealed_secret)

    @secret.setter
    def secret(self, value: str) -> None:
        self.sealed_secret = seals.seal(value)

    @property
    def callback_key(self) -> str:
        """The key under which the gateway signs its calls; empty when it signs none."""
        return seals.unseal(self.sealed_callback_key)

    @callback_key.setter
    def callback_key(self, value: str) -> None:
        self.sealed_callback_key = seals.seal(value) if value else ""

    @property
    def hook_secret(self) -> str:
        """The last part of the address that the gateway calls; a new `hook_version` makes a new one."""
        text = f"payments.hook:{self.supplier_id}:{self.pk}:{self.hook_version}"
        return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:40]

    @property
    def hook_path(self) -> str:
        """The path of the address to enter in the gateway's cabinet."""
        return f"/hooks/{self.gateway}/{self.pk}/{self.hook_secret}/"

    @property
    def payer_commission_percent(self) -> Decimal:
        return self.commission_percent if self.commission_by == self.CommissionBy.PAYER else Decimal(0)
