"""YooKassa API v3: our own client of one shop. Source: the published specification; every rule is in docs/adr/0051.

The official SDK has no time-out, breaks on answers that are not JSON and keeps credentials in a class; here credentials
are values of an object, an answer has a deadline, and every answer that proves nothing is `Unavailable`.
"""

import datetime as dt
import functools
import json
import re
import time
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments.gateways import Callback, Order, RemotePayment

CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 10.0
LARGEST_ANSWER_BYTES = 4 * 1024 * 1024
PAGE_SIZE = 100

# Answers after which the thing was surely not done. 429 is "not done, come back later"; no other one proves anything.
REFUSED = frozenset({400, 401, 403, 404, 405, 410, 415})

STATES = {"pending": "open", "waiting_for_capture": "held", "succeeded": "paid", "canceled": "failed"}
EVENTS = frozenset({"payment.waiting_for_capture", "payment.succeeded", "payment.canceled"})

# Where the hosted page of the real service lives. A gateway under another address serves its page itself.
HOSTED_PAGES = {"api.yookassa.ru": ("https://yoomoney.ru", "https://yookassa.ru")}

_VALUE = re.compile(r"\d{1,10}\.\d{2}", re.ASCII)


def request_body(order: Order) -> str:
    """Write what `create` sends. It is stored with the intent, so that a repeat after a deploy sends the same bytes."""
    return json.dumps(
        {
            "amount": {"value": f"{order.amount_rub:.2f}", "currency": "RUB"},
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": order.return_url},
            "description": order.description[:128],
            "merchant_customer_id": order.customer_ref,
            "metadata": {"payment_id": str(order.public_id), **order.metadata},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def hosted_page_origins(api_url: str) -> tuple[str, ...]:
    """Tell where a form that starts a payment may end up: the page's Content-Security-Policy must name it."""
    address = urlsplit(api_url)
    return HOSTED_PAGES.get(address.hostname or "", (f"{address.scheme}://{address.netloc}",))


def read_callback(body: bytes) -> Callback:
    """Read what a notification names. Raises ValueError for a body that is no notification at all."""
    try:
        told = json.loads(body)
        subject = told["object"]
        return Callback(
            event=str(told["event"])[:64],
            object_id=str(subject["id"])[:64],
            public_id=_public_id(subject) if told["event"] in EVENTS else None,
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError("not a notification") from error


class YooKassa:
    """One shop: its own number, key and address, shared with nobody."""

    def __init__(self, *, shop_id: str, secret: str, api_url: str) -> None:
        self._auth = httpx.BasicAuth(shop_id, secret)
        self._api_url = api_url.rstrip("/")

    def create(self, body: str, *, key: UUID) -> RemotePayment:
        return read_payment(self._call("POST", "/payments", body=body, key=key))

    def fetch(self, gateway_payment_id: str) -> RemotePayment:
        return read_payment(self._call("GET", f"/payments/{gateway_payment_id}"))

    def cancel(self, gateway_payment_id: str, *, key: UUID) -> RemotePayment:
        return read_payment(self._call("POST", f"/payments/{gateway_payment_id}/cancel", body="{}", key=key))

    def find(self, public_id: UUID, *, created_from: dt.datetime, created_until: dt.datetime) -> RemotePayment | None:
        query = {"created_at.gte": _moment(created_from), "created_at.lt": _moment(created_until), "limit": PAGE_SIZE}
        while True:
            page = self._call("GET", "/payments", query=query)
            for item in page.get("items") or ():
                if _public_id(item) == public_id:
                    return read_payment(item)
            if not page.get("next_cursor"):
                return None
            query["cursor"] = page["next_cursor"]

    def _call(
        self, method: str, path: str, *, body: str | None = None, key: UUID | None = None, query: Any = None
    ) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if key is not None:
            headers["Idempotence-Key"] = str(key)
        try:
            status, answer = _exchange(
                method,
                self._api_url + path,
                auth=self._auth,
                headers=headers,
                content=None if body is None else body.encode(),
                params=query,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{method} {path}: {type(error).__name__}") from error
        try:
            told = json.loads(answer, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Unavailable(f"{method} {path}: answer {status} is not JSON") from error
        if not isinstance(told, dict):
            raise Unavailable(f"{method} {path}: answer {status} is not an object")
        if status == 200:
            return told
        if status in REFUSED and told.get("type") == "error":
            raise Rejected(str(told.get("code", status)), str(told.get("description", "")))
        raise Unavailable(f"{method} {path}: answer {status}")


def read_payment(told: dict[str, Any]) -> RemotePayment:
    """Read a payment as the gateway writes it. Raises Unavailable when a needed part is missing or no exact sum."""
    try:
        status = str(told["status"])
        value = told["amount"]["value"]
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise ValueError(f"{value!r} is not a sum")
        canceled = told.get("cancellation_details") or {}
        return RemotePayment(
            id=str(told["id"]),
            state=STATES.get(status, ""),
            status=status[:64],
            amount_rub=Decimal(value),
            currency=str(told["amount"]["currency"]),
            shop_id=str((told.get("recipient") or {}).get("account_id", "")),
            is_test=bool(told.get("test")),
            public_id=_public_id(told),
            confirmation_url=str((told.get("confirmation") or {}).get("confirmation_url", "")),
            failure_reason=str(canceled.get("reason", "unknown"))[:64] if status == "canceled" else "",
            method_title=_method_title(told.get("payment_method") or {}),
            paid_at=_read_moment(told.get("captured_at")),
            expires_at=_read_moment(told.get("expires_at")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable(f"an answer that is not a payment: {error}") from error


@functools.cache
def _http() -> httpx.Client:
    """Give the process's one pool of connections: without credentials, deaf to the machine's proxies and .netrc."""
    return httpx.Client(
        timeout=httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        limits=httpx.Limits(keepalive_expiry=2.0),
        follow_redirects=False,
        trust_env=False,
    )


def _exchange(method: str, url: str, **request: Any) -> tuple[int, bytes]:
    """Do one request within a deadline: httpx counts its time-out anew for every byte that drips in."""
    deadline = time.monotonic() + READ_TIMEOUT_S
    with _http().stream(method, url, **request) as response:
        answer = bytearray()
        for chunk in response.iter_bytes():
            answer += chunk
            if len(answer) > LARGEST_ANSWER_BYTES or time.monotonic() > deadline:
                raise httpx.ReadTimeout("the answer is too long")
        return response.status_code, bytes(answer)


def _method_title(method: dict[str, Any]) -> str:
    """Name the means of payment for people. Of a card its last four digits are kept and nothing else."""
    if method.get("type") == "sbp":
        return "СБП"
    if method.get("type") == "bank_card" and (last4 := str((method.get("card") or {}).get("last4", ""))):
        return f"Банковская карта •••• {last4[-4:]}"
    return str(method.get("title", ""))[:100]


def _public_id(told: dict[str, Any]) -> UUID | None:
    metadata = told.get("metadata")
    try:
        return UUID(metadata["payment_id"]) if isinstance(metadata, dict) else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _read_moment(text: Any) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")
