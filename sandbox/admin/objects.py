"""Refunds, chargebacks, receipts and saved methods as they are stored, and what becomes of those that wait."""

import dataclasses
from typing import Any

from sandbox import habits, means, moments, money, payment_methods, receipts, refunds
from sandbox.admin.desk import Desk, read_object, read_reason
from sandbox.chargebacks import Chargeback
from sandbox.http_server import Request
from sandbox.payment_methods import PaymentMethod
from sandbox.receipts import Receipt
from sandbox.refunds import Refund


def shown_refund(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.id,
        "shop": refund.shop_id,
        "payment_id": refund.payment_id,
        "external_id": refund.external_id,
        "status": refund.status,
        "amount": money.to_value(refund.amount_kopecks),
        "by_hand": refund.is_by_hand,
        "created_at": moments.to_iso(refund.created_at),
        "succeeded_at": moments.to_iso(refund.succeeded_at) if refund.succeeded_at else None,
        "cancellation": refund.cancellation,
        "receipt_registration": refund.receipt_registration,
        "request": refund.request,
    }


def shown_chargeback(chargeback: Chargeback) -> dict[str, Any]:
    return {
        "id": chargeback.id,
        "shop": chargeback.shop_id,
        "payment_id": chargeback.payment_id,
        "amount": money.to_value(chargeback.amount_kopecks),
        "created_at": moments.to_iso(chargeback.created_at),
    }


def _shown_receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.id,
        "shop": receipt.shop_id,
        "type": receipt.type,
        "payment_id": receipt.payment_id,
        "refund_id": receipt.refund_id,
        "status": receipt.status,
        "created_at": moments.to_iso(receipt.created_at),
        "registered_at": moments.to_iso(receipt.registered_at) if receipt.registered_at else None,
        "request": receipt.request,
    }


def _shown_method(method: PaymentMethod) -> dict[str, Any]:
    return {
        "id": method.id,
        "shop": method.shop_id,
        "type": method.type,
        "status": method.status,
        "created_at": moments.to_iso(method.created_at),
        "means": method.means,
    }


def _refunds(desk: Desk, request: Request) -> dict[str, Any]:
    """All refunds, newest last, or those of `payment_id`."""
    return {"refunds": [shown_refund(refunds.from_row(row)) for row in _rows(desk, request, "refunds")]}


def _chargebacks(desk: Desk, request: Request) -> dict[str, Any]:
    found = _rows(desk, request, "chargebacks")
    return {"chargebacks": [shown_chargeback(Chargeback(**dict(row))) for row in found]}


def _receipts(desk: Desk, request: Request) -> dict[str, Any]:
    return {"receipts": [_shown_receipt(receipts.from_row(row)) for row in _rows(desk, request, "receipts")]}


def _methods(desk: Desk, request: Request) -> dict[str, Any]:
    with desk.gateway.session() as session:
        found = session.db.execute("SELECT * FROM payment_methods ORDER BY number").fetchall()
    return {"payment_methods": [_shown_method(payment_methods.from_row(row)) for row in found]}


def _rows(desk: Desk, request: Request, table: str) -> list[Any]:
    payment_id = request.query.get("payment_id")
    with desk.gateway.session() as session:
        return session.db.execute(
            f"SELECT * FROM {table} WHERE ? IS NULL OR payment_id = ? ORDER BY number",  # noqa: S608 - our own word
            (payment_id, payment_id),
        ).fetchall()


def _succeed_refund(desk: Desk, request: Request, refund_id: str) -> dict[str, Any]:
    with desk.gateway.session() as session:
        return shown_refund(refunds.succeed(session, refunds.find(session, refund_id)))


def _cancel_refund(desk: Desk, request: Request, refund_id: str) -> dict[str, Any]:
    """Let it fail with a `reason`: insufficient_funds, rejected_by_payee …"""
    reason = read_reason(read_object(request))
    party = means.PARTY_OF_REFUND_REASON.get(reason, "yoo_money")
    with desk.gateway.session() as session:
        return shown_refund(refunds.cancel(session, refunds.find(session, refund_id), party=party, reason=reason))


def _succeed_receipt(desk: Desk, request: Request, receipt_id: str) -> dict[str, Any]:
    with desk.gateway.session() as session:
        return _shown_receipt(receipts.succeed(session, receipts.find(session, receipt_id)))


def _cancel_receipt(desk: Desk, request: Request, receipt_id: str) -> dict[str, Any]:
    with desk.gateway.session() as session:
        return _shown_receipt(receipts.cancel(session, receipts.find(session, receipt_id)))


def _bind_method(desk: Desk, request: Request, method_id: str) -> dict[str, Any]:
    """Bind the card of a method that waits for it, as its owner would."""
    with desk.gateway.session() as session:
        return _shown_method(payment_methods.bind(session, payment_methods.find(session, method_id)))


def _revoke_method(desk: Desk, request: Request, method_id: str) -> dict[str, Any]:
    """Let the owner withdraw the permission: a charge is then declined with permission_revoked."""
    with desk.gateway.session() as session:
        return _shown_method(payment_methods.revoke(session, payment_methods.find(session, method_id)))


def _habits(desk: Desk, request: Request) -> dict[str, Any]:
    with desk.gateway.session() as session:
        return {
            "habits": {
                shop_id: dataclasses.asdict(habits.habits_of(desk.gateway, session.db, shop_id))
                for shop_id in desk.gateway.shops
            }
        }


def _change_habits(desk: Desk, request: Request) -> dict[str, Any]:
    """Change the habits towards one `shop`, or towards all when none is named."""
    changes = read_object(request)
    shop_ids = desk.chosen_shops(changes.pop("shop", None))
    with desk.gateway.session() as session:
        for shop_id in shop_ids:
            habits.change_habits(desk.gateway, session.db, shop_id, changes)
    return _habits(desk, request)


CALLS = (
    ("GET", "refunds", _refunds),
    ("POST", "refunds/{refund_id}/succeed", _succeed_refund),
    ("POST", "refunds/{refund_id}/cancel", _cancel_refund),
    ("GET", "chargebacks", _chargebacks),
    ("GET", "receipts", _receipts),
    ("POST", "receipts/{receipt_id}/succeed", _succeed_receipt),
    ("POST", "receipts/{receipt_id}/cancel", _cancel_receipt),
    ("GET", "payment_methods", _methods),
    ("POST", "payment_methods/{method_id}/bind", _bind_method),
    ("POST", "payment_methods/{method_id}/revoke", _revoke_method),
    ("GET", "habits", _habits),
    ("POST", "habits", _change_habits),
)
