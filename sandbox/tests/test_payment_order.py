"""Shops for utilities say of every payment where the money goes."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.testing import RunningSandbox, running_sandbox
from sandbox.tests.shop import BANK, RECIPIENT, Shop, payment_order, payment_request


@pytest.fixture(scope="module")
def utilities() -> Iterator[RunningSandbox]:
    with running_sandbox(utilities=["100500"]) as running:
        yield running


def test_a_shop_for_utilities_has_to_send_one(utilities: RunningSandbox) -> None:
    shop = Shop(utilities)

    without, error = shop.post("/payments", payment_request())
    with_order, _ = shop.post("/payments", payment_request(payment_order=payment_order()))

    assert (without, error["parameter"]) == (400, "payment_order")
    assert with_order == 200


def test_another_shop_may(shop: Shop) -> None:
    assert shop.post("/payments", payment_request(payment_order=payment_order()))[0] == 200
    assert shop.post("/payments", payment_request())[0] == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"payment_purpose": "ы" * 210},
        {"payment_period": None},
        {"account_number": "7" * 30},
        {"account_number": None, "payment_document_number": "ПД-1"},
        {"account_number": None, "payment_document_id": "7" * 18},
        {"account_number": None, "unified_account_number": "60АА123456"},
        {"account_number": None, "service_id": "60АА123456-01"},
        {"kbk": "1" * 20, "oktmo": "12345678"},
        {"kbk": "0", "oktmo": "1" * 11},
    ],
)
def test_what_is_just_allowed_is_accepted(shop: Shop, fields: dict[str, Any]) -> None:
    status, _ = shop.post("/payments", payment_request(payment_order=payment_order(**fields)))

    assert status == 200


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"type": "taxes"}, "type"),
        ({"amount": {"value": "1234.55", "currency": "RUB"}}, "amount"),
        ({"amount": None}, "amount"),
        ({"payment_purpose": None}, "payment_purpose"),
        ({"payment_purpose": ""}, "payment_purpose"),
        ({"payment_purpose": "ы" * 211}, "payment_purpose"),
        ({"recipient": None}, "recipient"),
        ({"recipient": {**RECIPIENT, "name": ""}}, "recipient.name"),
        ({"recipient": {**RECIPIENT, "inn": "783801648"}}, "recipient.inn"),
        ({"recipient": {**RECIPIENT, "kpp": "7838010010"}}, "recipient.kpp"),
        ({"recipient": {**RECIPIENT, "bank": None}}, "recipient.bank"),
        ({"recipient": {**RECIPIENT, "bank": {**BANK, "name": "ы" * 46}}}, "recipient.bank.name"),
        ({"recipient": {**RECIPIENT, "bank": {**BANK, "bic": "04403085"}}}, "recipient.bank.bic"),
        ({"recipient": {**RECIPIENT, "bank": {**BANK, "account": "4070281090012000121"}}}, "recipient.bank.account"),
        (
            {"recipient": {**RECIPIENT, "bank": {**BANK, "correspondent_account": "٣" * 20}}},
            "recipient.bank.correspondent_account",
        ),
        ({"payment_period": {"month": 13, "year": 2026}}, "payment_period.month"),
        ({"payment_period": {"month": 1, "year": "2026"}}, "payment_period.year"),
        ({"account_number": None}, "account_number"),
        ({"account_number": "7" * 31}, "account_number"),
        ({"account_number": "---"}, "account_number"),
        ({"payment_document_id": "7" * 17}, "payment_document_id"),
        ({"unified_account_number": "60АА12345"}, "unified_account_number"),
        ({"service_id": "60АА123456-012"}, "service_id"),
        ({"kbk": "1"}, "kbk"),
        ({"oktmo": "123456789"}, "oktmo"),
    ],
)
def test_what_is_not_allowed_is_named(shop: Shop, fields: dict[str, Any], parameter: str) -> None:
    status, error = shop.post("/payments", payment_request(payment_order=payment_order(**fields)))

    assert (status, error["parameter"]) == (400, f"payment_order.{parameter}")
