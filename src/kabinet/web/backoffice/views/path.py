"""The path of a payment in time, newest first: what staff read to understand what has happened."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kabinet.payments.queries.office import StaffPaymentCard


@dataclass(frozen=True)
class Step:
    """One event. amount_rub: what moved, below zero when it went back."""

    at: dt.datetime
    title: str
    icon: str
    kind: str = ""
    text: str = ""
    amount_rub: Decimal | None = None


def path_of(payment: StaffPaymentCard) -> list[Step]:
    return sorted(_steps(payment), key=lambda step: step.at, reverse=True)


def _steps(payment: StaffPaymentCard) -> Iterator[Step]:
    yield Step(
        payment.created_at,
        _("Автоплатёж начал оплату") if payment.is_autopay else _("Плательщик начал оплату"),
        "credit-card",
        text=payment.mode_label,
    )
    for bell in payment.doorbells:
        title = _("Плательщик вернулся со страницы оплаты") if bell.event == "came-back" else _("Уведомление")
        yield Step(bell.first_rung_at, title, "bell", text=bell.event if bell.event != "came-back" else "")
    if payment.paid_at:
        yield Step(
            payment.paid_at,
            _("Деньги списаны с плательщика"),
            "circle-check",
            "ok",
            payment.method_title,
            payment.amount_rub,
        )
    for receipt in payment.receipts:
        if receipt.registered_at:
            yield Step(receipt.registered_at, _("Чек зарегистрирован"), "receipt-text", "ok")
    if payment.sent_at:
        yield Step(payment.sent_at, _("Передан поставщику"), "send", "info")
    if payment.booked_at:
        yield Step(payment.booked_at, _("Учтён поставщиком"), "book-open", "ok")
    for refund in payment.refunds:
        yield Step(refund.created_at, _("Возврат запрошен"), "undo-2", "warn", refund.asked_by)
        if refund.done_at:
            yield Step(refund.done_at, _("Деньги возвращены"), "undo-2", "ok", "", -refund.amount_rub)
    for chargeback in payment.chargebacks:
        yield Step(
            chargeback.recorded_at,
            _("Банк отозвал платёж"),
            "triangle-alert",
            "error",
            chargeback.reference,
            -chargeback.amount_rub,
        )
