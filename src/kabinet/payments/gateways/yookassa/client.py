"""A client of one shop at YooKassa."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments.gateways import Credentials, RemotePayment, RemoteReceipt, RemoteRefund, wire
from kabinet.payments.gateways.yookassa import answers, bodies

PAGE_SIZE = 100

# Answers after which the thing was surely not done. 429 is "not done, come back later"; no other one proves anything.
REFUSED = frozenset({400, 401, 403, 404, 405, 410, 415})


class YooKassa:
    """One shop: its own number, key and address, shared with nobody."""

    def __init__(self, credentials: Credentials) -> None:
        self._auth = httpx.BasicAuth(credentials.shop_id, credentials.secret)
        self._api_url = credentials.api_url.rstrip("/")
        self._ca_file = credentials.ca_file

    def create(self, body: str, *, key: UUID) -> RemotePayment:
        return answers.read_payment(self._post("/payments", body, key=key))

    def fetch(self, gateway_payment_id: str) -> RemotePayment:
        return answers.read_payment(self._get(f"/payments/{_id(gateway_payment_id)}"))

    def find(self, public_id: UUID, *, created_from: dt.datetime, created_until: dt.datetime) -> RemotePayment | None:
        for told in self._list("/payments", _between("created_at", created_from, created_until)):
            if answers.our_id(told, "payment_id") == public_id:
                return answers.read_payment(told)
        return None

    def payments(self, *, captured_from: dt.datetime, captured_until: dt.datetime) -> list[RemotePayment]:
        query = {"status": "succeeded", **_between("captured_at", captured_from, captured_until)}
        return [answers.read_payment(told) for told in self._list("/payments", query)]

    def capture(self, gateway_payment_id: str, *, amount_rub: Decimal, key: UUID) -> RemotePayment:
        path = f"/payments/{_id(gateway_payment_id)}/capture"
        return answers.read_payment(self._post(path, bodies.capture_body(amount_rub), key=key))

    def cancel(self, gateway_payment_id: str, *, key: UUID) -> RemotePayment:
        return answers.read_payment(self._post(f"/payments/{_id(gateway_payment_id)}/cancel", "{}", key=key))

    def refund(self, body: str, *, key: UUID) -> RemoteRefund:
        return answers.read_refund(self._post("/refunds", body, key=key))

    def fetch_refund(self, gateway_refund_id: str) -> RemoteRefund:
        return answers.read_refund(self._get(f"/refunds/{_id(gateway_refund_id)}"))

    def refunds_of(self, gateway_payment_id: str) -> list[RemoteRefund]:
        return [answers.read_refund(told) for told in self._list("/refunds", {"payment_id": gateway_payment_id})]

    def refunds(self, *, created_from: dt.datetime, created_until: dt.datetime) -> list[RemoteRefund]:
        query = _between("created_at", created_from, created_until)
        return [answers.read_refund(told) for told in self._list("/refunds", query)]

    def send_receipt(self, body: str, *, key: UUID) -> RemoteReceipt:
        return answers.read_receipt(self._post("/receipts", body, key=key))

    def receipts_of(self, gateway_payment_id: str) -> list[RemoteReceipt]:
        return [answers.read_receipt(told) for told in self._list("/receipts", {"payment_id": gateway_payment_id})]

    def check(self) -> None:
        self._get("/me")

    def _get(self, path: str, query: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._call("GET", path, params=query)

    def _post(self, path: str, body: str, *, key: UUID) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Idempotence-Key": str(key)}
        return self._call("POST", path, headers=headers, content=body.encode())

    def _list(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Give the objects of all pages of a list. A cursor that comes again would never end: that proves nothing."""
        cursors: set[str] = set()
        asked = query | {"limit": PAGE_SIZE}
        while True:
            page = self._get(path, asked)
            items = page.get("items")
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise Unavailable(f"GET {path}: not a list")
            yield from items
            cursor = page.get("next_cursor")
            if not cursor:
                return
            if str(cursor) in cursors:
                raise Unavailable(f"GET {path}: the list goes round")
            cursors.add(str(cursor))
            asked["cursor"] = str(cursor)

    def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        answer = wire.exchange(method, self._api_url + path, ca_file=self._ca_file, auth=self._auth, **request)
        told = answer.read_object()
        if answer.status == 200:
            return told
        if answer.status in REFUSED and told.get("type") == "error":
            raise Rejected(str(told.get("code", answer.status))[:64], str(told.get("description", ""))[:200])
        raise Unavailable(f"{method} {path}: answer {answer.status}")


def _id(given: str) -> str:
    """Write an id as a part of a path; whatever it holds, it stays one part."""
    return quote(given, safe="")


def _between(field: str, from_: dt.datetime, until: dt.datetime) -> dict[str, str]:
    return {f"{field}.gte": _moment(from_), f"{field}.lt": _moment(until)}


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
