"""Sberbank: answers as the bank's descriptions show them, its calls and their checksum, the cart of an order."""

import datetime as dt
import json
from decimal import Decimal
from urllib.parse import parse_qs, urlencode
from uuid import UUID, uuid4

import pytest

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments import rules
from kabinet.payments.gateways import BadSignature, Credentials, Order, ReceiptLine, ReceiptOrder, sberbank
from kabinet.payments.gateways.sberbank.answers import read_order, read_refunds
from kabinet.payments.gateways.sberbank.bodies import TAX_TYPES
from kabinet.payments.gateways.sberbank.callbacks import checksum
from kabinet.payments.gateways.sberbank.client import is_trial

PUBLIC_ID = UUID("0197c0de-0000-7000-8000-000000000042")
PAID = json.loads("""
{"errorCode": "0", "orderNumber": "p-1042", "orderStatus": 2, "actionCode": 0, "amount": 123456, "currency": "643",
 "date": 1795165701005, "depositedDate": 1795166201005,
 "attributes": {"mdOrder": "3ff6962a-7dcc-4283-ab50-a6d7dd3386fe"},
 "paymentAmountInfo": {"paymentState": "DEPOSITED", "approvedAmount": 123456, "depositedAmount": 123456,
  "refundedAmount": 0, "feeAmount": 0}}
""")
SESSION_BEGAN_AT = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=1795165701005)
CALL = {
    "amount": "123456",
    "mdOrder": "3ff6962a-7dcc-4283-ab50-a6d7dd3386fe",
    "operation": "deposited",
    "orderNumber": "p-1042",
    "status": "1",
}
CHECKSUM = "667F482BD5F41B0EA4B6A05060C07F9C481B82DDD33F9942B7C99D162F53B893"


def read(now: dt.datetime | None = None, **changed):
    return read_order(PAID | changed, is_test=False, now=now)


def ring(fields: dict, *, key: str = "test-key", method: str = "GET"):
    text = urlencode(fields)
    return sberbank.OLDER.read_callback(
        method=method,
        content_type="application/x-www-form-urlencoded",
        query=text if method == "GET" else "",
        body=b"" if method == "GET" else text.encode(),
        callback_key=key,
    )


def ring_newer(body: bytes, method: str = "POST"):
    return sberbank.NEWER.read_callback(
        method=method, content_type="application/json", query="", body=body, callback_key=""
    )


def order(**values) -> Order:
    defaults = {
        "public_id": PUBLIC_ID,
        "amount_rub": Decimal("1234.56"),
        "description": "Газ",
        "return_url": "https://lk.example.ru/payments/0197c0de/return",
        "customer_ref": "u-17",
    }
    return Order(**(defaults | values))


def test_a_paid_order_is_read_as_the_bank_writes_it():
    told = read()

    assert (told.id, told.state, told.status) == ("3ff6962a-7dcc-4283-ab50-a6d7dd3386fe", rules.PAID, "2")
    assert (told.amount_rub, told.currency, told.refunded_rub) == (Decimal("1234.56"), "RUB", Decimal("0.00"))
    assert told.paid_at == SESSION_BEGAN_AT + dt.timedelta(seconds=500)


def test_the_older_dialect_lists_its_attributes():
    attributes = [{"name": "mdOrder", "value": "3ff6962a"}]

    assert read(attributes=attributes).id == "3ff6962a"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0, rules.OPEN),
        (1, rules.HELD),
        (2, rules.PAID),
        (3, rules.FAILED),
        (4, rules.PAID),
        (5, rules.OPEN),
        (6, rules.OPEN),
        (7, rules.OPEN),
        (8, ""),
        (99, ""),
    ],
)
def test_each_status_is_a_state_of_ours(status, state):
    assert read(orderStatus=status).state == state


def test_paid_is_what_was_deposited_not_what_was_asked_for():
    sums = PAID["paymentAmountInfo"] | {"depositedAmount": 60000}

    assert read(paymentAmountInfo=sums).amount_rub == Decimal("600.00")


@pytest.mark.parametrize(
    ("after_s", "state"), [(0, rules.OPEN), (3599, rules.OPEN), (3600, rules.FAILED), (90_000, rules.FAILED)]
)
def test_a_declined_order_can_be_paid_until_its_session_is_over_by_the_banks_clock(after_s, state):
    now = SESSION_BEGAN_AT + dt.timedelta(seconds=after_s)

    told = read(now=now, orderStatus=6, actionCode=116)

    assert told.state == state
    assert told.failure_reason == ("insufficient_funds" if state == rules.FAILED else "")


def test_without_the_banks_clock_its_word_ends_the_session():
    assert read(orderStatus=6, actionCode=116).state == rules.OPEN
    assert read(orderStatus=6, actionCode=-2007).state == rules.FAILED


def test_a_reason_that_is_new_is_kept():
    assert read(orderStatus=6, actionCode=4242, merchantOrderParams=saved_card()).failure_reason == "action_4242"


