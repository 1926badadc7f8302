"""What YooKassa is sent, answers and calls us about: without a connection, by the specification's own examples."""

import datetime as dt
import json
import re
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.common.errors import Unavailable
from kabinet.common.month import Month
from kabinet.payments import rules
from kabinet.payments.gateways import (
    Callback,
    Order,
    ReceiptLine,
    ReceiptOrder,
    Recipient,
    UtilitiesOrder,
    yookassa,
)
from kabinet.payments.gateways.yookassa import hosted_page_origins, payment_body
from kabinet.payments.gateways.yookassa.answers import read_payment

PUBLIC_ID = UUID("0197c0de-0000-7000-8000-000000000042")


def read_callback(body: bytes) -> Callback:
    return yookassa.read_callback(method="POST", content_type="application/json", query="", body=body, callback_key="")


REMOTE = {
    "id": "30c61a2b",
    "status": "pending",
    "amount": {"value": "1.00", "currency": "RUB"},
    "recipient": {"account_id": "100500"},
    "test": True,
}


@pytest.mark.parametrize("value", ["NaN", "1e3", "100.001", "1.0", "-1.00", "", "１.00", 100, Decimal("1.00"), None])
def test_a_sum_that_is_not_exactly_two_places_in_a_string_is_not_read(value):
    with pytest.raises(Unavailable):
        read_payment(REMOTE | {"amount": {"value": value, "currency": "RUB"}})


@pytest.mark.parametrize("missing", ["id", "status", "amount"])
def test_an_object_without_what_must_be_there_is_not_read(missing):
    with pytest.raises(Unavailable):
        read_payment({name: value for name, value in REMOTE.items() if name != missing})


def test_a_word_that_is_new_is_kept_and_moves_nothing():
    told = read_payment(REMOTE | {"status": "thinking"})

    assert (told.state, told.status) == ("", "thinking")


@pytest.mark.parametrize(
    ("method", "title"),
    [
        ({"type": "bank_card", "title": "Bank card *4444", "card": {"last4": "4444"}}, "Банковская карта •••• 4444"),
        ({"type": "sbp", "sbp_operation_id": "1"}, "СБП"),
        ({"type": "sberbank", "title": "SberPay"}, "SberPay"),
        ({"type": "of tomorrow"}, ""),
        (None, ""),
    ],
)
def test_the_means_of_payment_is_named_for_people(method, title):
    assert read_payment(REMOTE | {"payment_method": method}).method_title == title


def test_a_reason_that_is_new_is_kept():
    told = read_payment(REMOTE | {"status": "canceled", "cancellation_details": {"reason": "bad_weather"}})

    assert (told.state, told.failure_reason) == ("failed", "bad_weather")


@pytest.mark.parametrize("metadata", [None, [], {}, {"payment_id": "p-1"}, {"payment_id": 7}])
def test_metadata_of_somebody_else_names_no_payment_of_ours(metadata):
    assert read_payment(REMOTE | {"metadata": metadata}).public_id is None


def test_the_largest_sum_keeps_every_kopeck():
    assert sent(amount_rub=Decimal("9999999999.99"))["amount"]["value"] == "9999999999.99"


def sent(**values) -> dict:
    return json.loads(
        payment_body(
            Order(
                **(
                    {
                        "public_id": PUBLIC_ID,
                        "amount_rub": Decimal("1234.56"),
                        "description": "Газ",
                        "return_url": "https://lk.example.ru/return",
                        "customer_ref": "u-17",
                    }
                    | values
                )
            )
        )
    )


UTILITIES = UtilitiesOrder(
    purpose="Оплата за газ, л/с 702062012, октябрь 2026",
    recipient=Recipient(
        name="ООО Пример",
        inn="7838016481",
        kpp="783801001",
        bank_name="Пример Банк",
        bic="044030853",
        account="40702810900120001210",
        correspondent_account="30101810300000000853",
    ),
    account_number="702062012",
    period=Month(2026, 10),
)


