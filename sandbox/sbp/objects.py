"""Links and refunds as the small bank shows them."""

from typing import TYPE_CHECKING, Any

from sandbox import moments
from sandbox.payments import Payment
from sandbox.refunds import Refund
from sandbox.sbp import links

if TYPE_CHECKING:
    from sandbox.gateway import Gateway


def link_status(payment: Payment) -> str:
    """created, paid, expired or canceled; the last three are final."""
    if payment.is_pending:
        return "created"
    if payment.is_paid:
        return "paid"
    return "expired" if (payment.cancellation or {})["reason"] == "expired_on_confirmation" else "canceled"


def link_object(gateway: "Gateway", payment: Payment) -> dict[str, Any]:
    """A link with the fields that its state has."""
    request = payment.request
    shown = {
        "qrc_id": links.qrc_id(gateway, payment),
        "payload": links.payload(gateway, payment),
        "order": payment.order_number,
        "status": link_status(payment),
        "amount": payment.amount_kopecks,
        "currency": "RUB",
        "purpose": request["purpose"],
        "refunded": payment.refunded_kopecks,
        "created_at": moments.to_iso(payment.created_at),
        "expires_at": moments.to_iso(payment.created_at + request["life_s"] * moments.SECOND),
        "paid_at": moments.to_iso(payment.captured_at) if payment.captured_at else None,
        "operation_id": (payment.means or {}).get("sbp_operation_id") if payment.is_paid else None,
        "reason": (payment.cancellation or {}).get("reason"),
    }
    return {name: value for name, value in shown.items() if value is not None}


def refund_object(refund: Refund) -> dict[str, Any]:
    """A refund; its status is pending, succeeded or canceled."""
    shown = {
        "refund": refund.external_id,
        "status": refund.status,
        "amount": refund.amount_kopecks,
        "created_at": moments.to_iso(refund.created_at),
        "reason": (refund.cancellation or {}).get("reason"),
    }
    return {name: value for name, value in shown.items() if value is not None}
