"""Letters about payments: the proof for the payer, the alarm for the staff."""

from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.bills.queries import payment_proof_pdf_by_id
from kabinet.letters.operations import RETRY, papers, public_url, send
from kabinet.payments import queries
from kabinet.people.queries.letters import addressee


@app.task(name="letters.send_payment_confirmation", queue="letters", retry=RETRY)
def send_payment_confirmation(*, supplier_id: int, payment_id: int, fact_id: str) -> None:
    """Tell the payer that the money has come, with the paper that proves it if it can be made."""
    payment = queries.payment_card_by_id(supplier_id, payment_id)
    if to := addressee(payment.payer_id):
        send(
            to=to.email,
            language=to.language,
            subject=_("Оплата получена"),
            template="letters/payment_confirmation",
            context={"payment": payment, "link": public_url("cabinet:payment", payment.public_id)},
            attachments=papers(
                f"Подтверждение оплаты {payment.public_id}.pdf",
                partial(payment_proof_pdf_by_id, supplier_id, payment_id),
                supplier_id=supplier_id,
                subject=f"payment:{payment_id}",
                now=timezone.now(),
            ),
            fact_id=fact_id,
        )


@app.task(name="letters.send_payment_needs_person", queue="letters", retry=RETRY)
def send_payment_needs_person(*, supplier_id: int, payment_id: int, reason: str, fact_id: str) -> None:
    """Call the staff to a payment that a program must not decide. Ids only: no person, no account."""
    payment = queries.payment_card_by_id(supplier_id, payment_id)
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Платёж требует решения человека"),
        template="letters/payment_needs_person",
        context={"payment": payment},
        fact_id=fact_id,
    )