def saved_card() -> list[dict]:
    return [{"name": "charged_by", "value": "saved_card"}]


def test_a_charge_without_a_person_has_no_page_to_try_again_at():
    assert read(orderStatus=6, actionCode=116, merchantOrderParams=saved_card()).state == rules.FAILED


def test_a_chargeback_is_told():
    assert read(cardAuthInfo={"chargeback": True}).is_charged_back
    assert not read(cardAuthInfo={"chargeback": False}).is_charged_back


@pytest.mark.parametrize(
    ("card", "title"),
    [
        ({"maskedPan": "555555**4444", "paymentWay": "CARD"}, "Банковская карта •••• 4444"),
        ({"paymentWay": "SBP_C2B"}, "СБП"),
        ({"maskedPan": "**"}, ""),
        ({}, ""),
    ],
)
def test_the_means_of_payment_is_named_for_people(card, title):
    assert read(cardAuthInfo=card).method_title == title


@pytest.mark.parametrize("kopecks", [1234.56, "123456", -1, None, True, 10**12, Decimal("1.5")])
def test_a_sum_that_is_no_whole_number_of_kopecks_is_not_read(kopecks):
    with pytest.raises(Unavailable):
        read(amount=kopecks, orderStatus=0)
    with pytest.raises(Unavailable):
        read(paymentAmountInfo={"depositedAmount": kopecks})


@pytest.mark.parametrize("missing", ["orderStatus", "amount", "currency", "attributes", "paymentAmountInfo"])
def test_an_order_without_what_must_be_there_is_not_read(missing):
    with pytest.raises(Unavailable):
        read_order({name: value for name, value in PAID.items() if name != missing}, is_test=False, now=None)


@pytest.mark.parametrize(
    "nonsense", [{"attributes": []}, {"attributes": [7]}, {"merchantOrderParams": "x"}, {"date": 10**30}]
)
def test_nonsense_crashes_nothing(nonsense):
    with pytest.raises(Unavailable):
        read(**nonsense)


def test_another_currency_is_told_as_it_is():
    assert read(currency="840").currency == "840"


def test_refunds_by_hand_are_told_apart_by_their_moment():
    told = read_refunds(
        {
            "refunds": [
                {"externalRefundId": str(PUBLIC_ID), "amount": 40000, "date": 1795166201005},
                {"amount": 100, "date": 1795166201005},
                {"amount": 100, "date": 1795166201006},
            ]
        },
        gateway_payment_id="3ff6962a",
    )

    assert [each.amount_rub for each in told] == [Decimal("400.00"), Decimal("1.00"), Decimal("1.00")]
    assert [each.public_id for each in told] == [PUBLIC_ID, None, None]
    assert len({each.id for each in told}) == 3


@pytest.mark.parametrize("told", [{"refunds": [{"amount": 1}]}, {"refunds": [{"date": 1}]}, {"refunds": 7}])
def test_refunds_that_cannot_be_read_prove_nothing(told):
    with pytest.raises(Unavailable):
        read_refunds(told, gateway_payment_id="3ff6962a")


def test_the_checksum_is_that_of_the_descriptions_vector():
    assert checksum(CALL, "test-key") == CHECKSUM


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_signed_call_names_its_order(method):
    call = ring(CALL | {"checksum": CHECKSUM, "sign_alias": "any"}, method=method)

    assert (call.event, call.object_id, call.public_id) == ("deposited", CALL["mdOrder"], None)


def test_a_call_names_our_payment_by_the_orders_number():
    assert ring(CALL | {"orderNumber": str(PUBLIC_ID)}, key="").public_id == PUBLIC_ID


def test_small_letters_of_a_checksum_are_letters_too():
    assert ring(CALL | {"checksum": CHECKSUM.lower()}).event == "deposited"


@pytest.mark.parametrize(
    "forged",
    [
        CALL,
        CALL | {"checksum": ""},
        CALL | {"checksum": "0" * 64},
        CALL | {"checksum": "ы" * 64},
        CALL | {"checksum": CHECKSUM, "amount": "1"},
        CALL | {"checksum": CHECKSUM, "operation": "declinedByTimeout"},
        CALL | {"checksum": CHECKSUM, "added": "later"},
    ],
)
def test_a_call_that_the_key_did_not_sign_is_forged(forged):
    with pytest.raises(BadSignature):
        ring(forged)


def test_without_a_key_a_call_is_a_doorbell_all_the_same():
    assert ring(CALL, key="").object_id == CALL["mdOrder"]


@pytest.mark.parametrize(
    "fields", [{}, {"mdOrder": "x"}, {"operation": "deposited"}, {"mdOrder": "", "operation": "deposited"}]
)
def test_what_names_no_order_is_no_call(fields):
    with pytest.raises(ValueError, match="not a call"):
        ring(fields, key="")


