"""A shop as the sandbox sees it: a bare client that hides nothing, and an ear for notifications."""

import base64
import http.client
import itertools
import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox.testing import SECRET_KEY, SHOP_ID, RunningSandbox
from sandbox.tests.schema import wrong_in_answer, wrong_in_notification

RETURN_URL = "http://127.0.0.1:9/return"

_keys = (f"key-{number}" for number in itertools.count(1))


def payment_request(value: str = "1234.56", **others: Any) -> dict[str, Any]:
    return {
        "amount": {"value": value, "currency": "RUB"},
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": RETURN_URL},
        **others,
    }


def receipt(*items: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"customer": {"email": "ivanova@example.ru"}, "items": list(items), **others}


def receipt_item(value: str, **others: Any) -> dict[str, Any]:
    return {
        "description": "Газ",
        "quantity": 1,
        "amount": {"value": value, "currency": "RUB"},
        "vat_code": 11,
        **others,
    }


BANK = {
    "name": "Пример Банк",
    "bic": "044030853",
    "account": "40702810900120001210",
    "correspondent_account": "30101810300000000853",
}
RECIPIENT = {"name": "ООО Пример", "inn": "7838016481", "kpp": "783801001", "bank": BANK}


def payment_order(**others: Any) -> dict[str, Any]:
    order = {
        "type": "utilities",
        "amount": {"value": "1234.56", "currency": "RUB"},
        "payment_purpose": "Оплата за газ, л/с 702062012, октябрь 2026",
        "recipient": RECIPIENT,
        "payment_period": {"month": 10, "year": 2026},
        "account_number": "702062012",
        **others,
    }
    return {name: value for name, value in order.items() if value is not None}


class Shop:
    """Calls the API with http.client, so that a test says every header and byte that matters."""

    def __init__(
        self,
        sandbox: RunningSandbox,
        *,
        shop_id: str = SHOP_ID,
        secret_key: str = SECRET_KEY,
        is_lied_to: bool = False,
    ) -> None:
        """is_lied_to  answers are not what they should be, and that is the test"""
        self._is_lied_to = is_lied_to
        self._base = urllib.parse.urlsplit(sandbox.api_url)
        self._authorization = "Basic " + base64.b64encode(f"{shop_id}:{secret_key}".encode()).decode()

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Give status and JSON; `body` is sent as it is when it is bytes. Raises when the connection is cut.

        Every answer is judged by the published shapes.
        """
        status, body_answered = self.raw(method, path, body, key=key, headers=headers)
        answer = json.loads(body_answered)
        if not self._is_lied_to:
            assert wrong_in_answer(path, status, answer) == []
        return status, answer

    def raw(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = 20,
    ) -> tuple[int, bytes]:
        """Give status and body, whatever that is. Raises when the connection is cut or the whole takes too long."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"Authorization": self._authorization, "Content-Type": "application/json", **(headers or {})}
        if key is not None:
            given["Idempotence-Key"] = key
        connection = http.client.HTTPConnection(self._base.netloc, timeout=timeout_s)
        give_up_at = time.monotonic() + timeout_s
        try:
            connection.request(method, self._base.path + path, sent, given)
            response = connection.getresponse()
            received = b""
            while piece := response.read1(4096):
                received += piece
                if time.monotonic() > give_up_at:
                    raise TimeoutError
            if response.length:
                raise http.client.IncompleteRead(received, response.length)
            return response.status, received
        finally:
            connection.close()

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        """Post with a key of its own unless one is given."""
        return self.call("POST", path, body, key=key or next(_keys))

    def create(self, value: str = "1234.56", **others: Any) -> dict[str, Any]:
        """Open a payment that must succeed to open."""
        status, payment = self.post("/payments", payment_request(value, **others))
        assert status == 200, payment
        return payment

    def fetch(self, payment_id: str) -> dict[str, Any]:
        status, payment = self.call("GET", f"/payments/{payment_id}")
        assert status == 200, payment
        return payment


class Ear:
    """Listens for notifications; answers the statuses that it is given, one after another, then 200.

    What it hears is judged by the published shapes when it is closed.
    """

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.wrong: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = []
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                ear.headers.append(dict(self.headers))
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                ear.wrong += wrong_in_notification(message)
                ear.heard.append(message)
                self.send_response(ear.answers.pop(0) if ear.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            request_queue_size = 256

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        assert self.wrong == []
