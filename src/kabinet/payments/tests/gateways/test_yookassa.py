"""Our client of YooKassa, against the sandbox over HTTP."""

import contextlib
import datetime as dt
import threading
import time
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID, uuid4

import pytest

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments.gateways import Callback, Credentials, Order, yookassa
from kabinet.payments.gateways.yookassa import hosted_page_origins, payment_body
from kabinet.payments.gateways.yookassa.answers import read_payment
from sandbox.testing import SECRET_KEY, SHOP_ID, running_sandbox

PUBLIC_ID = UUID("0197c0de-0000-7000-8000-000000000042")


def open_shop(api_url: str, secret: str = SECRET_KEY) -> yookassa.YooKassa:
    return yookassa.YooKassa(Credentials(shop_id=SHOP_ID, secret=secret, api_url=api_url))


def read_callback(body: bytes) -> Callback:
    return yookassa.read_callback(method="POST", content_type="application/json", query="", body=body, callback_key="")


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox() as running:
        yield running


@pytest.fixture
def shop(sandbox):
    return open_shop(sandbox.api_url)


def body_of(amount_rub: str = "1234.56", public_id: UUID = PUBLIC_ID) -> str:
    return payment_body(
        Order(
            public_id=public_id,
            amount_rub=Decimal(amount_rub),
            description="Оплата по лицевому счёту 702062012",
            return_url=f"http://127.0.0.1:8000/payments/{public_id}/return/",
            customer_ref="u-17",
            metadata={"shares": "17.1=1234.56"},
        )
    )


def test_a_created_payment_is_open_and_has_an_address_to_pay_at(shop, sandbox):
    told = shop.create(body_of(), key=uuid4())

    assert (told.state, told.status) == ("open", "pending")
    assert (told.amount_rub, told.currency, told.shop_id, told.is_test) == (Decimal("1234.56"), "RUB", SHOP_ID, True)
    assert told.public_id == PUBLIC_ID
    assert told.confirmation_url.startswith(sandbox.page_url)


def test_the_same_key_and_bytes_again_are_the_same_payment(shop):
    key, body = uuid4(), body_of()

    assert shop.create(body, key=key).id == shop.create(body, key=key).id


def test_another_body_under_a_used_key_is_rejected(shop):
    key = uuid4()
    shop.create(body_of("100.00"), key=key)

    with pytest.raises(Rejected) as rejection:
        shop.create(body_of("200.00"), key=key)

    assert rejection.value.reason == "invalid_request"


def test_a_paid_payment_says_when_and_with_what(shop, sandbox):
    created = shop.create(body_of(), key=uuid4())
    sandbox.pay(created.id)

    told = shop.fetch(created.id)

    assert told.state == "paid"
    assert told.paid_at.tzinfo == dt.UTC
    assert told.method_title == "Банковская карта •••• 4444"


def test_a_declined_payment_says_why(shop, sandbox):
    created = shop.create(body_of(), key=uuid4())
    sandbox.decline(created.id, "insufficient_funds")

    told = shop.fetch(created.id)

    assert (told.state, told.failure_reason) == ("failed", "insufficient_funds")


def test_a_payment_is_found_by_our_id_among_more_than_a_page_of_others(shop):
    wanted = uuid4()
    created = shop.create(body_of(public_id=wanted), key=uuid4())
    for _ in range(101):
        shop.create(body_of(public_id=uuid4()), key=uuid4())
    now = dt.datetime.now(dt.UTC)
    hour = dt.timedelta(hours=1)

    assert shop.find(wanted, created_from=now - hour, created_until=now + hour).id == created.id
    assert shop.find(uuid4(), created_from=now - hour, created_until=now + hour) is None
    assert shop.find(wanted, created_from=now + hour, created_until=now + 2 * hour) is None


def test_a_payment_that_is_not_held_cannot_be_canceled(shop):
    created = shop.create(body_of(), key=uuid4())

    with pytest.raises(Rejected):
        shop.cancel(created.id, key=uuid4())


def test_a_wrong_key_of_a_shop_is_rejected(sandbox):
    with pytest.raises(Rejected) as rejection:
        open_shop(sandbox.api_url, secret="wrong").create(body_of(), key=uuid4())

    assert rejection.value.reason == "invalid_credentials"


def test_an_unknown_number_is_rejected(shop):
    with pytest.raises(Rejected) as rejection:
        shop.fetch("30c61a2b-000f-5001-9000-1c6d3f0a7b21")

    assert rejection.value.reason == "not_found"


