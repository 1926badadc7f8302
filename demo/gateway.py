"""The sandbox gateway's side of the world: for each payment of ours there is the object that it was.

So a visitor may refund an old payment or reconcile an old day, and the gateway knows it.
"""

import datetime as dt
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import F, QuerySet

from demo.online import CARD
from kabinet.common.money import round_to_kopeck, to_kopecks
from kabinet.payments.models import Chargeback, Payment, Refund, Shop, SuspendedSum
from sandbox import chargebacks, payments, refunds, rows
from sandbox.store import Store

_CARD_MEANS = {
    "type": "bank_card",
    "title": "Bank card *4444",
    "card": {"first6": "555555", "last4": "4444", "card_type": "MasterCard"},
}
_SBP_MEANS = {"type": "sbp"}


def fee_rub(amount_rub: Decimal, method_title: str) -> Decimal:
    """Say what the gateway keeps of a payment, as the sandbox reckons it."""
    return round_to_kopeck(amount_rub * payments.FEE_PER_MILLE[_method(method_title)] / 1000)


def _method(method_title: str) -> str:
    return "sbp" if method_title.startswith("СБП") else "bank_card"


def fill(folder: Path) -> None:
    """Write the objects into an empty store; leave one that has any as it is."""
    with closing(Store(folder / "sandbox.sqlite3")) as store, store.transaction() as db:
        if db.execute("SELECT count(*) FROM payments").fetchone()[0]:
            return
        _write_payments(db)
        _write_suspended(db)
        _write_what_went_back(db)


def _write_payments(db: sqlite3.Connection) -> None:
    paid = _of_yookassa(Payment.objects.all()).filter(state="paid").select_related("shop")
    for payment in paid.order_by("created_at", "id").iterator(chunk_size=2000):
        metadata = {"payment_id": str(payment.public_id)}
        _write(
            db,
            payment.shop,
            payment.gateway_payment_id,
            payment.amount_rub,
            payment.method_title,
            created_at=payment.created_at,
            captured_at=payment.paid_at or payment.created_at,
            request={"description": "", "metadata": metadata},
            refunded_rub=_sum(Refund.objects.filter(payment=payment, state="done")),
            charged_back_rub=_sum(Chargeback.objects.filter(payment=payment)),
        )


def _write_suspended(db: sqlite3.Connection) -> None:
    for suspended in _of_yookassa(SuspendedSum.objects.all()).select_related("shop", "payment").order_by("id"):
        payment = suspended.payment
        _write(
            db,
            suspended.shop,
            suspended.gateway_payment_id,
            suspended.amount_rub,
            CARD,
            created_at=suspended.created_at - dt.timedelta(minutes=2),
            captured_at=suspended.created_at,
            request={"metadata": {"payment_id": str(payment.public_id)}} if payment else {},
        )


def _write_what_went_back(db: sqlite3.Connection) -> None:
    for number, refund in enumerate(Refund.objects.filter(state="done").select_related("shop", "payment"), start=1):
        rows.insert(
            db,
            "refunds",
            refunds.Refund(
                number=number,
                id=refund.gateway_refund_id,
                shop_id=refund.shop.shop_id,
                protocol="yookassa",
                payment_id=refund.payment.gateway_payment_id if refund.payment else "",
                external_id=None,
                status="succeeded",
                amount_kopecks=to_kopecks(refund.amount_rub),
                is_by_hand=False,
                created_at=_moment(refund.created_at),
                succeeded_at=_moment(refund.done_at or refund.created_at),
                request={"metadata": {"refund_id": str(refund.public_id)}},
                cancellation=None,
                receipt_registration=None,
            ),
        )
    for number, chargeback in enumerate(Chargeback.objects.select_related("shop", "payment"), start=1):
        came_at = dt.datetime.combine(chargeback.came_on, dt.time(12), tzinfo=dt.UTC)
        rows.insert(
            db,
            "chargebacks",
            chargebacks.Chargeback(
                number=number,
                id=chargeback.reference,
                shop_id=chargeback.shop.shop_id,
                payment_id=chargeback.payment.gateway_payment_id,
                amount_kopecks=to_kopecks(chargeback.amount_rub),
                created_at=_moment(came_at),
            ),
        )


def _write(
    db: sqlite3.Connection,
    shop: Shop,
    object_id: str,
    amount_rub: Decimal,
    method_title: str,
    *,
    created_at: dt.datetime,
    captured_at: dt.datetime,
    request: dict[str, Any],
    refunded_rub: Decimal = Decimal(0),
    charged_back_rub: Decimal = Decimal(0),
) -> None:
    rows.insert(
        db,
        "payments",
        payments.Payment(
            number=rows.next_number(db, "payments"),
            id=object_id,
            shop_id=shop.shop_id,
            protocol="yookassa",
            order_number=None,
            status="succeeded",
            amount_kopecks=to_kopecks(amount_rub),
            fee_kopecks=to_kopecks(fee_rub(amount_rub, method_title)),
            refunded_kopecks=to_kopecks(refunded_rub),
            charged_back_kopecks=to_kopecks(charged_back_rub),
            is_two_stage=False,
            method=_method(method_title),
            saved_method_id=None,
            created_at=_moment(created_at),
            deadline_at=None,
            captured_at=_moment(captured_at),
            request=request,
            means=_SBP_MEANS if _method(method_title) == "sbp" else _CARD_MEANS,
            cancellation=None,
            declined_attempts=0,
            last_decline=None,
            receipt_registration=None,
        ),
    )


def _of_yookassa(found: QuerySet[Any]) -> QuerySet[Any]:
    return found.filter(shop__gateway=Shop.Gateway.YOOKASSA, shop__supplier_id=F("supplier_id"))


def _sum(found: QuerySet[Any]) -> Decimal:
    return sum(found.values_list("amount_rub", flat=True), Decimal(0))


def _moment(moment: dt.datetime) -> int:
    """Write a moment as the sandbox does: milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
