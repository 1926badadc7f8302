"""Cheques by 54-ФЗ: written with their payment, followed to the register, repeated when refused (docs/adr/0081)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db.models import Q

from kabinet.accounts.models import Account
from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.payments import rules
from kabinet.payments.gateways import ReceiptLine, ReceiptOrder, RemoteReceipt, registry
from kabinet.payments.models import Payment, Receipt, ReceiptTerms, Refund, Shop
from kabinet.payments.operations.alarms import alarm
from kabinet.payments.rules import receipts as receipt_rules
from kabinet.suppliers import queries as suppliers

_MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


class TermsMissing(Exception):
    """The supplier has not said how a line of a cheque is to be written on this day: without one no money is asked."""


@dataclass(frozen=True)
class Share:
    """What a payment gives to one service of an account; owed_rub: what was unpaid there before."""

    account: Account
    service_id: int
    amount_rub: Decimal
    owed_rub: Decimal


def lines_of(
    shop: Shop, shares: Sequence[Share], *, commission_rub: Decimal, period: Month, now: dt.datetime
) -> list[dict[str, Any]]:
    """Write the lines of a cheque, whose sum is the payment's: of each share the debt, then the advance; the fee last.

    Raises TermsMissing.
    """
    supplier_id = shop.supplier_id
    on = local_day(now, shop.supplier.time_zone)
    services = {service.id: service for service in suppliers.services(supplier_id)}
    terms = {
        (row.service_id, row.case): row
        for row in ReceiptTerms.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=on), supplier_id=supplier_id, valid_from__lte=on
        )
    }

    def line(
        service_id: int, case: str, amount_rub: Decimal, description: str, account_id: int | None
    ) -> dict[str, Any]:
        row = terms.get((service_id, case))
        if row is None:
            raise TermsMissing(f"supplier {supplier_id}, service {service_id}, {case}, {on}")
        return {
            "account": account_id,
            "service": service_id,
            "case": case,
            "description": description[:128],
            "amount_rub": str(amount_rub),
            "vat_code": row.vat_code,
            "payment_subject": row.payment_subject,
            "payment_mode": row.payment_mode,
        }

    lines = []
    for share in shares:
        name = f"{services[share.service_id].name}, л/с {share.account.number}"
        for case, part_rub in receipt_rules.cases(share.amount_rub, share.owed_rub):
            of_what = f"{_MONTHS[period.month - 1]} {period.year}" if case == receipt_rules.DEBT else "аванс"
            lines.append(line(share.service_id, case, part_rub, f"{name}, {of_what}", share.account.id))
    if commission_rub:
        main_id = suppliers.main_service_id(supplier_id)
        lines.append(line(main_id, receipt_rules.FEE, commission_rub, "Комиссия за приём платежа", None))
    return lines


def order_of(lines: Sequence[dict[str, Any]], *, customer_email: str) -> ReceiptOrder:
    """Give stored lines as a gateway takes them."""
    return ReceiptOrder(
        customer_email=customer_email,
        lines=[
            ReceiptLine(
                description=line["description"],
                amount_rub=Decimal(line["amount_rub"]),
                vat_code=line["vat_code"],
                payment_subject=line["payment_subject"],
                payment_mode=line["payment_mode"],
            )
            for line in lines
        ],
    )


@transaction_required
def write_receipt(
    supplier_id: int,
    lines: Sequence[dict[str, Any]],
    *,
    payment: Payment | None = None,
    refund: Refund | None = None,
    now: dt.datetime,
) -> Receipt:
    """Keep what the cheque that goes with a payment or a refund says. Its bytes are theirs."""
    return Receipt.objects.create(
        supplier_id=supplier_id,
        payment=payment,
        refund=refund,
        lines=list(lines),
        idempotency_key=uuid4(),
        created_at=now,
    )


def lines_of_refund(refund: Refund) -> list[dict[str, Any]]:
    """Undo the lines of the payment's cheque in proportion to what other refunds have left of them; none without one.

    They keep the terms they were written with: a refund of last year's payment keeps last year's rate.
    """
    receipts = Receipt.objects.filter(supplier_id=refund.supplier_id, payment__isnull=False, payment=refund.payment)
    written = receipts.filter(attempt=1).first()
    if written is None:
        return []
    left = _left_of_lines(written, refund)
    undone = [
        ([line for line in left if (line["account"], line["service"]) == about], amount_rub)
        for about, amount_rub in _refunded(refund)
    ]
    if refund.commission_rub:
        fee = [line for line in left if line["case"] == receipt_rules.FEE]
        undone.append((fee, refund.commission_rub))
    return [
        line | {"amount_rub": str(part_rub)}
        for lines, amount_rub in undone
        for line, part_rub in zip(
            lines, receipt_rules.taken_back(amount_rub, [Decimal(line["amount_rub"]) for line in lines]), strict=True
        )
        if part_rub
    ]


def receipt_of_refund(refund: Refund) -> ReceiptOrder | None:
    """Write the cheque that goes with a refund; None when its payment had none."""
    lines = lines_of_refund(refund)
    if refund.payment is None or not lines:
        return None
    return order_of(lines, customer_email=refund.payment.basket.user.email)


@transaction_required
def expect_receipt(payment: Payment, *, now: dt.datetime) -> None:
    """See that the cash register is asked about the cheque that went with a payment which is now paid.

    A gateway that says nothing of cheques is not asked: nobody would ever answer.
    """
    if not registry.dialect_of(payment.shop.gateway).tells_of_receipts:
        return
    written = Receipt.objects.filter(
        supplier_id=payment.supplier_id, payment=payment, attempt=1, state=rules.RECEIPT_INTENDED
    )
    written.update(state=rules.RECEIPT_PENDING, next_check_at=now)


@transaction_required
def wait_for_receipt(payment: Payment, receipt: Receipt, *, now: dt.datetime) -> None:
    """Note that a cheque is being registered; call a person to one that nobody has told anything of for days."""
    receipt.state = rules.RECEIPT_PENDING
    receipt.save()
    if receipt.next_check_at is None:
        alarm(payment, Payment.Alarm.RECEIPT_FAILED)
        payment.save(update_fields=["alarm"])


@transaction_required
def register_receipt(payment: Payment, receipt: Receipt, told: RemoteReceipt, *, now: dt.datetime) -> None:
    """Keep what the cash register gave; whoever was called because it had refused need not come any more."""
    receipt.state = rules.RECEIPT_DONE
    receipt.fiscal = dict(told.fiscal)
    receipt.registered_at = told.registered_at or now
    receipt.next_check_at = None
    receipt.save()
    if payment.alarm == Payment.Alarm.RECEIPT_FAILED:
        payment.alarm = ""
        payment.save(update_fields=["alarm"])


@transaction_required
def refuse_receipt(payment: Payment, receipt: Receipt, *, now: dt.datetime) -> None:
    """Close a refused attempt, call a person, and write the next attempt: the money stays where it is."""
    receipt.state = rules.RECEIPT_FAILED
    receipt.next_check_at = None
    receipt.save()
    alarm(payment, Payment.Alarm.RECEIPT_FAILED)
    payment.save(update_fields=["alarm"])
    pause = receipt_rules.pause_after(receipt.attempt)
    if pause is None:
        return
    order = order_of(receipt.lines, customer_email=payment.basket.user.email)
    Receipt.objects.create(
        supplier_id=receipt.supplier_id,
        payment=payment,
        attempt=receipt.attempt + 1,
        lines=receipt.lines,
        request_body=registry.dialect_of(payment.shop.gateway).receipt_body(
            order, gateway_payment_id=payment.gateway_payment_id
        ),
        idempotency_key=uuid4(),
        created_at=now,
        next_check_at=now + pause,
    )


def is_cheque_missing(payment: Payment) -> bool:
    """Tell whether the cash register has refused the cheque of a payment, or kept silent, and none has followed."""
    latest = payment.receipts.filter(supplier_id=payment.supplier_id).order_by("attempt").last()
    if latest is None or latest.state == rules.RECEIPT_DONE:
        return False
    is_given_up = latest.state == rules.RECEIPT_PENDING and latest.next_check_at is None
    return latest.attempt > 1 or latest.state == rules.RECEIPT_FAILED or is_given_up


def _left_of_lines(written: Receipt, refund: Refund) -> list[dict[str, Any]]:
    """Give the lines of a payment's cheque with the sums that the cheques of its other refunds have left of them."""
    others = Receipt.objects.filter(
        supplier_id=refund.supplier_id,
        refund__supplier_id=refund.supplier_id,
        refund__payment=refund.payment,
        attempt=1,
    ).exclude(Q(refund=refund) | Q(refund__state=rules.REFUND_FAILED))
    undone_rub: dict[tuple[Any, ...], Decimal] = defaultdict(lambda: ZERO)
    for lines in others.values_list("lines", flat=True):
        for line in lines:
            undone_rub[_which(line)] += Decimal(line["amount_rub"])
    return [
        line | {"amount_rub": str(Decimal(line["amount_rub"]) - undone_rub[_which(line)])} for line in written.lines
    ]


def _which(line: dict[str, Any]) -> tuple[Any, ...]:
    """Name a line of a payment's cheque: it has one for each of these."""
    return line["account"], line["service"], line["case"]


def _refunded(refund: Refund) -> list[tuple[tuple[int, int], Decimal]]:
    """Give what goes back by account and service."""
    shares = refund.shares.filter(supplier_id=refund.supplier_id).select_related("share")
    return [
        ((item.share.account_id, item.share.service_id), item.amount_rub) for item in shares if item.amount_rub > ZERO
    ]
