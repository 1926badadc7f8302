"""What a payer, a bank or a person in the gateway's cabinet does to a payment."""

from typing import Any

from sandbox import chargebacks, means, moments, money, payment_methods, payments, refunds
from sandbox.admin.desk import Desk, Refused, read_amount, read_object, read_reason
from sandbox.admin.objects import shown_chargeback, shown_refund
from sandbox.gateway import Session
from sandbox.http_server import Request
from sandbox.means import Card
from sandbox.page.faces import face_of
from sandbox.payments import Payment


def _list(desk: Desk, request: Request) -> dict[str, Any]:
    """Payments, newest last; `shop`, `status` and `metadata.<key>` choose among them."""
    conditions, values = ["1"], []
    for name, value in request.query.items():
        if name in ("shop", "status"):
            conditions.append({"shop": "shop_id = ?", "status": "status = ?"}[name])
            values.append(value)
        elif name.startswith("metadata."):
            conditions.append("json_extract(request, ?) = ?")
            key = name.removeprefix("metadata.").replace('"', "")
            values += [f'$.metadata."{key}"', value]
    with desk.gateway.session() as session:
        chosen = session.db.execute(
            f"SELECT * FROM payments WHERE {' AND '.join(conditions)} ORDER BY number",  # noqa: S608 - our own words
            values,
        )
        return {"payments": [_shown(session, payments.from_row(row)) for row in chosen]}


def _one(desk: Desk, request: Request, payment_id: str) -> dict[str, Any]:
    with desk.gateway.session() as session:
        return _shown(session, payments.find(session, payment_id))


def _pay(desk: Desk, request: Request, payment_id: str) -> dict[str, Any]:
    """Pay as the payer would; `method` is bank_card or sbp, by default the first that fits.

    `save`  ticks «Сохранить карту» where the page offers that to the payer
    """
    given = read_object(request)
    with desk.gateway.session() as session:
        payment = payments.find(session, payment_id)
        paid = payments.pay(session, payment, _means(session, payment, given.get("method")))
        if given.get("save") and paid.method == "bank_card" and face_of(paid).saving == "asked":
            payment_methods.save(session, paid)
        return _shown(session, paid)


def _means(session: Session, payment: Payment, method: str | None) -> dict[str, Any]:
    if payment.saved_method_id is not None:
        return payment_methods.means_of(session, payment)
    method = method or payment.methods[0]
    if method == "bank_card":
        card = Card(number=means.CARD, month=12, year=moments.moscow_day(session.now).year + 4)
        return means.card_means(session, payment, card)
    if method == "sbp":
        return means.sbp_means(session, payment)
    raise Refused(400, "method is bank_card or sbp")


def _decline(desk: Desk, request: Request, payment_id: str) -> dict[str, Any]:
    reason = read_reason(read_object(request))
    party = means.PARTY_OF_REASON.get(reason, "payment_network")
    with desk.gateway.session() as session:
        payment = payments.find(session, payment_id)
        return _shown(session, payments.decline(session, payment, party=party, reason=reason))


def _expire(desk: Desk, request: Request, payment_id: str) -> dict[str, Any]:
    with desk.gateway.session() as session:
        return _shown(session, payments.expire(session, payments.find(session, payment_id)))


def _refund(desk: Desk, request: Request, payment_id: str) -> dict[str, Any]:
    """Refund by hand in the gateway's cabinet: all that is left unless an `amount` is said; it succeeds at once."""
    amount_kopecks = read_amount(read_object(request))
    with desk.gateway.session() as session:
        payment = payments.find(session, payment_id)
        if amount_kopecks is None:
            amount_kopecks = refunds.refundable_kopecks(session, payment)
        if amount_kopecks == 0:
            raise refunds.TooMuch(amount_kopecks)
        return shown_refund(refunds.create(session, payment, amount_kopecks, request={}, is_by_hand=True))


def _charge_back(desk: Desk, request: Request, payment_id: str) -> dict[str, Any]:
    """Take money back as the payer's bank does: all that is left unless an `amount` is said."""
    amount_kopecks = read_amount(read_object(request))
    with desk.gateway.session() as session:
        payment = payments.find(session, payment_id)
        return shown_chargeback(chargebacks.create(session, payment, amount_kopecks))


def _shown(session: Session, payment: Payment) -> dict[str, Any]:
    """A payment as it is stored, which is more than its shop may see."""
    return {
        "id": payment.id,
        "shop": payment.shop_id,
        "protocol": payment.protocol,
        "order_number": payment.order_number,
        "status": payment.status,
        "amount": money.to_value(payment.amount_kopecks),
        "refunded": money.to_value(payment.refunded_kopecks),
        "charged_back": money.to_value(payment.charged_back_kopecks),
        "method": payment.method,
        "saved_method_id": payment.saved_method_id,
        "created_at": moments.to_iso(payment.created_at),
        "captured_at": moments.to_iso(payment.captured_at) if payment.captured_at else None,
        "cancellation": payment.cancellation,
        "declined_attempts": payment.declined_attempts,
        "receipt_registration": payment.receipt_registration,
        "page_url": session.gateway.page_url(payment.id),
        "request": payment.request,
    }


CALLS = (
    ("GET", "payments", _list),
    ("GET", "payments/{payment_id}", _one),
    ("POST", "payments/{payment_id}/pay", _pay),
    ("POST", "payments/{payment_id}/decline", _decline),
    ("POST", "payments/{payment_id}/expire", _expire),
    ("POST", "payments/{payment_id}/refund", _refund),
    ("POST", "payments/{payment_id}/chargeback", _charge_back),
)
