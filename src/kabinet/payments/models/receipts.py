"""Cheques by 54-ФЗ: by which terms they are written, and what became of each."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.payments import rules
from kabinet.payments.models.payments import Payment
from kabinet.payments.models.refunds import Refund
from kabinet.suppliers.models import Service, SupplierOwned


class ReceiptTerms(SupplierOwned):
    """How a line of a cheque is written for a service in one case, on the days [valid_from, valid_until).

    The supplier's accountant decides; law changes rates by date, so the day of settlement chooses the row. The payer's
    commission is written by the terms of the main service.

    vat_code, payment_subject, payment_mode  words and codes of the gateway's specification
    """

    class Case(models.TextChoices):
        DEBT = "debt", _("оплата начисленного")
        ADVANCE = "advance", _("аванс")
        FEE = "fee", _("комиссия плательщика")

    service = SupplierForeignKey(Service, related_name="+")
    case = models.CharField(_("случай"), max_length=8, choices=Case)
    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до, не включая"), null=True, blank=True)
    vat_code = models.PositiveSmallIntegerField(_("код ставки НДС"))
    payment_subject = models.CharField(_("предмет расчёта"), max_length=32, default="service")
    payment_mode = models.CharField(_("способ расчёта"), max_length=32)

    class Meta:
        verbose_name = _("условия чека")
        verbose_name_plural = _("условия чеков")
        constraints = [
            ExclusionConstraint(
                name="receipt_terms_do_not_overlap",
                expressions=[
                    ("supplier", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    (Func(F("valid_from"), F("valid_until"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(vat_code__range=(1, 12)), name="receipt_terms_vat_code"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.case} {self.valid_from}"


class Receipt(SupplierOwned):
    """A cheque of a payment or of a refund. When it is refused the money stays, and the cheque is sent again.

    attempt       1 goes out with the payment or refund itself; later ones are sent alone
    lines         what it says, as ``operations.receipts`` writes it: later attempts and cheques of refunds repeat it
    request_body  the bytes that are sent under idempotency_key; empty for attempt 1
    fiscal        what the cash register gave: fiscal document number, storage number, sign
    """

    class State(models.TextChoices):
        INTENDED = rules.RECEIPT_INTENDED, _("Чек готовится")
        PENDING = rules.RECEIPT_PENDING, _("Чек регистрируется")
        DONE = rules.RECEIPT_DONE, _("Чек отправлен")
        FAILED = rules.RECEIPT_FAILED, _("Чек не зарегистрирован")

    payment = SupplierForeignKey(Payment, related_name="receipts", null=True, blank=True)
    refund = SupplierForeignKey(Refund, related_name="receipts", null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("состояние"), max_length=8, choices=State, default=State.INTENDED)
    idempotency_key = models.UUIDField()
    request_body = models.TextField(blank=True)
    lines = models.JSONField(default=list)
    gateway_receipt_id = models.CharField(_("номер чека в платёжной системе"), max_length=64, blank=True)
    fiscal = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    registered_at = models.DateTimeField(_("зарегистрирован"), null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("чек")
        verbose_name_plural = _("чеки")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "payment", "attempt"],
                condition=Q(payment__isnull=False),
                name="receipt_of_payment_once",
            ),
            models.UniqueConstraint(
                fields=["supplier", "refund", "attempt"],
                condition=Q(refund__isnull=False),
                name="receipt_of_refund_once",
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, refund__isnull=True) | Q(payment__isnull=True, refund__isnull=False),
                name="receipt_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(state__in=rules.RECEIPT_STATES), name="receipt_state"),
        ]
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="receipt_to_check"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id or self.refund_id} #{self.attempt}"
