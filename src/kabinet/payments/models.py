"""Shops of gateways, what one press of «Оплатить» covers, payments, their shares, and callbacks that came."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from decimal import Decimal

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.models import Account
from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField, MonthField
from kabinet.payments import rules
from kabinet.suppliers.models import Service, SupplierOwned


class Shop(SupplierOwned):
    """A supplier's contract with a gateway: credentials, limits, who pays the commission (docs/adr/0050)."""

    class Gateway(models.TextChoices):
        YOOKASSA = "yookassa", "ЮKassa"

    class CommissionBy(models.TextChoices):
        SUPPLIER = "supplier", _("поставщик")
        PAYER = "payer", _("плательщик")

    gateway = models.CharField(_("платёжная система"), max_length=16, choices=Gateway, default=Gateway.YOOKASSA)
    title = models.CharField(_("название"), max_length=120)
    shop_id = models.CharField(_("номер магазина"), max_length=40)
    sealed_secret = models.TextField(_("секретный ключ, зашифрован"), editable=False)
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
    greatest_amount_rub = MoneyField(_("наибольший платёж, ₽"), default=Decimal("350000.00"))

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
        return _seals().decrypt(self.sealed_secret.encode()).decode()

    @secret.setter
    def secret(self, value: str) -> None:
        self.sealed_secret = _seals().encrypt(value.encode()).decode()

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


class Basket(models.Model):
    """What one press of «Оплатить» covers. The same request of the same person is the same basket."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("корзина")
        verbose_name_plural = _("корзины")
        constraints = [models.UniqueConstraint(fields=["user", "request_id"], name="basket_request")]

    def __str__(self) -> str:
        return str(self.request_id)


class Payment(SupplierOwned):
    """One payment in one shop: our knowledge of an object of the gateway.

    amount_rub = shared_rub (to the accounts) + commission_rub (paid by the payer).

    request_body   the bytes that are sent, and sent again, under idempotency_key
    next_check_at  when the poll asks; None when nobody need ask any more
    suspended_rub  what came and did not fit this payment: it stands in suspense until a person decides
    """

    class State(models.TextChoices):
        INTENDED = rules.INTENDED, _("Связываемся с платёжной системой…")
        OPEN = rules.OPEN, _("Ожидает оплаты")
        HELD = rules.HELD, _("Деньги заблокированы")
        FAILED = rules.FAILED, _("Не оплачено")
        PAID = rules.PAID, _("Оплачено")

    class Mode(models.TextChoices):
        DEBT = "debt", _("по текущему долгу")
        OWN_SUM = "own_sum", _("своя сумма")
        WITH_READING = "with_reading", _("с показаниями")

    class Alarm(models.TextChoices):
        MISMATCH = "mismatch", _("у платёжной системы другая сумма, валюта, магазин или признак теста")
        PAID_AFTER_FAILED = "paid_after_failed", _("оплачен после отказа")
        UNRESOLVED = "unresolved", _("30 дней без ответа платёжной системы")

    shop = SupplierForeignKey(Shop, related_name="+")
    basket = models.ForeignKey(Basket, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(db_index=True)
    mode = models.CharField(_("вид"), max_length=12, choices=Mode)
    period = MonthField(_("за период"))
    amount_rub = MoneyField(_("сумма, ₽"))
    commission_rub = MoneyField(_("комиссия, ₽"))
    shared_rub = MoneyField(_("на счёт, ₽"))
    state = models.CharField(_("состояние"), max_length=8, choices=State, default=State.INTENDED)
    idempotency_key = models.UUIDField()
    request_body = models.TextField()
    gateway_payment_id = models.CharField(_("номер в платёжной системе"), max_length=64, blank=True)
    gateway_status = models.CharField(_("слово платёжной системы"), max_length=64, blank=True)
    confirmation_url = models.URLField(max_length=2048, blank=True)
    method_title = models.CharField(_("чем оплачено"), max_length=100, blank=True)
    failure_reason = models.CharField(_("причина отказа"), max_length=64, blank=True)
    suspended_rub = MoneyField(_("пришло, но не разнесено, ₽"), null=True, blank=True)
    alarm = models.CharField(_("нужен человек"), max_length=20, choices=Alarm, blank=True)
    created_at = models.DateTimeField(_("начат"))
    expires_at = models.DateTimeField(_("оплатить до"))
    paid_at = models.DateTimeField(_("оплачен"), null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("платёж")
        verbose_name_plural = _("платежи")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "public_id"], name="payment_public_id"),
            models.UniqueConstraint(fields=["supplier", "shop", "idempotency_key"], name="payment_key"),
            models.UniqueConstraint(
                fields=["supplier", "shop", "gateway_payment_id"],
                condition=~Q(gateway_payment_id=""),
                name="payment_gateway_object",
            ),
            models.CheckConstraint(
                condition=Q(shared_rub=F("amount_rub") - F("commission_rub"), shared_rub__gt=0, commission_rub__gte=0),
                name="payment_sums",
            ),
            models.CheckConstraint(condition=Q(state__in=rules.RANK), name="payment_state"),
            models.CheckConstraint(
                condition=~Q(state="paid") | (~Q(gateway_payment_id="") & Q(paid_at__isnull=False)),
                name="payment_paid_was_seen",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(suspended_rub__isnull=True), name="payment_paid_or_suspended"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("open", "held")) | ~Q(gateway_payment_id=""), name="payment_open_was_seen"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(failure_reason=""), name="payment_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="payment_to_check"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def can_be_continued(self) -> bool:
        """The gateway has it, and its page still takes the money."""
        return self.state == rules.OPEN and bool(self.confirmation_url) and not self.needs_person

    @property
    def needs_person(self) -> bool:
        """A program does nothing more about it."""
        return self.alarm in (self.Alarm.MISMATCH, self.Alarm.UNRESOLVED)


class PaymentShare(SupplierOwned):
    """The part of a payment that goes to one service of one account. Made with the intent."""

    payment = SupplierForeignKey(Payment, related_name="shares")
    account = SupplierForeignKey(Account, related_name="+")
    service = SupplierForeignKey(Service, related_name="+")
    amount_rub = MoneyField(_("сумма, ₽"))

    class Meta:
        verbose_name = _("доля платежа")
        verbose_name_plural = _("доли платежа")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "payment", "account", "service"], name="payment_share_once"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0), name="payment_share_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.amount_rub}"


class Doorbell(SupplierOwned):
    """A call that somebody made about an object of a gateway. It is counted and never believed; its body is not kept.

    due_at       when the job that asks the gateway runs, or ran
    answered_at  when the gateway was asked after the last ring; None while the answer is owed
    """

    #: Our own ring: the payer came back from the gateway's page.
    CAME_BACK = "came-back"

    shop = SupplierForeignKey(Shop, related_name="+")
    event = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    rings_count = models.PositiveIntegerField(default=1)
    first_rung_at = models.DateTimeField()
    last_rung_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("звонок платёжной системы")
        verbose_name_plural = _("звонки платёжных систем")
        constraints = [models.UniqueConstraint(fields=["supplier", "shop", "event", "object_id"], name="doorbell_once")]
        indexes = [models.Index(fields=["supplier", "shop", "object_id"], name="doorbell_object")]

    def __str__(self) -> str:
        return f"{self.event} {self.object_id}"


def _seals() -> MultiFernet:
    """Give the ciphers of the present SECRET_KEY and of those before it, so that keys are changed without a pause."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(b"kabinet.payments.shop:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
