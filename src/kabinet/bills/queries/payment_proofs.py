"""The proof of a payment."""

from uuid import UUID
from zoneinfo import ZoneInfo

from kabinet.accounts import queries as accounts
from kabinet.bills.formats import payment_proof as proof_format
from kabinet.bills.formats.payment_proof import PaymentProof, ProofShare
from kabinet.common.errors import NotFound
from kabinet.payments import queries as payments
from kabinet.payments.queries import PaymentCard
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


def payment_proof_pdf(public_id: UUID, *, visible_to: User) -> bytes:
    """Typeset the proof of a payment for the person who made it. Raises NotFound for others, and until it is paid."""
    return proof_format.render(_payment_proof(payments.payment_card(public_id, visible_to=visible_to)))


def payment_proof_pdf_by_id(supplier_id: int, payment_id: int) -> bytes:
    """Typeset the proof of a payment for the letter to its payer. Raises NotFound until it is paid."""
    return proof_format.render(_payment_proof(payments.payment_card_by_id(supplier_id, payment_id)))


def _payment_proof(payment: PaymentCard) -> PaymentProof:
    if not payment.is_paid or payment.paid_at is None:
        raise NotFound
    payer_name, address = _payer_of(payment)
    return PaymentProof(
        number=str(payment.public_id),
        paid_at=payment.paid_at.astimezone(ZoneInfo(payment.zone)),
        supplier_name=payment.supplier_name,
        supplier_inn=suppliers.supplier_card(payment.supplier_id).inn,
        payer_name=payer_name,
        address=address,
        amount_rub=payment.amount_rub,
        commission_rub=payment.commission_rub,
        shares=[ProofShare(share.account_number, share.service_name, share.amount_rub) for share in payment.shares],
        gateway_name=payment.gateway_name,
        gateway_payment_id=payment.gateway_payment_id,
        method_title=payment.method_title,
        state=payment.state_label,
        is_test=payment.is_test,
    )


def _payer_of(payment: PaymentCard) -> tuple[str, str]:
    """Give name and address as the payer's access to the account shows them; nothing once it has ended."""
    try:
        card = accounts.account_card(
            payment.supplier_id, payment.account_id, visible_to=User.objects.get(id=payment.payer_id)
        )
    except NotFound:
        return "", ""
    return card.payer_name, card.address
