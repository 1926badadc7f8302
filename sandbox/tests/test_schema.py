"""The judge of every answer judges: it lets the recorded examples pass and stops what is wrong with them."""

from typing import Any

import pytest

from sandbox.tests.schema import wrong_in_answer, wrong_in_notification

CREATED: dict[str, Any] = {
    "id": "30c61a2b-000f-5001-9000-1c6d3f0a7b21",
    "status": "pending",
    "paid": False,
    "test": True,
    "refundable": False,
    "amount": {"value": "1234.56", "currency": "RUB"},
    "description": "Газ, л/с 702062012, октябрь 2026",
    "recipient": {"account_id": "100500", "gateway_id": "100700"},
    "created_at": "2026-11-20T09:15:07.123Z",
    "confirmation": {
        "type": "redirect",
        "confirmation_url": "https://yoomoney.ru/checkout/payments/v2/contract?orderId=30c61a2b",
        "return_url": "https://lk.example.ru/payments/0197c0de/return",
    },
    "metadata": {"payment_id": "0197c0de-0000-7000-8000-000000000042", "shares": "17=1234.56"},
}
PAID: dict[str, Any] = {
    **{name: value for name, value in CREATED.items() if name != "confirmation"},
    "status": "succeeded",
    "paid": True,
    "refundable": True,
    "income_amount": {"value": "1191.35", "currency": "RUB"},
    "refunded_amount": {"value": "0.00", "currency": "RUB"},
    "receipt_registration": "pending",
    "captured_at": "2026-11-20T09:16:41.005Z",
    "payment_method": {
        "type": "bank_card",
        "id": "30c61a2b-000f-5001-9000-1c6d3f0a7b21",
        "saved": False,
        "status": "inactive",
        "title": "Bank card *4444",
        "card": {
            "first6": "555555",
            "last4": "4444",
            "expiry_month": "12",
            "expiry_year": "2030",
            "card_type": "MasterCard",
        },
    },
    "authorization_details": {
        "rrn": "603668680243",
        "auth_code": "062467",
        "three_d_secure": {"applied": True},
    },
}
REFUSED = {
    "type": "error",
    "id": "ab5a11cd-13cc-4e33-af8b-75a74e18dd09",
    "code": "invalid_request",
    "description": "Idempotence key duplicated",
    "parameter": "Idempotence-Key",
}


def test_the_recorded_examples_pass() -> None:
    assert wrong_in_answer("/payments", 200, CREATED) == []
    assert wrong_in_answer(f"/payments/{PAID['id']}", 200, PAID) == []
    assert wrong_in_answer("/payments", 400, REFUSED) == []
    assert wrong_in_answer("/payments?limit=1", 200, {"type": "list", "items": [PAID], "next_cursor": PAID["id"]}) == []
    assert wrong_in_notification({"type": "notification", "event": "payment.succeeded", "object": PAID}) == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"amount": {"value": "1234.5", "currency": "RUB"}}, "payments.amount.value is '1234.5'"),
        ({"amount": {"value": 1234.56, "currency": "RUB"}}, "payments.amount.value is 1234.56"),
        ({"created_at": "2026-11-20T12:16:41+03:00"}, "payments.created_at is '2026-11-20T12:16:41+03:00'"),
        ({"metadata": None}, "payments.metadata is None"),
        ({"error": None}, "payments.error is not specified"),
        ({"status": "paid"}, "payments.status is 'paid'"),
        ({"paid": False}, "payments.paid of one that is succeeded"),
        ({"confirmation": CREATED["confirmation"]}, "payments.confirmation of one that is succeeded"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], wrong: str) -> None:
    assert wrong in wrong_in_answer("/payments", 200, PAID | changes)


def test_what_is_missing_is_named() -> None:
    without = {name: value for name, value in PAID.items() if name != "recipient"}

    assert wrong_in_answer("/payments", 200, without) == ["payments.recipient is missing"]


def test_an_event_that_does_not_exist_is_named() -> None:
    message = {"type": "notification", "event": "payment.pending", "object": CREATED}

    assert wrong_in_notification(message) == ["event 'payment.pending'"]