def test_an_order_of_a_utilities_shop_is_written_as_the_specification_shows_it():
    assert sent(utilities=UTILITIES)["payment_order"] == json.loads("""
        {"type": "utilities", "amount": {"value": "1234.56", "currency": "RUB"},
         "payment_purpose": "Оплата за газ, л/с 702062012, октябрь 2026",
         "recipient": {"name": "ООО Пример", "inn": "7838016481", "kpp": "783801001",
           "bank": {"name": "Пример Банк", "bic": "044030853", "account": "40702810900120001210",
             "correspondent_account": "30101810300000000853"}},
         "payment_period": {"month": 10, "year": 2026}, "account_number": "702062012"}
    """)


def test_texts_are_cut_to_the_limits_of_the_specification():
    order = replace(UTILITIES, purpose="П" * 211, recipient=replace(UTILITIES.recipient, bank_name="Б" * 46))

    body = sent(description="О" * 129, utilities=order)

    assert (len(body["description"]), len(body["payment_order"]["payment_purpose"])) == (128, 210)
    assert len(body["payment_order"]["recipient"]["bank"]["name"]) == 45


@pytest.mark.parametrize(("length", "pieces"), [(0, 1), (512, 1), (513, 2), (1025, 3)])
def test_a_long_value_of_metadata_goes_in_pieces_and_comes_back_whole(length, pieces):
    body = sent(metadata={"shares": "1" * length})

    assert len(body["metadata"]) == 1 + pieces
    assert all(len(value) <= 512 for value in body["metadata"].values())
    assert read_payment(REMOTE | {"metadata": body["metadata"]}).metadata["shares"] == "1" * length


@pytest.mark.parametrize("metadata", [{f"key{number}": "" for number in range(16)}, {"k" * 33: ""}, {"a": "1" * 8192}])
def test_metadata_beyond_the_limits_is_refused_before_it_is_stored(metadata):
    with pytest.raises(ValueError, match="metadata"):
        sent(metadata=metadata)


def test_the_fast_payment_system_is_asked_for_a_code_and_has_one_stage():
    body = sent(method="sbp", is_two_stage=True)

    assert (body["payment_method_data"], body["confirmation"], body["capture"]) == (
        {"type": "sbp"},
        {"type": "qr"},
        True,
    )


def test_a_charge_of_a_kept_means_asks_nobody():
    body = sent(saved_method="2a1b")

    assert body["payment_method_id"] == "2a1b"
    assert "confirmation" not in body


@pytest.mark.parametrize(("is_two_stage", "capture"), [(False, True), (True, False)])
def test_capture_is_always_said(is_two_stage, capture):
    assert sent(is_two_stage=is_two_stage)["capture"] is capture


RECEIPT = ReceiptOrder(
    customer_email="ivanova@example.ru",
    lines=[ReceiptLine("Газ, л/с 702062012, октябрь 2026", Decimal("1234.56"), 11, "service", "full_payment")],
)


def test_a_cheque_is_written_as_the_specification_shows_it():
    assert sent(receipt=RECEIPT)["receipt"] == json.loads("""
        {"customer": {"email": "ivanova@example.ru"},
         "items": [{"description": "Газ, л/с 702062012, октябрь 2026", "quantity": 1,
           "amount": {"value": "1234.56", "currency": "RUB"}, "vat_code": 11, "measure": "another",
           "payment_subject": "service", "payment_mode": "full_payment"}]}
    """)


