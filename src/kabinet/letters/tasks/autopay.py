"""Letters about standing orders: what will be taken tomorrow, what was refused, when one is on or off."""

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, public_url, send
from kabinet.payments.queries import autopay as queries
from kabinet.people.queries.letters import addressee


@app.task(name="letters.send_autopay_announced", queue="letters", retry=RETRY)
def send_autopay_announced(*, supplier_id: int, autopay_charge_id: int, fact_id: str) -> None:
    """Say a day before what will be taken, with the way to cancel it. Nothing once it was canceled."""
    autopay, month = queries.autopay_of_charge(supplier_id, autopay_charge_id)
    if month.can_be_canceled:
        _send(
            autopay,
            fact_id,
            subject=_("Автоплатёж: скоро спишем оплату по лицевому счёту"),
            template="letters/autopay_announced",
            month=month,
        )


@app.task(name="letters.send_autopay_charge_refused", queue="letters", retry=RETRY)
def send_autopay_charge_refused(*, supplier_id: int, autopay_charge_id: int, fact_id: str) -> None:
    """Say that the money was not taken, and whether it will be tried again."""
    autopay, month = queries.autopay_of_charge(supplier_id, autopay_charge_id)
    _send(
        autopay,
        fact_id,
        subject=_("Автоплатёж не прошёл"),
        template="letters/autopay_charge_refused",
        month=month,
    )


@app.task(name="letters.send_autopay_switched", queue="letters", retry=RETRY)
def send_autopay_switched(*, supplier_id: int, autopay_id: int, fact_id: str) -> None:
    """Confirm that a standing order is on or off: whoever did not want it learns of it."""
    autopay = queries.autopay_card_by_id(supplier_id, autopay_id)
    _send(
        autopay,
        fact_id,
        subject=_("Автоплатёж включён") if autopay.is_on else _("Автоплатёж выключен"),
        template="letters/autopay_switched",
    )


def _send(autopay: queries.AutopayCard, fact_id: str, **letter: object) -> None:
    to = addressee(autopay.payer_id)
    if to is None:
        return
    send(
        to=to.email,
        language=to.language,
        subject=letter["subject"],
        template=str(letter["template"]),
        context={
            "autopay": autopay,
            "month": letter.get("month"),
            "link": public_url("cabinet:autopay", autopay.supplier_id, autopay.account_id),
        },
        fact_id=fact_id,
    )
