"""What one press of «Оплатить» covers: payments and their shares."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.models import Account
from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField, MonthField
from kabinet.payments import rules
from kabinet.payments.models.shops import Shop
from kabinet.suppliers.models import Service, SupplierOwned


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

    position       which of its basket's payments it is, from 1
    named_period   the month that the payer asked to settle first; None: the oldest charge first
    method         how the payer chose to pay: at the gateway's page, or by a code of the fast payment system
    sbp_link       what that code holds; opaque
    request_body   the bytes that are sent, and sent again, under idempotency_key
    held_rub       two-stage only: what was held when less than that is taken
    capture_key    two-stage only: a person wants the money taken; release_key: given back. Never both
    refunded_rub   what refunds that have not failed give back; changed under the payment's lock
    next_check_at  when the poll asks; None when nobody need ask any more
    suspended_rub  what came and did not fit this payment: it stands in suspense until a person decides
    sent_at        when a register with it reached the supplier
    booked_at      when a register of the supplier, whose own billing is the book of record, contained it
    autopay        the standing order that made it, without a person
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
        RECEIPT_FAILED = "receipt_failed", _("касса не зарегистрировала чек")

    class Method(models.TextChoices):
        ANY = "", _("на странице платёжной системы")
        SBP = "sbp", _("СБП по коду")

    shop = SupplierForeignKey(Shop, related_name="+")
    basket = models.ForeignKey(Basket, on_delete=models.PROTECT, related_name="payments")
    position = models.PositiveSmallIntegerField(_("который в корзине"), default=1)
    autopay = SupplierForeignKey("payments.Autopay", related_name="+", null=True, blank=True)
    public_id = models.UUIDField(db_index=True)
    mode = models.CharField(_("вид"), max_length=12, choices=Mode)
    method = models.CharField(_("способ"), max_length=8, choices=Method, blank=True)
    period = MonthField(_("за период"))
    named_period = MonthField(_("погасить сначала"), null=True, blank=True)
    amount_rub = MoneyField(_("сумма, ₽"))
    commission_rub = MoneyField(_("комиссия, ₽"))
    shared_rub = MoneyField(_("на счёт, ₽"))
    state = models.CharField(_("состояние"), max_length=8, choices=State, default=State.INTENDED)
    idempotency_key = models.UUIDField()
    request_body = models.TextField()
    gateway_payment_id = models.CharField(_("номер в платёжной системе"), max_length=64, blank=True)
    gateway_status = models.CharField(_("слово платёжной системы"), max_length=64, blank=True)
    confirmation_url = models.URLField(max_length=2048, blank=True)
    sbp_link = models.CharField(max_length=2048, blank=True)
    keeps_method = models.BooleanField(_("запоминает карту"), default=False)
    method_title = models.CharField(_("чем оплачено"), max_length=100, blank=True)
    failure_reason = models.CharField(_("причина отказа"), max_length=64, blank=True)
    held_rub = MoneyField(_("было заблокировано, ₽"), null=True, blank=True)
    capture_key = models.UUIDField(null=True, blank=True)
    release_key = models.UUIDField(null=True, blank=True)
    refunded_rub = MoneyField(_("возвращено, ₽"), default=Decimal("0.00"))
    suspended_rub = MoneyField(_("пришло, но не разнесено, ₽"), null=True, blank=True)
    alarm = models.CharField(_("нужен человек"), max_length=20, choices=Alarm, blank=True)
    created_at = models.DateTimeField(_("начат"))
    expires_at = models.DateTimeField(_("оплатить до"))
    paid_at = models.DateTimeField(_("оплачен"), null=True, blank=True)
    sent_at = models.DateTimeField(_("передан поставщику"), null=True, blank=True)
    booked_at = models.DateTimeField(_("учтён поставщиком"), null=True, blank=True)
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
                condition=Q(refunded_rub__gte=0, refunded_rub__lte=F("amount_rub")),
                name="payment_refunded_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(held_rub__isnull=True) | Q(held_rub__gte=F("amount_rub")), name="payment_taken_within_held"
            ),
            models.CheckConstraint(
                condition=Q(capture_key__isnull=True) | Q(release_key__isnull=True), name="payment_taken_or_released"
            ),
            models.UniqueConstraint(fields=["basket", "supplier", "position"], name="payment_position_in_basket"),
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
            models.Index(fields=["supplier", "-created_at", "-id"], name="payment_newest_first"),
            models.Index(fields=["supplier", "-created_at"], condition=~Q(alarm=""), name="payment_needs_person"),
            models.Index(fields=["supplier", "-created_at"], condition=Q(state="held"), name="payment_held"),
            models.Index(
                fields=["state", "created_at"], condition=Q(state__in=rules.UNSETTLED), name="payment_unsettled"
            ),
            models.Index(fields=["supplier", "-amount_rub", "-id"], name="payment_greatest_first"),
            # Whoever serves every supplier looks through the payments of all.
            models.Index(fields=["-created_at", "-id"], name="payment_newest_of_all"),
            models.Index(fields=["-amount_rub", "-id"], name="payment_greatest_of_all"),
            models.Index(
                fields=["supplier", "shop", "paid_at"],
                condition=Q(state="paid"),
                include=["amount_rub"],  # the first page of the office sums a month of them, and reads the index alone
                name="payment_of_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def can_be_continued(self) -> bool:
        """The gateway has it, and its page, or a code, still takes the money."""
        has_way = bool(self.confirmation_url or self.sbp_link)
        return self.state == rules.OPEN and has_way and not self.needs_person

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
    refunded_rub = MoneyField(_("возвращено, ₽"), default=Decimal("0.00"))

    class Meta:
        verbose_name = _("доля платежа")
        verbose_name_plural = _("доли платежа")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "payment", "account", "service"], name="payment_share_once"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0), name="payment_share_above_zero"),
            models.CheckConstraint(
                condition=Q(refunded_rub__gte=0, refunded_rub__lte=F("amount_rub")),
                name="payment_share_refunded_within_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.amount_rub}"