PAID = json.loads("""
{"id": "30c61a2b-000f-5001-9000-1c6d3f0a7b21", "status": "succeeded", "paid": true, "test": true, "refundable": true,
 "amount": {"value": "1234.56", "currency": "RUB"}, "income_amount": {"value": "1191.35", "currency": "RUB"},
 "refunded_amount": {"value": "0.00", "currency": "RUB"}, "receipt_registration": "pending",
 "recipient": {"account_id": "100500", "gateway_id": "100700"},
 "created_at": "2026-11-20T09:15:07.123Z", "captured_at": "2026-11-20T09:16:41.005Z",
 "payment_method": {"type": "bank_card", "id": "30c61a2b-000f-5001-9000-1c6d3f0a7b21", "saved": false,
   "status": "inactive", "title": "Bank card *4444",
   "card": {"first6": "555555", "last4": "4444", "expiry_month": "12", "expiry_year": "2030",
     "card_type": "MasterCard"}},
 "authorization_details": {"rrn": "603668680243", "auth_code": "062467", "three_d_secure": {"applied": true}},
 "metadata": {"payment_id": "0197c0de-0000-7000-8000-000000000042", "shares": "17=1234.56"}}
""")


def test_a_paid_payment_is_read_as_the_specification_shows_it():
    told = read_payment(PAID)

    assert (told.state, told.amount_rub, told.income_rub) == (rules.PAID, Decimal("1234.56"), Decimal("1191.35"))
    assert (told.refunded_rub, told.receipt_state) == (Decimal("0.00"), rules.RECEIPT_PENDING)
    assert told.paid_at == dt.datetime(2026, 11, 20, 9, 16, 41, 5000, tzinfo=dt.UTC)
    assert (told.shop_id, told.public_id, told.saved_method) == ("100500", PUBLIC_ID, "")
    assert told.metadata["shares"] == "17=1234.56"


def test_of_a_card_nothing_but_its_last_digits_is_kept():
    assert not {"555555", "603668680243", "2030"} & set(re.findall(r"\d+", str(read_payment(PAID).method_title)))
    assert "555555" not in repr(read_payment(PAID))


def test_a_kept_means_is_named():
    told = read_payment(PAID | {"payment_method": PAID["payment_method"] | {"saved": True}})

    assert told.saved_method == "30c61a2b-000f-5001-9000-1c6d3f0a7b21"


@pytest.mark.parametrize("word", ["succeeded", "canceled", "of tomorrow", None])
def test_a_word_about_a_cheque_that_is_new_is_no_state(word):
    states = {"succeeded": rules.RECEIPT_DONE, "canceled": rules.RECEIPT_FAILED}

    assert read_payment(PAID | {"receipt_registration": word}).receipt_state == states.get(word, "")


def test_a_notification_names_its_event_object_and_our_payment():
    call = read_callback(
        b'{"type":"notification","event":"payment.succeeded","object":{"id":"30c61a2b","status":"succeeded",'
        b'"metadata":{"payment_id":"0197c0de-0000-7000-8000-000000000042"}}}'
    )

    assert (call.event, call.object_id, call.public_id) == ("payment.succeeded", "30c61a2b", PUBLIC_ID)


def test_a_call_about_a_refund_names_its_payment():
    call = read_callback(b'{"event":"refund.succeeded","object":{"id":"r","payment_id":"30c61a2b","metadata":{}}}')

    assert (call.object_id, call.payment_object_id, call.public_id) == ("r", "30c61a2b", None)


def test_a_call_about_a_kept_means_names_it():
    call = read_callback(b'{"event":"payment_method.active","object":{"id":"30c61a2b","payment_id":7}}')

    assert (call.event, call.object_id, call.payment_object_id) == ("payment_method.active", "30c61a2b", "")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b'{"event":"x"}', b'{"event":"x","object":[]}', b"\xff", b"[" * 60_000]
)
def test_a_body_that_is_no_notification_is_told_apart(body):
    with pytest.raises(ValueError, match="notification"):
        read_callback(body)


def test_a_form_may_end_at_the_hosted_page_of_the_gateway_that_is_set():
    assert "https://yoomoney.ru" in hosted_page_origins("https://api.yookassa.ru/v3")
    assert hosted_page_origins("http://127.0.0.1:8090/v3") == ("http://127.0.0.1:8090",)
