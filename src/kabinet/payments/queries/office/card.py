"""Read one payment with everything that has happened to it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q

from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import TransferRow
from kabinet.payments import rules
from kabinet.payments.models import Chargeback, Doorbell, PaymentShare, Receipt
from kabinet.payments.queries.office.scope import StateLook, payments_of_staff
from kabinet.payments.queries.refunds import RefundCard, charged_back_rub, refunds_of_payment
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier


@dataclass(frozen=True)
class StaffShareRow:
    """The part of a payment that an account's service gets."""

    id: int
    account_id: int
    account_number: str
    service_name: str
    amount_rub: Decimal
    refunded_rub: Decimal
    charged_back_rub: Decimal

    @property
    def left_rub(self) -> Decimal:
        return self.amount_rub - self.refunded_rub - self.charged_back_rub


@dataclass(frozen=True)
class ChargebackRow:
    reference: str
    amount_rub: Decimal
    came_on: dt.date
    note: str
    recorded_at: dt.datetime


@dataclass(frozen=True)
class ReceiptStateRow:
    attempt: int
    state: str
    state_label: str
    created_at: dt.datetime
    registered_at: dt.datetime | None
    is_of_refund: bool

    @property
    def is_failed(self) -> bool:
        return self.state == rules.RECEIPT_FAILED

    @property
    def is_done(self) -> bool:
        return self.state == rules.RECEIPT_DONE


@dataclass(frozen=True)
class DoorbellRow:
    event: str
    object_id: str
    rings_count: int
    first_rung_at: dt.datetime
    last_rung_at: dt.datetime
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class StaffPaymentCard(StateLook):
    """One payment with everything that has happened to it. Nothing of the payer but that there is one."""

    supplier_id: int
    id: int
    public_id: UUID
    supplier_name: str
    zone: str
    is_billed_elsewhere: bool
    shop_label: str
    is_test: bool
    mode_label: str
    is_autopay: bool
    amount_rub: Decimal
    commission_rub: Decimal
    shared_rub: Decimal
    held_rub: Decimal | None
    decision: str
    refunded_rub: Decimal
    suspended_rub: Decimal | None
    state: str
    state_label: str
    alarm: str
    alarm_label: str
    failure_reason: str
    gateway_payment_id: str
    gateway_status: str
    method_title: str
    created_at: dt.datetime
    expires_at: dt.datetime
    paid_at: dt.datetime | None
    sent_at: dt.datetime | None
    booked_at: dt.datetime | None
    next_check_at: dt.datetime | None
    refund_alone_rub: Decimal
    shares: Sequence[StaffShareRow]
    refunds: Sequence[RefundCard]
    chargebacks: Sequence[ChargebackRow]
    receipts: Sequence[ReceiptStateRow]
    doorbells: Sequence[DoorbellRow]
    transfers: Sequence[TransferRow]

    @property
    def is_held(self) -> bool:
        return self.state == rules.HELD

    @property
    def left_rub(self) -> Decimal:
        """What could still be given back."""
        taken_rub = sum((chargeback.amount_rub for chargeback in self.chargebacks), ZERO)
        return max(self.amount_rub - self.refunded_rub - taken_rub, ZERO) if self.is_paid else ZERO

    @property
    def is_decided(self) -> bool:
        """Somebody has said what becomes of the money that is held; the gateway is being told."""
        return self.decision != ""

    @property
    def account_numbers(self) -> list[str]:
        return list(dict.fromkeys(share.account_number for share in self.shares))


def payment_for_staff(public_id: UUID, *, visible_to: User) -> StaffPaymentCard:
    """Show a payment to staff of its supplier. Raises NotFound for everybody else."""
    payment = (
        payments_of_staff(visible_to)
        .filter(public_id=public_id, shop__supplier_id=F("supplier_id"))
        .select_related("supplier", "shop")
        .first()
    )
    if payment is None:
        raise NotFound
    mine = {"supplier_id": payment.supplier_id, "payment": payment}
    charged_back = charged_back_rub(payment)
    shares = PaymentShare.objects.filter(**mine, account__supplier_id=F("supplier_id"))
    refunds = refunds_of_payment(payment.supplier_id, payment.pk)
    chargebacks = list(Chargeback.objects.filter(**mine).order_by("id"))
    receipts = Receipt.objects.filter(
        Q(payment=payment) | Q(refund_id__in=[refund.id for refund in refunds]), supplier_id=payment.supplier_id
    )
    objects = [payment.gateway_payment_id, *(refund.gateway_refund_id for refund in refunds)]
    bells = Doorbell.objects.filter(
        supplier_id=payment.supplier_id, shop_id=payment.shop_id, object_id__in=[name for name in objects if name]
    )
    return StaffPaymentCard(
        supplier_id=payment.supplier_id,
        id=payment.pk,
        public_id=payment.public_id,
        supplier_name=payment.supplier.name,
        zone=payment.supplier.time_zone,
        is_billed_elsewhere=payment.supplier.billing == Supplier.Billing.EXTERNAL,
        shop_label=f"{payment.shop.get_gateway_display()} {payment.shop.shop_id}",
        is_test=payment.shop.is_test,
        mode_label=payment.get_mode_display(),
        is_autopay=payment.autopay_id is not None,
        amount_rub=payment.amount_rub,
        commission_rub=payment.commission_rub,
        shared_rub=payment.shared_rub,
        held_rub=payment.held_rub,
        decision="capture" if payment.capture_key else "release" if payment.release_key else "",
        refunded_rub=payment.refunded_rub,
        suspended_rub=payment.suspended_rub,
        state=payment.state,
        state_label=payment.get_state_display(),
        alarm=payment.alarm,
        alarm_label=payment.get_alarm_display() if payment.alarm else "",
        failure_reason=payment.failure_reason,
        gateway_payment_id=payment.gateway_payment_id,
        gateway_status=payment.gateway_status,
        method_title=payment.method_title,
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        paid_at=payment.paid_at,
        sent_at=payment.sent_at,
        booked_at=payment.booked_at,
        next_check_at=payment.next_check_at,
        refund_alone_rub=payment.shop.refund_alone_rub,
        shares=[
            StaffShareRow(*row, charged_back_rub=charged_back.get(row[0], ZERO))
            for row in shares.order_by("account_id", "service__position", "id").values_list(
                "id", "account_id", "account__number", "service__name", "amount_rub", "refunded_rub"
            )
        ],
        refunds=refunds,
        chargebacks=[
            ChargebackRow(row.reference, row.amount_rub, row.came_on, row.note, row.recorded_at) for row in chargebacks
        ],
        receipts=[
            ReceiptStateRow(
                row.attempt,
                row.state,
                row.get_state_display(),
                row.created_at,
                row.registered_at,
                is_of_refund=row.refund_id is not None,
            )
            for row in receipts.order_by("id")
        ],
        doorbells=[
            DoorbellRow(*row)
            for row in bells.order_by("first_rung_at", "id").values_list(
                "event", "object_id", "rings_count", "first_rung_at", "last_rung_at", "answered_at"
            )
        ],
        transfers=ledger.transfers_of(
            payment.supplier_id,
            [
                ("payment", str(payment.public_id)),
                ("payment_suspense", str(payment.public_id)),
                *(("refund", str(refund.public_id)) for refund in refunds),
                *(("chargeback", str(row.pk)) for row in chargebacks),
            ],
        ),
    )