@pytest.mark.parametrize(
    "fault",
    [{"action": "lose_answer"}, {"action": "status", "status": 500, "done": True}, {"action": "status", "status": 429}],
    ids=["answer lost", "500 after the work", "429"],
)
def test_after_an_unknown_answer_the_repeat_gives_the_one_payment(fault):
    key, body = uuid4(), body_of()
    with running_sandbox(rules=[{"match": {"method": "POST", "path": "/v3/payments"}, **fault}]) as sandbox:
        shop = open_shop(sandbox.api_url)

        with pytest.raises(Unavailable):
            shop.create(body, key=key)
        repeated = shop.create(body, key=key)

        assert [payment["id"] for payment in sandbox.get("/sandbox/payments")["payments"]] == [repeated.id]


ERROR = b'{"type":"error","code":"%s","description":"..."}'


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, ERROR % b"too_many_requests"),
        (500, ERROR % b"internal_server_error"),
        (502, b"<html>Bad gateway</html>"),
        (503, b""),
        (504, b""),
        (202, b'{"type":"processing","retry_after":1800}'),
        (302, b"{}"),
        (409, ERROR % b"conflict"),
        (200, b"<html>We are changing our face</html>"),
        (200, b'{"id":"30c61a2b","status":"pen'),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"amount":{"value":NaN}}'),
        (404, b"<html>A proxy knows no such page</html>"),
        (403, b"null"),
    ],
)
def test_an_answer_that_proves_nothing_is_unavailable(answering, status, body):
    with pytest.raises(Unavailable):
        answering(status, body).create(body_of(), key=uuid4())


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 415])
def test_an_error_of_the_gateway_itself_is_rejected(answering, status):
    with pytest.raises(Rejected) as rejection:
        answering(status, ERROR % b"some_code").create(body_of(), key=uuid4())

    assert rejection.value.reason == "some_code"


def test_a_gateway_that_is_not_there_is_unavailable():
    with pytest.raises(Unavailable):
        open_shop("http://127.0.0.1:9/v3").fetch("any")


def test_a_body_that_drips_ends_at_the_deadline(serving, monkeypatch):
    monkeypatch.setattr("kabinet.payments.gateways.wire.READ_TIMEOUT_S", 0.3)

    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(b" ")
                time.sleep(0.02)

    began = time.monotonic()
    with pytest.raises(Unavailable):
        serving(drip).fetch("any")
    assert time.monotonic() - began < 3


@pytest.fixture
def serving():
    """A gateway that does whatever a function of its request does."""
    with contextlib.ExitStack() as cleanup:

        def serve(answer):
            class Handler(BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"]))
                    answer(self)

                def do_GET(self):
                    answer(self)

                def log_message(self, *args):
                    pass

            server = cleanup.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            cleanup.callback(server.shutdown)
            return open_shop(f"http://127.0.0.1:{server.server_port}")

        yield serve


@pytest.fixture
def answering(serving):
    def answer_with(status, body):
        def answer(handler):
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        return serving(answer)

    return answer_with


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
    assert '"value":"9999999999.99"' in body_of("9999999999.99")


def test_a_notification_names_its_event_object_and_our_payment():
    call = read_callback(
        b'{"type":"notification","event":"payment.succeeded","object":{"id":"30c61a2b","status":"succeeded",'
        b'"metadata":{"payment_id":"0197c0de-0000-7000-8000-000000000042"}}}'
    )

    assert (call.event, call.object_id, call.public_id) == ("payment.succeeded", "30c61a2b", PUBLIC_ID)


def test_a_refund_is_no_call_about_a_payment():
    call = read_callback(b'{"event":"refund.succeeded","object":{"id":"r","metadata":{}}}')

    assert call.public_id is None


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b'{"event":"x"}', b'{"event":"x","object":[]}', b"\xff", b"[" * 60_000]
)
def test_a_body_that_is_no_notification_is_told_apart(body):
    with pytest.raises(ValueError, match="notification"):
        read_callback(body)


def test_a_form_may_end_at_the_hosted_page_of_the_gateway_that_is_set():
    assert "https://yoomoney.ru" in hosted_page_origins("https://api.yookassa.ru/v3")
    assert hosted_page_origins("http://127.0.0.1:8090/v3") == ("http://127.0.0.1:8090",)