def test_a_parameter_that_stands_twice_is_no_call():
    with pytest.raises(ValueError, match="twice"):
        sberbank.OLDER.read_callback(
            method="GET", content_type="", query="mdOrder=a&mdOrder=b&operation=deposited", body=b"", callback_key=""
        )


def test_a_call_of_the_newer_dialect_is_json():
    body = json.dumps(CALL | {"status": 1, "additionalParams": {"amount": "123456"}}).encode()

    assert ring_newer(body).object_id == CALL["mdOrder"]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"\xff", b"[" * 60_000, b'{"mdOrder":7,"operation":"x"}'])
def test_a_body_that_is_no_call_of_the_newer_dialect_is_told_apart(body):
    with pytest.raises(ValueError):  # noqa: PT011 - json's own errors are among them
        ring_newer(body)


def test_the_newer_dialect_does_not_call_by_get():
    with pytest.raises(ValueError, match="not a call"):
        ring_newer(b"", method="GET")


def test_both_dialects_store_the_same_text_and_send_their_own():
    body = sberbank.OLDER.payment_body(order())
    fields = json.loads(body)["fields"]

    assert sberbank.NEWER.payment_body(order()) == body
    assert json.loads(sberbank.NEWER.write(fields)) == fields
    form = parse_qs(sberbank.OLDER.write(fields).decode())
    assert form["amount"] == ["123456"]
    assert json.loads(form["jsonParams"][0]) == {"payment_id": str(PUBLIC_ID)}


def test_a_number_of_an_order_is_our_id_and_fits():
    fields = json.loads(sberbank.OLDER.payment_body(order(description="Газ " * 50)))["fields"]

    assert (fields["orderNumber"], len(fields["orderNumber"])) == (str(PUBLIC_ID), 36)
    assert len(fields["description"]) == 99


@pytest.mark.parametrize(
    ("values", "call"),
    [
        ({}, "register"),
        ({"is_two_stage": True}, "registerPreAuth"),
        ({"is_two_stage": True, "method": "sbp"}, "register"),
        ({"saved_method": "b-1"}, "recurrentPayment"),
    ],
)
def test_the_stored_text_says_which_call_it_is(values, call):
    assert json.loads(sberbank.OLDER.payment_body(order(**values)))["call"] == call


def test_a_cheque_goes_as_the_cart_of_its_order_to_the_kopeck():
    receipt = ReceiptOrder(
        customer_email="ivanova@example.ru",
        lines=[
            ReceiptLine("Газ", Decimal("1000.00"), 11, "service", "full_payment"),
            ReceiptLine("Аванс", Decimal("234.56"), 12, "payment", "advance"),
        ],
    )

    bundle = json.loads(sberbank.OLDER.payment_body(order(receipt=receipt)))["fields"]["orderBundle"]

    items = bundle["cartItems"]["items"]
    assert bundle["customerDetails"] == {"email": "ivanova@example.ru"}
    assert [(item["positionId"], item["itemAmount"]) for item in items] == [("1", 100000), ("2", 23456)]
    assert [item["tax"]["taxType"] for item in items] == [TAX_TYPES[11], TAX_TYPES[12]]


def test_a_line_for_which_the_bank_has_no_code_is_not_sent():
    receipt = ReceiptOrder("a@example.ru", [ReceiptLine("Газ", Decimal("1234.56"), 11, "casino", "full_payment")])

    with pytest.raises(ValueError, match="casino"):
        sberbank.OLDER.payment_body(order(receipt=receipt))


def test_what_the_bank_does_not_offer_is_refused_in_words(sandbox_of_contract):
    shop = sberbank.Sberbank(
        Credentials(shop_id="100500", secret="test_sandbox", api_url=sandbox_of_contract.sberbank_url), sberbank.OLDER
    )
    now = dt.datetime.now(dt.UTC)

    for reason, ask in (
        ("no-list", lambda: shop.payments(captured_from=now, captured_until=now)),
        ("no-list", lambda: shop.refunds(created_from=now, created_until=now)),
        ("no-refund-objects", lambda: shop.fetch_refund("any")),
        ("no-receipts", lambda: shop.send_receipt("{}", key=uuid4())),
        ("no-receipts", lambda: sberbank.OLDER.receipt_body(ReceiptOrder("a@example.ru", []))),
    ):
        with pytest.raises(Rejected) as rejection:
            ask()
        assert rejection.value.reason == reason
    assert shop.receipts_of("any") == []


@pytest.mark.parametrize(
    ("api_url", "is_test"),
    [
        ("https://securepayments.sberbank.ru/payment/rest", False),
        ("https://ecommerce.sberbank.ru/ecomm/gw/partner/api/v1", False),
        ("https://3dsec.sberbank.ru/payment/rest", True),
        ("https://ecomtest.sberbank.ru/ecomm/gw/partner/api/v1", True),
        ("http://127.0.0.1:8090/payment/rest", True),
    ],
)
def test_money_under_a_trials_address_is_a_trials(api_url, is_test):
    assert is_trial(api_url) == is_test
