"""The calls of API v3: who asks, whether it was asked before, what is answered."""

import base64
import binascii
import hashlib
import hmac
import itertools
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from sandbox import payments
from sandbox.gateway import Gateway, Session, Shop
from sandbox.http_server import Request, Response, Routes
from sandbox.moments import DAY
from sandbox.yookassa import requests
from sandbox.yookassa.errors import ApiError, invalid, not_found
from sandbox.yookassa.objects import payment_object

PREFIX = "/v3"

_KEY = re.compile(r"[0-9a-zA-Z+\-_.]{1,64}")
_KEY_LIVES = DAY

Work = Callable[[Session, dict[str, Any]], dict[str, Any]]


class Api:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._error_numbers = itertools.count(1)
        self._routes = Routes()
        self._routes.add("POST", f"{PREFIX}/payments", self._create)
        self._routes.add("GET", f"{PREFIX}/payments", self._list)
        self._routes.add("GET", f"{PREFIX}/payments/{{payment_id}}", self._fetch)
        self._routes.add("POST", f"{PREFIX}/payments/{{payment_id}}/capture", self._capture)
        self._routes.add("POST", f"{PREFIX}/payments/{{payment_id}}/cancel", self._cancel)
        self._routes.add("GET", f"{PREFIX}/me", self._me)

    def answer(self, request: Request) -> Response:
        """Answer a call under `PREFIX`."""
        try:
            shop = self._authenticate(request)
            found = self._routes.find(request)
            if found is None:
                if self._routes.knows_path(request):
                    raise ApiError(405, "method_not_allowed", "Method is not allowed")
                raise not_found("path", "There is no such call")
            view, arguments = found
            return view(request, shop, **arguments)
        except ApiError as error:
            return self._refusal(error)

    def _create(self, request: Request, shop: Shop) -> Response:
        def create(session: Session, given: dict[str, Any]) -> dict[str, Any]:
            asked = requests.read_new_payment(given)
            payment = payments.create(
                session,
                shop.id,
                amount_kopecks=asked.amount_kopecks,
                is_two_stage=asked.is_two_stage,
                method=asked.method,
                request=asked.request,
            )
            return self._shown(session, payment)

        return self._once(request, shop, create)

    def _capture(self, request: Request, shop: Shop, payment_id: str) -> Response:
        def capture(session: Session, given: dict[str, Any]) -> dict[str, Any]:
            payment = _find(session, shop, payment_id)
            amount_kopecks = requests.read_capture(given) or payment.amount_kopecks
            try:
                return self._shown(session, payments.capture(session, payment, amount_kopecks))
            except payments.WrongState:
                raise invalid("payment_id", "Payment is not waiting for capture") from None
            except payments.TooMuch:
                raise invalid("amount.value", "Value is above the sum that is held") from None

        return self._once(request, shop, capture)

    def _cancel(self, request: Request, shop: Shop, payment_id: str) -> Response:
        def cancel(session: Session, given: dict[str, Any]) -> dict[str, Any]:
            payment = _find(session, shop, payment_id)
            try:
                return self._shown(session, payments.release(session, payment))
            except payments.WrongState:
                raise invalid("payment_id", "Payment is not waiting for capture") from None

        return self._once(request, shop, cancel)

    def _fetch(self, request: Request, shop: Shop, payment_id: str) -> Response:
        with self._gateway.session() as session:
            return _json(self._shown(session, _find(session, shop, payment_id)))

    def _list(self, request: Request, shop: Shop) -> Response:
        asked = requests.read_listing(request.query)
        conditions, values = ["shop_id = ?", *asked.conditions], [shop.id, *asked.values]
        with self._gateway.session() as session:
            if asked.cursor is not None:
                try:
                    last = payments.find(session, asked.cursor, shop_id=shop.id)
                except payments.NotFound:
                    raise invalid("cursor", "Cursor is not known") from None
                conditions.append("(created_at, number) < (?, ?)")
                values += [last.created_at, last.number]
            rows = session.db.execute(
                f"SELECT * FROM payments WHERE {' AND '.join(conditions)}"  # noqa: S608 - the conditions are our own words
                " ORDER BY created_at DESC, number DESC LIMIT ?",
                [*values, asked.limit + 1],
            ).fetchall()
            items = [self._shown(session, payments.from_row(row)) for row in rows[: asked.limit]]
        page: dict[str, Any] = {"type": "list", "items": items}
        if len(rows) > asked.limit:
            page["next_cursor"] = items[-1]["id"]
        return _json(page)

    def _me(self, request: Request, shop: Shop) -> Response:
        return _json(
            {
                "account_id": shop.id,
                "status": "enabled",
                "test": True,
                "name": shop.name,
                "payment_methods": list(payments.MOST_KOPECKS),
                "fiscalization_enabled": True,
            }
        )

    def _once(self, request: Request, shop: Shop, work: Work) -> Response:
        """Do the work once per key: for a day, the same key with the same request gives the first answer again.

        The key is looked up, the work done and the answer kept in one transaction, so the second of two that come at
        once waits for the first.
        """
        key = request.headers.get("Idempotence-Key")
        if not key:
            raise invalid("Idempotence-Key", "Idempotence key is missing")
        if not _KEY.fullmatch(key):
            raise invalid("Idempotence-Key", "Idempotence key is malformed")
        if request.body and request.headers.get_content_type() != "application/json":
            raise ApiError(415, "unsupported_media_type", "Content type must be application/json")
        fingerprint = hashlib.sha256(
            b"\n".join([request.method.encode(), request.path.encode(), request.body])
        ).hexdigest()

        with self._gateway.session() as session:
            earlier = session.db.execute(
                "SELECT * FROM idempotence_keys WHERE shop_id = ? AND key = ? AND answered_at > ?",
                (shop.id, key, session.now - _KEY_LIVES),
            ).fetchone()
            if earlier:
                if earlier["fingerprint"] != fingerprint:
                    raise invalid("Idempotence-Key", "Idempotence key duplicated")
                return Response(earlier["body"], status=earlier["status"])

            try:
                response = _json(work(session, requests.read_json(request.body)))
            except ApiError as error:
                response = self._refusal(error)
            session.db.execute(
                "INSERT OR REPLACE INTO idempotence_keys VALUES (?, ?, ?, ?, ?, ?)",
                (shop.id, key, fingerprint, response.status, response.body, session.now),
            )
            return response

    def _authenticate(self, request: Request) -> Shop:
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        try:
            shop_id, _, secret_key = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            shop_id = secret_key = ""
        shop = self._gateway.shops.get(shop_id)
        if (
            shop is None
            or scheme.lower() != "basic"
            or not hmac.compare_digest(secret_key.encode(), shop.secret_key.encode())
        ):
            raise ApiError(
                401, "invalid_credentials", "Authentication by given credentials failed", parameter="Authorization"
            )
        return shop

    def _shown(self, session: Session, payment: payments.Payment) -> dict[str, Any]:
        return payment_object(payment, page_url=self._gateway.page_url(payment.id), now=session.now)

    def _refusal(self, error: ApiError) -> Response:
        error_id = uuid.UUID(self._gateway.chance.hex(32, "error", next(self._error_numbers)))
        return _json(error.to_object(str(error_id)), status=error.status)


def _find(session: Session, shop: Shop, payment_id: str) -> payments.Payment:
    try:
        return payments.find(session, payment_id, shop_id=shop.id)
    except payments.NotFound:
        raise not_found("payment_id", "Payment doesn't exist or access denied") from None


def _json(shown: dict[str, Any], *, status: int = 200) -> Response:
    return Response(json.dumps(shown, ensure_ascii=False).encode(), status=status)
