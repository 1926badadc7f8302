"""What YooKassa answers, as our dataclasses. A needed part that is missing or no exact sum makes it `Unavailable`.

Words that are new to us are kept as text and move nothing.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from kabinet.common.errors import Unavailable
from kabinet.common.money import ZERO
from kabinet.payments import rules
from kabinet.payments.gateways import RemotePayment, RemoteReceipt, RemoteRefund

STATES = {
    "pending": rules.OPEN,
    "waiting_for_capture": rules.HELD,
    "succeeded": rules.PAID,
    "canceled": rules.FAILED,
}
REFUND_STATES = {"pending": rules.REFUND_PENDING, "succeeded": rules.REFUND_DONE, "canceled": rules.REFUND_FAILED}
RECEIPT_STATES = {"pending": rules.RECEIPT_PENDING, "succeeded": rules.RECEIPT_DONE, "canceled": rules.RECEIPT_FAILED}
FISCAL_FIELDS = ("fiscal_document_number", "fiscal_storage_number", "fiscal_attribute", "fiscal_provider_id")

_VALUE = re.compile(r"\d{1,10}\.\d{2}", re.ASCII)
_PIECE = re.compile(r"(.+)\.([2-9]|1[0-6])", re.ASCII)

Told = dict[str, Any]
_T = TypeVar("_T")


def _strict(read: Callable[[Told], _T]) -> Callable[[Told], _T]:
    """Make an answer that lacks what must be there an answer that proves nothing."""

    @functools.wraps(read)
    def reader(told: Told) -> _T:
        try:
            return read(told)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise Unavailable(f"an answer that {read.__name__} cannot read: {type(error).__name__}") from error

    return reader


@_strict
def read_payment(told: Told) -> RemotePayment:
    """Read a payment."""
    status = str(told["status"])
    confirmation = told.get("confirmation") or {}
    method = told.get("payment_method") or {}
    canceled = told.get("cancellation_details") or {}
    return RemotePayment(
        id=str(told["id"]),
        state=STATES.get(status, ""),
        status=status[:64],
        amount_rub=_rub(told["amount"]),
        currency=str(told["amount"]["currency"]),
        shop_id=str((told.get("recipient") or {}).get("account_id", "")),
        is_test=bool(told.get("test")),
        public_id=our_id(told, "payment_id"),
        confirmation_url=str(confirmation.get("confirmation_url", "")),
        sbp_link=str(confirmation.get("confirmation_data", "")),
        failure_reason=str(canceled.get("reason", "unknown"))[:64] if status == "canceled" else "",
        method_title=_method_title(method),
        paid_at=_moment(told.get("captured_at")),
        expires_at=_moment(told.get("expires_at")),
        refunded_rub=_rub(told["refunded_amount"]) if told.get("refunded_amount") else ZERO,
        income_rub=_rub(told["income_amount"]) if told.get("income_amount") else None,
        receipt_state=RECEIPT_STATES.get(str(told.get("receipt_registration")), ""),
        saved_method=str(method["id"])[:64] if method.get("saved") is True else "",
        metadata=_metadata(told),
    )


@_strict
def read_refund(told: Told) -> RemoteRefund:
    """Read a refund."""
    status = str(told["status"])
    canceled = told.get("cancellation_details") or {}
    return RemoteRefund(
        id=str(told["id"]),
        gateway_payment_id=str(told["payment_id"]),
        state=REFUND_STATES.get(status, ""),
        status=status[:64],
        amount_rub=_rub(told["amount"]),
        currency=str(told["amount"]["currency"]),
        failure_reason=str(canceled.get("reason", "unknown"))[:64] if status == "canceled" else "",
        done_at=_moment(told.get("created_at")) if status == "succeeded" else None,
        receipt_state=RECEIPT_STATES.get(str(told.get("receipt_registration")), ""),
        public_id=our_id(told, "refund_id"),
    )


@_strict
def read_receipt(told: Told) -> RemoteReceipt:
    """Read a cheque."""
    return RemoteReceipt(
        id=str(told["id"]),
        state=RECEIPT_STATES.get(str(told["status"]), ""),
        is_of_refund=told.get("type") == "refund",
        fiscal={name: str(told[name])[:64] for name in FISCAL_FIELDS if told.get(name)},
        registered_at=_moment(told.get("registered_at")),
    )


def our_id(told: Told, name: str) -> UUID | None:
    """Give our id as it came back in the metadata; None for what is none of ours."""
    metadata = told.get("metadata")
    try:
        return UUID(metadata[name]) if isinstance(metadata, dict) else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _rub(amount: Told) -> Decimal:
    """Read a sum: two places exactly, in a string. NaN, 1e3 and 100.001 are none."""
    value = amount["value"]
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise ValueError("not a sum")
    return Decimal(value)


def _metadata(told: Told) -> dict[str, str]:
    """Give what we had sent along, its long values put together again."""
    metadata = told.get("metadata")
    if not isinstance(metadata, dict):
        return {}
    texts = {str(name): value for name, value in metadata.items() if isinstance(value, str)}
    whole = {name: value for name, value in texts.items() if not _is_piece(name, texts)}
    return {name: _whole(name, texts) for name in whole}


def _is_piece(name: str, texts: dict[str, str]) -> bool:
    match = _PIECE.fullmatch(name)
    return match is not None and match[1] in texts


def _whole(name: str, texts: dict[str, str]) -> str:
    parts = [texts[name]]
    while piece := texts.get(f"{name}.{len(parts) + 1}"):
        parts.append(piece)
    return "".join(parts)


def _method_title(method: Told) -> str:
    """Name the means of payment for people. Of a card its last four digits are kept and nothing else."""
    if method.get("type") == "sbp":
        return "СБП"
    if method.get("type") == "bank_card" and (last4 := str((method.get("card") or {}).get("last4", ""))):
        return f"Банковская карта •••• {last4[-4:]}"
    return str(method.get("title", ""))[:100]


def _moment(text: Any) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text).astimezone(dt.UTC)
