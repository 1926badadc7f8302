"""Our client of YooKassa beyond the contract that all gateways keep, over HTTP."""

import contextlib
import datetime as dt
import threading
import time
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID, uuid4

import pytest

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments import rules
from kabinet.payments.gateways import (
    Credentials,
    Order,
    ReceiptLine,
    ReceiptOrder,
    RefundOrder,
    yookassa,
)
from kabinet.payments.gateways.yookassa import payment_body
from sandbox.testing import SECRET_KEY, SHOP_ID, running_sandbox

PUBLIC_ID = UUID("0197c0de-0000-7000-8000-000000000042")


def open_shop(api_url: str, secret: str = SECRET_KEY) -> yookassa.YooKassa:
    return yookassa.YooKassa(Credentials(shop_id=SHOP_ID, secret=secret, api_url=api_url))


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox() as running:
        yield running


@pytest.fixture
def shop(sandbox):
    return open_shop(sandbox.api_url)


def body_of(amount_rub: str = "1234.56", public_id: UUID = PUBLIC_ID, receipt: ReceiptOrder | None = None) -> str:
    return payment_body(
        Order(
            public_id=public_id,
            amount_rub=Decimal(amount_rub),
            description="Оплата по лицевому счёту 702062012",
            return_url=f"http://127.0.0.1:8000/payments/{public_id}/return/",
            customer_ref="u-17",
            metadata={"shares": "17.1=1234.56"},
            receipt=receipt,
        )
    )


def test_another_body_under_a_used_key_is_rejected(shop):
    key = uuid4()
    shop.create(body_of("100.00"), key=key)

    with pytest.raises(Rejected) as rejection:
        shop.create(body_of("200.00"), key=key)

    assert rejection.value.reason == "invalid_request"


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


@pytest.mark.parametrize(
    "begins_with", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n", b""], ids=["head", "body", "nothing"]
)
def test_an_answer_that_drips_ends_at_the_deadline(serving, monkeypatch, begins_with):
    monkeypatch.setattr("kabinet.payments.gateways.wire.READ_TIMEOUT_S", 0.3)

    def drip(handler):
        with contextlib.suppress(OSError):
            handler.wfile.write(begins_with)
            while True:
                handler.wfile.write(b"H")
                time.sleep(0.02)

    began = time.monotonic()
    with pytest.raises(Unavailable, match="ReadTimeout"):
        serving(drip).fetch("any")
    assert time.monotonic() - began < 3


def test_an_answer_that_does_not_end_is_not_read_to_the_end(serving):
    def flood(handler):
        with contextlib.suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                handler.wfile.write(b" " * 65536)

    with pytest.raises(Unavailable, match="DecodingError"):
        serving(flood).fetch("any")


def test_the_next_exchange_has_a_deadline_of_its_own(shop):
    for _ in range(2):
        shop.check()


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


RECEIPT = ReceiptOrder(
    customer_email="ivanova@example.ru",
    lines=[ReceiptLine("Газ, л/с 702062012, октябрь 2026", Decimal("1234.56"), 11, "service", "full_payment")],
)


def test_a_cheque_goes_with_its_payment_is_refused_and_goes_again_alone(shop, sandbox):
    created = shop.create(body_of(receipt=RECEIPT), key=uuid4())
    sandbox.pay(created.id)
    assert shop.fetch(created.id).receipt_state == rules.RECEIPT_PENDING
    (first,) = shop.receipts_of(created.id)
    sandbox.cancel_receipt(first.id)
    assert shop.fetch(created.id).receipt_state == rules.RECEIPT_FAILED

    again = shop.send_receipt(yookassa.receipt_body(RECEIPT, gateway_payment_id=created.id), key=uuid4())
    sandbox.succeed_receipt(again.id)

    told = {receipt.id: receipt for receipt in shop.receipts_of(created.id)}
    assert (told[first.id].state, told[again.id].state) == (rules.RECEIPT_FAILED, rules.RECEIPT_DONE)
    assert told[again.id].fiscal["fiscal_document_number"]
    assert told[again.id].registered_at is not None


def test_a_refund_that_waits_is_fetched_to_its_end(shop, sandbox):
    created = shop.create(body_of(public_id=uuid4()), key=uuid4())
    sandbox.pay(created.id)
    sandbox.post("/sandbox/habits", {"refund": "pending"})
    try:
        refund = shop.refund(refund_of(created.id), key=uuid4())
    finally:
        sandbox.post("/sandbox/habits", {"refund": "succeeded"})
    assert (refund.state, refund.done_at) == (rules.REFUND_PENDING, None)

    sandbox.cancel_refund(refund.id, "insufficient_funds")

    told = shop.fetch_refund(refund.id)
    assert (told.state, told.failure_reason) == (rules.REFUND_FAILED, "insufficient_funds")


def test_all_refunds_of_a_day_are_listed(shop, sandbox):
    created = shop.create(body_of(public_id=uuid4()), key=uuid4())
    sandbox.pay(created.id)
    refund = shop.refund(refund_of(created.id), key=uuid4())
    now = dt.datetime.now(dt.UTC)
    hour = dt.timedelta(hours=1)

    assert refund.id in [each.id for each in shop.refunds(created_from=now - hour, created_until=now + hour)]
    assert shop.refunds(created_from=now + hour, created_until=now + 2 * hour) == []


def refund_of(payment_id: str) -> str:
    return yookassa.refund_body(
        RefundOrder(public_id=uuid4(), gateway_payment_id=payment_id, amount_rub=Decimal("1.00"), description="Возврат")
    )


def test_all_pages_of_what_was_captured_in_a_day_are_read():
    with running_sandbox() as own:
        shop = open_shop(own.api_url)
        ids = [shop.create(body_of(public_id=uuid4()), key=uuid4()).id for _ in range(101)]
        for payment_id in ids:
            own.pay(payment_id)
        waiting = shop.create(body_of(public_id=uuid4()), key=uuid4())
        now = dt.datetime.now(dt.UTC)
        hour = dt.timedelta(hours=1)

        listed = shop.payments(captured_from=now - hour, captured_until=now + hour)

        assert {told.id for told in listed} == set(ids)
        assert waiting.id not in ids
        assert listed[0].income_rub is not None
        assert shop.payments(captured_from=now + hour, captured_until=now + 2 * hour) == []


def test_a_list_that_goes_round_ends(answering):
    shop = answering(200, b'{"type":"list","items":[],"next_cursor":"again"}')

    with pytest.raises(Unavailable):
        shop.refunds_of("any")


@pytest.mark.parametrize("body", [b'{"items":7}', b'{"items":[7]}', b"{}"])
def test_a_list_that_is_none_proves_nothing(answering, body):
    with pytest.raises(Unavailable):
        answering(200, body).refunds_of("any")


def test_an_id_stays_one_part_of_the_path(shop):
    with pytest.raises(Rejected) as rejection:
        shop.fetch("../../sandbox/payments?x=/")

    assert rejection.value.reason == "not_found"
