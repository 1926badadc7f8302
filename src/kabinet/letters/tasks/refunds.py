"""Letters about money that goes back: to the payer when it has gone, to the staff when they have to look."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, public_url, send
from kabinet.payments.queries import refunds, suspense
from kabinet.people.queries.letters import addressee

#: What the staff are called for, by the reason of the fact.
REASONS = {
    "asked": _("ждёт подтверждения второго сотрудника"),
    "failed": _("не прошёл: платёжная система отказала; можно начать новый"),
    "unresolved": _("30 дней без ответа платёжной системы"),
    "unasked": _("сделан в кабинете платёжной системы, не у нас; он учтён"),
    "receipt_failed": _("прошёл, но касса не зарегистрировала чек возврата: пробейте его сами"),
    "does_not_fit": _("сделан платёжной системой, хотя столько от платежа не осталось; он не учтён"),
    "done_after_failed": _("прошёл, хотя мы сочли его неудавшимся; он учтён"),
}


@app.task(name="letters.send_refund_done", queue="letters", retry=RETRY)
def send_refund_done(*, supplier_id: int, refund_id: int, fact_id: str) -> None:
    """Tell the payer how much goes back, and where to. Of foreign money nobody here knows the payer."""
    refund = refunds.refund_card_by_id(supplier_id, refund_id)
    to = addressee(refund.payer_id) if refund.payer_id else None
    if to:
        send(
            to=to.email,
            language=to.language,
            subject=_("Возвращаем Вам деньги"),
            template="letters/refund_done",
            context={"refund": refund, "link": public_url("cabinet:payment", refund.payment_id)},
            fact_id=fact_id,
        )


@app.task(name="letters.send_refund_needs_person", queue="letters", retry=RETRY)
def send_refund_needs_person(*, supplier_id: int, refund_id: int, reason: str, fact_id: str) -> None:
    """Call the staff to a refund. Ids only: no person, no account."""
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Возврат требует внимания"),
        template="letters/refund_needs_person",
        context={"refund": refunds.refund_card_by_id(supplier_id, refund_id), "reason": REASONS[reason]},
        fact_id=fact_id,
    )


@app.task(name="letters.send_chargeback_recorded", queue="letters", retry=RETRY)
def send_chargeback_recorded(*, supplier_id: int, chargeback_id: int, fact_id: str) -> None:
    """Tell the staff that a bank has taken a payment back."""
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Банк отозвал платёж"),
        template="letters/chargeback_recorded",
        context={"chargeback": refunds.chargeback_card_by_id(supplier_id, chargeback_id)},
        fact_id=fact_id,
    )


@app.task(name="letters.send_foreign_money_suspended", queue="letters", retry=RETRY)
def send_foreign_money_suspended(*, supplier_id: int, suspended_sum_id: int, fact_id: str) -> None:
    """Call the staff to money that is nobody's."""
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Пришли деньги, которые ни к чему не относятся"),
        template="letters/foreign_money_suspended",
        context={"suspended_sum": suspense.suspended_sum_card_by_id(supplier_id, suspended_sum_id)},
        fact_id=fact_id,
    )
