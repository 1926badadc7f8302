"""The calls of API v3: who asks, whether it was asked before, what is answered."""

import base64
import binascii
import hashlib
import hmac
import itertools
import json
import re
import uuid
from typing import Any

from sandbox.gateway import Gateway, Shop
from sandbox.http_server import Request, Response, Routes, View
from sandbox.moments import DAY
from sandbox.yookassa.calls import payment_methods, payments, receipts, refunds
from sandbox.yookassa.calls import shop as shop_calls
from sandbox.yookassa.errors import ApiError, invalid, not_found
from sandbox.yookassa.requests.fields import read_json

PREFIX = "/v3"

_KEY = re.compile(r"[0-9a-zA-Z+\-_.]{1,64}")
_KEY_LIVES = DAY

_CALLS = (*payments.CALLS, *refunds.CALLS, *receipts.CALLS, *payment_methods.CALLS, *shop_calls.CALLS)


class Api:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._error_numbers = itertools.count(1)
        self._routes = Routes()
        for method, path, view in _CALLS:
            self._routes.add(method, PREFIX + path, view)

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
            if request.method == "POST":
                return self._once(request, shop, view, arguments)
            with self._gateway.session() as session:
                return _json(view(session, shop, request.query, **arguments))
        except ApiError as error:
            return self._refusal(error)

    def _once(self, request: Request, shop: Shop, view: View, arguments: dict[str, str]) -> Response:
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
                response = _json(view(session, shop, read_json(request.body), **arguments))
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

    def _refusal(self, error: ApiError) -> Response:
        error_id = uuid.UUID(self._gateway.chance.hex(32, "error", next(self._error_numbers)))
        return _json(error.to_object(str(error_id)), status=error.status)


def _json(shown: dict[str, Any], *, status: int = 200) -> Response:
    return Response(json.dumps(shown, ensure_ascii=False).encode(), status=status)
