"""The calls of the small bank: links and their refunds, JSON, `Authorization: Bearer <shop>:<key>`.

    POST /sbp/v1/links                        {"order", "amount", "purpose"?, "redirect_url"?, "life_s"?} → a link
    GET  /sbp/v1/links/{qrc_id}               a link
    GET  /sbp/v1/links?order=                 the link of the shop's own number
    POST /sbp/v1/links/{qrc_id}/refunds       {"refund", "amount"} → a refund
    GET  /sbp/v1/links/{qrc_id}/refunds/{id}  a refund

Sums are whole kopecks. `order` and `refund` are the shop's own ids and make a call repeatable: the same id with the
same data gives the first answer again, with other data 409.
"""

import hmac
import json
import urllib.parse
from typing import Any

from sandbox import moments, payments, refunds
from sandbox.gateway import Gateway, Session, Shop
from sandbox.http_server import Request, Response, Routes
from sandbox.payments import Payment
from sandbox.sbp import links
from sandbox.sbp.objects import link_object, refund_object

PREFIX = "/sbp/v1"
PROTOCOL = "sbp"

LONGEST_LIFE = 72 * moments.HOUR


class Refused(Exception):
    """An answer that is not 200. `code` is a word for programs."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class Api:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._routes = Routes()
        self._routes.add("POST", f"{PREFIX}/links", self._register)
        self._routes.add("GET", f"{PREFIX}/links", self._find)
        self._routes.add("GET", f"{PREFIX}/links/{{qrc_id}}", self._fetch)
        self._routes.add("POST", f"{PREFIX}/links/{{qrc_id}}/refunds", self._refund)
        self._routes.add("GET", f"{PREFIX}/links/{{qrc_id}}/refunds/{{refund_id}}", self._fetch_refund)

    def answer(self, request: Request) -> Response:
        """Answer a call under `PREFIX`."""
        try:
            shop = self._authenticate(request)
            found = self._routes.find(request)
            if found is None:
                if self._routes.knows_path(request):
                    raise Refused(405, "wrong_method", "Этот адрес вызывают иначе")
                raise Refused(404, "not_found", "Нет такого адреса")
            view, arguments = found
            with self._gateway.session() as session:
                return _json(view(session, shop, request, **arguments))
        except payments.NotFound:
            return _json({"error": "not_found", "message": "Нет такой ссылки"}, status=404)
        except Refused as error:
            return _json({"error": error.code, "message": error.message}, status=error.status)

    def _register(self, session: Session, shop: Shop, request: Request) -> dict[str, Any]:
        asked = _read_link(_read_object(request))
        try:
            earlier = payments.find_by_order_number(session, asked["order"], shop_id=shop.id, protocol=PROTOCOL)
        except payments.NotFound:
            pass
        else:
            if earlier.request != asked:
                raise Refused(409, "order_used", "С этим order была зарегистрирована другая ссылка")
            return link_object(self._gateway, earlier)
        payment = payments.create(
            session,
            shop.id,
            amount_kopecks=asked["amount"],
            is_two_stage=False,
            method="sbp",
            request=asked,
            protocol=PROTOCOL,
            order_number=asked["order"],
            time_to_pay=asked["life_s"] * moments.SECOND,
        )
        return link_object(self._gateway, payment)

    def _find(self, session: Session, shop: Shop, request: Request) -> dict[str, Any]:
        order = request.query.get("order", "")
        payment = payments.find_by_order_number(session, order, shop_id=shop.id, protocol=PROTOCOL)
        return link_object(self._gateway, payment)

    def _fetch(self, session: Session, shop: Shop, request: Request, qrc_id: str) -> dict[str, Any]:
        return link_object(self._gateway, _link(session, shop, qrc_id))

    def _refund(self, session: Session, shop: Shop, request: Request, qrc_id: str) -> dict[str, Any]:
        payment, given = _link(session, shop, qrc_id), _read_object(request)
        external_id, amount_kopecks = _read_text(given, "refund", most=36), _read_kopecks(given)
        try:
            refund = refunds.create(session, payment, amount_kopecks, request={}, external_id=external_id)
        except refunds.NotRefundable:
            raise Refused(409, "not_refundable", "Ссылка не оплачена") from None
        except refunds.TooMuch:
            raise Refused(409, "too_much", "Осталось меньше, чем просят вернуть") from None
        except refunds.OtherRefund:
            raise Refused(409, "refund_used", "С этим refund был сделан возврат другой суммы") from None
        return refund_object(refund)

    def _fetch_refund(
        self, session: Session, shop: Shop, request: Request, qrc_id: str, refund_id: str
    ) -> dict[str, Any]:
        for refund in refunds.of_payment(session, _link(session, shop, qrc_id)):
            if refund.external_id == refund_id:
                return refund_object(refund)
        raise Refused(404, "not_found", "Нет такого возврата")

    def _authenticate(self, request: Request) -> Shop:
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        shop_id, _, key = credentials.partition(":")
        shop = self._gateway.shops.get(shop_id)
        if (
            shop is None
            or scheme.lower() != "bearer"
            or not hmac.compare_digest(key.encode(errors="replace"), shop.secret_key.encode())
        ):
            raise Refused(401, "unauthorized", "Нужен заголовок Authorization: Bearer <магазин>:<ключ>")
        return shop


def _link(session: Session, shop: Shop, qrc_id: str) -> Payment:
    """A link of this shop that it has registered here. Raises payments.NotFound."""
    payment = links.find(session, qrc_id)
    if payment.shop_id != shop.id or payment.protocol != PROTOCOL:
        raise payments.NotFound(qrc_id)
    return payment


def _read_object(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
        json.dumps(given, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Refused(400, "wrong_body", "Тело запроса должно быть объектом JSON")
    return given


def _read_link(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a new link, all of them, so that a repeat can be compared."""
    amount_kopecks = _read_kopecks(given)
    if not payments.LEAST_KOPECKS <= amount_kopecks <= payments.MOST_KOPECKS["sbp"]:
        raise _wrong("amount", "сумма вне пределов СБП")
    if str(given.get("currency", "RUB")) != "RUB":
        raise _wrong("currency", "только RUB")
    life_s = given.get("life_s", LONGEST_LIFE // moments.SECOND)
    if type(life_s) is not int or not 0 < life_s <= LONGEST_LIFE // moments.SECOND:
        raise _wrong("life_s", "целое число секунд, не больше 72 часов")
    redirect_url = _read_text(given, "redirect_url", most=512) if "redirect_url" in given else ""
    if redirect_url and not _is_web_address(redirect_url):
        raise _wrong("redirect_url", "нужен адрес страницы")
    return {
        "order": _read_text(given, "order", most=36),
        "amount": amount_kopecks,
        "purpose": _read_text(given, "purpose", most=140) if "purpose" in given else "",
        "redirect_url": redirect_url,
        "life_s": life_s,
    }


def _read_kopecks(given: dict[str, Any]) -> int:
    amount = given.get("amount")
    if type(amount) is not int or amount <= 0:
        raise _wrong("amount", "нужно целое число копеек больше нуля")
    return amount


def _read_text(given: dict[str, Any], name: str, *, most: int) -> str:
    text = given.get(name)
    if not isinstance(text, str) or not 1 <= len(text) <= most:
        raise _wrong(name, f"нужна строка не длиннее {most}")
    return text


def _is_web_address(address: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and address.isprintable()


def _wrong(name: str, why: str) -> Refused:
    return Refused(400, "wrong_value", f"{name}: {why}")


def _json(shown: dict[str, Any], *, status: int = 200) -> Response:
    return Response(json.dumps(shown, ensure_ascii=False).encode(), status=status)
