"""The sandbox gateway inside the process of a test: its code and its protocol whole, its network left out."""

import json
from email.message import Message
from pathlib import Path
from typing import Any

import httpx

from sandbox.admin import Admin
from sandbox.chance import Chance
from sandbox.faults import Faults
from sandbox.gateway import Gateway, Shop
from sandbox.http_server import Delivery, Request, Response
from sandbox.notifications import Courier
from sandbox.store import Store
from sandbox.yookassa import announcements
from sandbox.yookassa.api import Api

SHOP_ID, SECRET = "100500", "test_sandbox"


class SandboxInside:
    """The sandbox gateway without a network: httpx hands its requests over, the admin side is called by name."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._store = Store(folder / f"sandbox-{seed}.sqlite3")
        self.gateway = Gateway(
            self._store,
            shops=[Shop(id=SHOP_ID, secret_key=SECRET, name="ООО «Пример»")],
            public_url="http://sandbox",
            announcers={"yookassa": announcements.announce},
            seed=seed,
        )
        self._faults = Faults([], Chance(seed))
        self._admin = Admin(self.gateway, Courier(self.gateway), self._faults)
        self._answer = self._faults.wrap(Api(self.gateway).answer)

    def close(self) -> None:
        self._store.close()

    def carry(self, request: httpx.Request) -> httpx.Response:
        """Answer as the network would, in the place of httpx's own transport."""
        response = self._answer(_request(request.method, request.url, dict(request.headers), request.read()))
        if response.delivery is Delivery.HALF:
            return httpx.Response(response.status, content=response.body[: len(response.body) // 2])
        if response.delivery is not Delivery.WHOLE:
            raise httpx.RemoteProtocolError("cut", request=request)
        return httpx.Response(response.status, content=response.body)

    def tell(self, path: str, given: dict[str, Any] | None = None, *, method: str = "") -> dict[str, Any]:
        """Call the admin side; what it refuses comes back as `error`."""
        body = b"" if given is None else json.dumps(given).encode()
        method = method or ("GET" if given is None else "POST")
        answer: Response = self._admin.answer(_request(method, httpx.URL(f"http://sandbox/sandbox/{path}"), {}, body))
        told: dict[str, Any] = json.loads(answer.body or b"{}")
        return told


def _request(method: str, url: httpx.URL, headers: dict[str, str], body: bytes) -> Request:
    message = Message()
    for name, value in headers.items():
        message[name] = value
    return Request(method=method, path=url.path, query=dict(url.params), headers=message, body=body)
