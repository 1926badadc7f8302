"""A shop of Sberbank's: a bare client of both dialects, and a bell for callbacks."""

import http.client
import itertools
import json
import threading
import urllib.parse
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox.testing import SECRET_KEY, SHOP_ID, RunningSandbox

RETURN_URL = "http://127.0.0.1:9/return?a=1"
FAIL_URL = "http://127.0.0.2:9/fail"

OLDER, NEWER = "older", "newer"

_numbers = (f"p-{number}" for number in itertools.count(1))


class Bank:
    """Calls operations in one dialect; a field that is None is not sent."""

    def __init__(
        self, sandbox: RunningSandbox, dialect: str, *, shop_id: str = SHOP_ID, secret_key: str = SECRET_KEY
    ) -> None:
        self.dialect = dialect
        self._base = urllib.parse.urlsplit(sandbox.sberbank_url if dialect == OLDER else sandbox.sberbank_ecom_url)
        self._credentials = {"userName": shop_id, "password": secret_key}

    def send(self, operation: str, body: bytes, content_type: str, *, verb: str = "POST") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._base.netloc, timeout=20)
        try:
            connection.request(verb, f"{self._base.path}/{operation}.do", body, {"Content-Type": content_type})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def call(self, operation: str, **fields: Any) -> dict[str, Any]:
        """The answer to an operation, which is always HTTP 200 with JSON."""
        given = {name: value for name, value in (self._credentials | fields).items() if value is not None}
        if self.dialect == OLDER:
            texts = {
                name: json.dumps(value) if isinstance(value, (dict, list)) else str(value)
                for name, value in given.items()
            }
            sent, content_type = urllib.parse.urlencode(texts).encode(), "application/x-www-form-urlencoded"
        else:
            sent, content_type = json.dumps(given).encode(), "application/json"
        status, body = self.send(operation, sent, content_type)
        assert status == 200, body
        return json.loads(body)

    def register(self, amount: int | None = 1234_56, *, operation: str = "register", **fields: Any) -> dict[str, Any]:
        """The answer to a registration, whatever it is, with a new number unless one is given."""
        usual = {"orderNumber": next(_numbers), "amount": amount, "currency": "643", "returnUrl": RETURN_URL}
        return self.call(operation, **usual | fields)

    def order(self, amount: int = 1234_56, **fields: Any) -> str:
        """The id of an order that must be registered."""
        answer = self.register(amount, **fields)
        assert answer.get("errorCode", "0") == "0", answer
        return answer["orderId"]

    def status(self, order_id: str) -> dict[str, Any]:
        answer = self.call("getOrderStatusExtended", orderId=order_id)
        assert answer["errorCode"] == "0", answer
        return answer

    def refund(self, order_id: str, amount: int, *, external_id: str | None = None) -> str:
        """The errorCode of a refund."""
        params = {"externalRefundId": external_id} if external_id else None
        return self.call("refund", orderId=order_id, amount=amount, jsonParams=params)["errorCode"]


@dataclass(frozen=True)
class Ring:
    """One callback as it came."""

    verb: str
    query: dict[str, str]
    body: Any


class Bell:
    """Listens for callbacks; answers the statuses that it is given, one after another, then 200."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []
        self.answers: list[int] = []
        bell = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query, keep_blank_values=True))
                bell.rings.append(Ring(self.command, query, json.loads(body) if body else None))
                self.send_response(bell.answers.pop(0) if bell.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = _answer  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks/secret"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
