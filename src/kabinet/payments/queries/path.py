"""Put the path of a payment in time: what has happened, what goes on, what is still to come."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kabinet.payments import rules
from kabinet.payments.queries.cards import PaymentCard
from kabinet.payments.queries.refunds import ChargebackCard, RefundCard, chargebacks_of_payment, refunds_of_payment

DONE, NOW, AHEAD, WRONG = "done", "now", "ahead", "wrong"


@dataclass(frozen=True)
class Step:
    """One place on the path.

    at    when; None while it lies ahead, or where nobody has told
    on    the day, where only that is known
    note  a word or two beside it
    """

    title: str
    state: str
    at: dt.datetime | None = None
    on: dt.date | None = None
    note: str = ""
    amount_rub: Decimal | None = None

    @property
    def icon(self) -> str:
        return {DONE: "circle-check", NOW: "clock", AHEAD: "circle-minus", WRONG: "circle-x"}[self.state]

    @property
    def kind(self) -> str:
        return {DONE: "ok", NOW: "warn", AHEAD: "", WRONG: "error"}[self.state]


def path_of(payment: PaymentCard) -> list[Step]:
    """Give the steps of a payment whose card one has, oldest first; what came back of it stands at the end."""
    refunds = refunds_of_payment(payment.supplier_id, payment.id)
    chargebacks = chargebacks_of_payment(payment.supplier_id, payment.id)
    return [*_way_there(payment), *_way_back(refunds, chargebacks)]


def _way_there(payment: PaymentCard) -> list[Step]:
    steps = [Step(_("Начат"), DONE, at=payment.created_at)]
    if payment.is_failed:
        reached = [Step(_("У платёжной системы"), DONE)] if payment.gateway_payment_id else []
        return [*steps, *reached, Step(_("Не оплачен"), WRONG)]
    if payment.is_with_person:
        return [*steps, Step(_("Проверяет сотрудник"), NOW)]
    steps.append(Step(_("У платёжной системы"), NOW if payment.is_intended else DONE))
    if payment.is_held:
        steps.append(Step(_("Деньги заблокированы"), NOW, note=_("поставщик спишет их или вернёт")))
    waits = payment.state == rules.OPEN
    steps.append(Step(_("Оплачен"), DONE if payment.is_paid else NOW if waits else AHEAD, at=payment.paid_at))
    return [*steps, *_at_the_supplier(payment)]


def _at_the_supplier(payment: PaymentCard) -> list[Step]:
    """Where we keep the book, money counts as soon as it has come; another's book hears of it by registers."""
    if not payment.is_billed_elsewhere:
        return [Step(_("Учтён на лицевом счёте"), DONE if payment.is_paid else AHEAD, at=payment.paid_at)]
    booked = payment.booked_at is not None
    sent = booked or payment.sent_at is not None
    return [
        Step(_("Передан поставщику"), DONE if sent else NOW if payment.is_paid else AHEAD, at=payment.sent_at),
        Step(_("Учтён поставщиком"), DONE if booked else NOW if sent else AHEAD, at=payment.booked_at),
    ]


def _way_back(refunds: Sequence[RefundCard], chargebacks: Sequence[ChargebackCard]) -> list[Step]:
    states = {rules.REFUND_DONE: DONE, rules.REFUND_FAILED: WRONG}
    titles = {rules.REFUND_DONE: _("Возвращено"), rules.REFUND_FAILED: _("Вернуть не удалось")}
    back = [
        Step(
            titles.get(refund.state, _("Возвращаем")),
            states.get(refund.state, NOW),
            at=refund.done_at or refund.created_at,
            amount_rub=refund.amount_rub,
        )
        for refund in sorted(refunds, key=lambda refund: refund.created_at)
        if refund.failure_reason != rules.DOES_NOT_FIT  # the staff find out what it is before the payer is told
    ]
    charged = [
        Step(_("Банк отозвал платёж"), WRONG, on=chargeback.came_on, amount_rub=chargeback.amount_rub)
        for chargeback in sorted(chargebacks, key=lambda chargeback: chargeback.came_on)
    ]
    return [*back, *charged]
