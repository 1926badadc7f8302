"""Money that goes back: refunds, and chargebacks that a bank takes by itself."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField
from kabinet.payments import rules
from kabinet.payments.models.payments import Payment, PaymentShare
from kabinet.payments.models.shops import Shop
from kabinet.payments.models.suspense import SuspendedSum
from kabinet.suppliers.models import SupplierOwned


class Refund(SupplierOwned):
    """Money given back to the means of payment that it came from: of a payment, or of a sum in suspense.

    amount_rub = its shares + commission_rub (of the payer's commission).

    state         asked: waits for a second person; then intended → pending → done | failed
    intended_at   since when it may have been sent; None while it waits for a second person
    origin        who wanted it: our staff, the gateway's own cabinet, a rule of ours
    note          why, in the words of whoever asked
    request_body  the bytes that are sent, and sent again, under idempotency_key
    """

    class State(models.TextChoices):
        ASKED = rules.REFUND_ASKED, _("Ждёт второго сотрудника")
        INTENDED = rules.REFUND_INTENDED, _("Передаём платёжной системе")
        PENDING = rules.REFUND_PENDING, _("Платёжная система возвращает")
        DONE = rules.REFUND_DONE, _("Возвращено")
        FAILED = rules.REFUND_FAILED, _("Не возвращено")

    class Origin(models.TextChoices):
        STAFF = "staff", _("сотрудник")
        GATEWAY = "gateway", _("кабинет платёжной системы")
        RULE = "rule", _("правило")

    shop = SupplierForeignKey(Shop, related_name="+")
    payment = SupplierForeignKey(Payment, related_name="refunds", null=True, blank=True)
    suspended_sum = SupplierForeignKey(SuspendedSum, related_name="refunds", null=True, blank=True)
    public_id = models.UUIDField(db_index=True)
    amount_rub = MoneyField(_("сумма, ₽"))
    commission_rub = MoneyField(_("из комиссии, ₽"), default=0)
    state = models.CharField(_("состояние"), max_length=8, choices=State, default=State.INTENDED)
    origin = models.CharField(_("кто начал"), max_length=8, choices=Origin, default=Origin.STAFF)
    note = models.CharField(_("почему"), max_length=250, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    request_id = models.UUIDField(help_text="of the form, so that two presses are one refund")
    idempotency_key = models.UUIDField()
    request_body = models.TextField(blank=True)
    gateway_refund_id = models.CharField(_("номер в платёжной системе"), max_length=64, blank=True)
    failure_reason = models.CharField(_("причина отказа"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("начат"))
    intended_at = models.DateTimeField(_("передаётся с"), null=True, blank=True)
    done_at = models.DateTimeField(_("возвращён"), null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("возврат")
        verbose_name_plural = _("возвраты")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "public_id"], name="refund_public_id"),
            models.UniqueConstraint(fields=["supplier", "request_id"], name="refund_request"),
            models.UniqueConstraint(fields=["supplier", "shop", "idempotency_key"], name="refund_key"),
            models.UniqueConstraint(
                fields=["supplier", "shop", "gateway_refund_id"],
                condition=~Q(gateway_refund_id=""),
                name="refund_gateway_object",
            ),
            models.CheckConstraint(
                condition=Q(amount_rub__gt=0, commission_rub__gte=0, commission_rub__lte=F("amount_rub")),
                name="refund_sums",
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, suspended_sum__isnull=True)
                | Q(payment__isnull=True, suspended_sum__isnull=False),
                name="refund_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(state__in=rules.REFUND_STATES), name="refund_state"),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(gateway_refund_id="") & Q(done_at__isnull=False)),
                name="refund_done_was_seen",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure_reason=""), name="refund_failed_says_why"),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "failed")) | Q(intended_at__isnull=False),
                name="refund_sent_since_intended",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")), name="refund_two_people"
            ),
        ]
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="refund_to_check"),
            models.Index(fields=["supplier", "payment"], name="refund_of_payment"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class RefundShare(SupplierOwned):
    """The part of a refund that is taken from one share of its payment: that account owes it again."""

    refund = SupplierForeignKey(Refund, related_name="shares")
    share = SupplierForeignKey(PaymentShare, related_name="+")
    amount_rub = MoneyField(_("сумма, ₽"))

    class Meta:
        verbose_name = _("доля возврата")
        verbose_name_plural = _("доли возврата")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "refund", "share"], name="refund_share_once"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0), name="refund_share_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.amount_rub}"


class Chargeback(SupplierOwned):
    """Money that a bank has taken back for its client, perhaps months later. Neither a refund nor a negative payment.

    amount_rub = its shares + commission_rub (of the payer's commission) + unshared_rub.

    unshared_rub  more than was left of the payment: it stands on the suspense book, for a person to argue about
    reference     what names it in the gateway's register or letter
    recorded_by   None when a register or a fetch told of it
    """

    shop = SupplierForeignKey(Shop, related_name="+")
    payment = SupplierForeignKey(Payment, related_name="chargebacks")
    reference = models.CharField(_("номер"), max_length=64)
    amount_rub = MoneyField(_("сумма, ₽"))
    commission_rub = MoneyField(_("из комиссии, ₽"), default=0)
    unshared_rub = MoneyField(_("больше остатка платежа, ₽"), default=0)
    came_on = models.DateField(_("когда"))
    note = models.CharField(_("примечание"), max_length=250, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("отзыв платежа банком")
        verbose_name_plural = _("отзывы платежей банками")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "shop", "reference"], name="chargeback_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_rub__gt=0,
                    commission_rub__gte=0,
                    unshared_rub__gte=0,
                    amount_rub__gte=F("commission_rub") + F("unshared_rub"),
                ),
                name="chargeback_sums",
            ),
        ]
        indexes = [models.Index(fields=["supplier", "payment"], name="chargeback_of_payment")]

    def __str__(self) -> str:
        return self.reference


class ChargebackShare(SupplierOwned):
    """The part of a chargeback that is taken from one share of its payment: that account owes it again."""

    chargeback = SupplierForeignKey(Chargeback, related_name="shares")
    share = SupplierForeignKey(PaymentShare, related_name="+")
    amount_rub = MoneyField(_("сумма, ₽"))

    class Meta:
        verbose_name = _("доля отзыва")
        verbose_name_plural = _("доли отзыва")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "chargeback", "share"], name="chargeback_share_once"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0), name="chargeback_share_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.chargeback_id}: {self.amount_rub}"
