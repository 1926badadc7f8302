"""What Sberbank answers about an order, as our dataclasses. What cannot be read exactly is `Unavailable`."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from kabinet.common.errors import Unavailable
from kabinet.common.money import from_kopecks
from kabinet.payments import rules
from kabinet.payments.gateways import RemotePayment, RemoteRefund
from kabinet.payments.gateways.sberbank.bodies import CHARGED_BY, ROUBLE, SAVED_CARD, SESSION_S

REVERSED, DECLINED = 3, 6
STATES = {
    0: rules.OPEN,
    1: rules.HELD,
    2: rules.PAID,
    REVERSED: rules.FAILED,
    4: rules.PAID,
    5: rules.OPEN,
    DECLINED: rules.OPEN,
    7: rules.OPEN,
}

SESSION_ENDED = -2007
# The bank's action codes in YooKassa's words, which screens know; from memory, and of no weight for money.
REASONS = {
    SESSION_ENDED: "expired_on_confirmation",
    -2020: "canceled_by_merchant",
    -2006: "3d_secure_failed",
    -2017: "country_forbidden",
    -20010: "fraud_suspected",
    101: "card_expired",
    104: "payment_method_restricted",
    107: "call_issuer",
    111: "invalid_card_number",
    116: "insufficient_funds",
    121: "payment_method_limit_exceeded",
    125: "identification_required",
    879: "invalid_csc",
    907: "issuer_unavailable",
    909: "internal_timeout",
}

Told = Mapping[str, Any]


def read_order(told: Told, *, is_test: bool, now: dt.datetime | None) -> RemotePayment:
    """Read the answer of `getOrderStatusExtended`.

    An order that was declined can be paid on the same page while its session lives, so it is open until the bank says
    that the session has ended, or its clock shows so.

    now  the bank's own clock; None when it did not tell
    """
    try:
        status = _whole(told["orderStatus"])
        asked_rub = _rub(told["amount"])
        sums = told.get("paymentAmountInfo") or {}
        params = _pairs(told.get("merchantOrderParams"))
        ends_at = _moment(told.get("date")) + dt.timedelta(seconds=SESSION_S) if told.get("date") else None
        is_over = (
            told.get("actionCode") == SESSION_ENDED
            or params.get(CHARGED_BY) == SAVED_CARD
            or (now is not None and ends_at is not None and now >= ends_at)
        )
        state = rules.FAILED if status == DECLINED and is_over else STATES.get(status, "")
        card = told.get("cardAuthInfo") or {}
        return RemotePayment(
            id=_pairs(told["attributes"])["mdOrder"],
            state=state,
            status=str(status),
            amount_rub=_rub(sums["depositedAmount"]) if state == rules.PAID else asked_rub,
            currency="RUB" if str(told["currency"]) == ROUBLE else str(told["currency"])[:8],
            shop_id="",
            is_test=is_test,
            public_id=our_id(told.get("orderNumber")),
            failure_reason=_failure_reason(told, status) if state == rules.FAILED else "",
            method_title=_method_title(card),
            paid_at=_moment(told["depositedDate"]) if state == rules.PAID and told.get("depositedDate") else None,
            expires_at=ends_at if state == rules.OPEN else None,
            refunded_rub=_rub(sums.get("refundedAmount", 0)),
            is_charged_back=card.get("chargeback") is True,
            saved_method=str((told.get("bindingInfo") or {}).get("bindingId", ""))[:64],
            metadata=params,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Unavailable(f"an order that cannot be read: {type(error).__name__}") from error


def read_refunds(told: Told, *, gateway_payment_id: str) -> list[RemoteRefund]:
    """Read what was given back of an order: the bank has no objects of refunds, only their list in the order."""
    try:
        return [_refund(each, gateway_payment_id) for each in told.get("refunds") or ()]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Unavailable(f"a list of refunds that cannot be read: {type(error).__name__}") from error


def done_refund(refund_id: str, *, gateway_payment_id: str, amount_kopecks: int) -> RemoteRefund:
    """Tell of a refund that the bank has just made, or had made before."""
    return RemoteRefund(
        id=refund_id,
        gateway_payment_id=gateway_payment_id,
        state=rules.REFUND_DONE,
        status="done",
        amount_rub=from_kopecks(amount_kopecks),
        currency="RUB",
        public_id=our_id(refund_id),
    )


def our_id(text: Any) -> UUID | None:
    """Give our id as it came back; None for what is none of ours."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _refund(told: Told, gateway_payment_id: str) -> RemoteRefund:
    """Read a refund. One that was made by hand has no number of ours: its order and moment tell it apart."""
    done_at = _moment(told["date"]) if told.get("date") else None
    number = told.get("externalRefundId") or told.get("referenceNumber")
    if not number and done_at is None:
        raise ValueError("a refund without a number and a moment")
    refund_id = str(number)[:64] if number else f"{gateway_payment_id}/{told['date']}"[:64]
    return RemoteRefund(
        id=refund_id,
        gateway_payment_id=gateway_payment_id,
        state=rules.REFUND_DONE,
        status="done",
        amount_rub=_rub(told["amount"]),
        currency="RUB",
        done_at=done_at,
        public_id=our_id(told.get("externalRefundId")),
    )


def _failure_reason(told: Told, status: int) -> str:
    if status == REVERSED:
        return "canceled_by_merchant"
    code = told.get("actionCode")
    return REASONS.get(code, f"action_{code}")[:64] if isinstance(code, int) else "unknown"


def _pairs(told: Any) -> dict[str, str]:
    """Read what one dialect writes as an object and the other as a list of name and value."""
    if isinstance(told, list):
        told = {pair["name"]: pair["value"] for pair in told}
    return {str(name): str(value) for name, value in (told or {}).items()}


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("not a whole number")
    return value


def _rub(kopecks: Any) -> Decimal:
    """Read a sum: whole kopecks, exactly."""
    if not 0 <= _whole(kopecks) < 10**12:
        raise ValueError("not a sum")
    return from_kopecks(kopecks)


def _moment(milliseconds: Any) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=_whole(milliseconds))


def _method_title(card: Told) -> str:
    """Name the means of payment for people. Of a card its last four digits are kept and nothing else."""
    if "SBP" in str(card.get("paymentWay", "")):
        return "СБП"
    last4 = str(card.get("maskedPan") or "")[-4:]
    return f"Банковская карта •••• {last4}" if len(last4) == 4 and last4.isdecimal() else ""
