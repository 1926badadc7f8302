"""The operations, equal in both dialects: who asks, what is done, what is answered."""

import dataclasses
import hmac
import json
from collections.abc import Callable
from typing import Any

from sandbox import payment_methods, payments, refunds
from sandbox.gateway import Gateway, Session, Shop
from sandbox.http_server import Request, Response
from sandbox.payments import Payment
from sandbox.sberbank import bindings, errors, reasons, requests, ways_back
from sandbox.sberbank.bindings import PROTOCOL
from sandbox.sberbank.dialects import DIALECTS, Dialect
from sandbox.sberbank.errors import ApiError
from sandbox.sberbank.objects import order_object
from sandbox.sbp import links

PREFIXES = tuple(dialect.prefix for dialect in DIALECTS)

_DONE = {"errorCode": "0", "errorMessage": "Успешно"}

Given = dict[str, Any]
Operation = Callable[[Session, Shop, Dialect, Given], dict[str, Any]]


class Api:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._operations: dict[str, Operation] = {
            "register": self._register,
            "registerPreAuth": self._register_pre_auth,
            "getOrderStatusExtended": self._status,
            "deposit": self._deposit,
            "reverse": self._reverse,
            "decline": self._decline,
            "refund": self._refund,
            "paymentOrderBinding": self._pay_by_binding,
            "recurrentPayment": self._recurrent_payment,
            "getBindings": self._bindings,
            "unBindCard": self._unbind,
            "unbindCard": self._unbind,
        }

    def answer(self, request: Request) -> Response:
        """Answer a call under one of `PREFIXES`."""
        dialect = next(each for each in DIALECTS if request.path.startswith(f"{each.prefix}/"))
        name = request.path.removeprefix(f"{dialect.prefix}/").removesuffix(".do")
        operation = self._operations.get(name)
        if operation is None or not request.path.endswith(".do"):
            return Response(status=404)
        if request.method != "POST":
            return Response(status=405)
        try:
            given = dialect.read(request)
            shop = self._authenticate(given)
            with self._gateway.session() as session:
                return _json(operation(session, shop, dialect, given))
        except ApiError as error:
            refusal = {"errorCode": error.code, "errorMessage": error.message}
            return _json(refusal | _failure(error.code, error.message) if name == "recurrentPayment" else refusal)

    def _register(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        return self._register_order(session, shop, dialect, given, is_two_stage=False)

    def _register_pre_auth(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        return self._register_order(session, shop, dialect, given, is_two_stage=True)

    def _register_order(
        self, session: Session, shop: Shop, dialect: Dialect, given: Given, *, is_two_stage: bool
    ) -> dict[str, Any]:
        asked = requests.read_new_order(given, is_two_stage=is_two_stage, now=session.now)
        payment = _create(session, shop, dialect, asked, is_two_stage=is_two_stage)
        answer: dict[str, Any] = {"orderId": payment.id, "formUrl": self._gateway.page_url(payment.id)}
        if payment.method == "sbp":
            answer["externalParams"] = {
                "sbpPayload": links.payload(self._gateway, payment),
                "qrcId": links.qrc_id(self._gateway, payment),
            }
        return {"errorCode": "0"} | answer if dialect.says_success_of_order else answer

    def _status(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        payment = _find(session, shop, given)
        return _shown(session, payment, dialect)

    def _deposit(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        """Take held money; an amount of 0 or none is the whole."""
        payment = _find(session, shop, given, is_by_number=False)
        amount_kopecks = requests.read_kopecks(given) if given.get("amount") else payment.amount_kopecks
        try:
            payments.capture(session, payment, amount_kopecks)
        except payments.TooMuch:
            raise errors.wrong("amount", "больше заблокированной суммы") from None
        except payments.WrongState:
            raise errors.wrong_state() from None
        return _DONE

    def _reverse(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        """Give held money back. What has been taken is given back by `refund` only."""
        try:
            payments.release(session, _find(session, shop, given, is_by_number=False))
        except payments.WrongState:
            raise errors.wrong_state() from None
        return _DONE

    def _decline(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        """Close an order that nobody has paid."""
        try:
            payments.call_off(session, _find(session, shop, given))
        except payments.WrongState:
            raise errors.wrong_state() from None
        return _DONE

    def _refund(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        """Give taken money back; a repeat with the same `externalRefundId` does nothing and is answered alike."""
        payment = _find(session, shop, given, is_by_number=False)
        try:
            refund = refunds.create(
                session,
                payment,
                requests.read_kopecks(given),
                request={},
                external_id=requests.read_external_refund_id(given),
            )
        except refunds.NotRefundable:
            raise errors.wrong_state() from None
        except refunds.TooMuch:
            raise errors.wrong("amount", "больше оставшейся суммы заказа") from None
        except refunds.OtherRefund:
            raise errors.wrong("externalRefundId", "использован для возврата другой суммы") from None
        if refund.status == "canceled":  # which is kept, so it is an answer and not an exception
            return {"errorCode": errors.WRONG_STATE, "errorMessage": "Возврат не выполнен"}
        return _DONE

    def _pay_by_binding(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        """Charge a waiting order to a saved card of its payer; how that went is asked by the order's status."""
        requests.read_text(given, "ip", most=39)
        payment = _find(session, shop, {"orderId": requests.read_text(given, "mdOrder", most=36)})
        binding = bindings.find(session, shop, requests.read_text(given, "bindingId", most=255))
        if payment.request.get("clientId") != bindings.client_of(session, binding):
            raise errors.wrong("bindingId", "карта другого плательщика")
        if not payment.is_pending or "bank_card" not in payment.methods:
            raise errors.wrong_state()
        after = payment_methods.charge(session, dataclasses.replace(payment, saved_method_id=binding.id))
        way_back = ways_back.fail_url(after) if after.cancellation else ways_back.return_url(after)
        return _DONE | {"info": "Ваш платёж обработан, происходит переадресация", "redirect": way_back}

    def _recurrent_payment(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        """Register an order and charge it to a saved card, in one go and without its owner."""
        asked = requests.read_new_order(given, is_two_stage=False, now=session.now, has_page=False)
        binding = bindings.find(session, shop, requests.read_text(given, "bindingId", most=255))
        order = _create(session, shop, dialect, asked, is_two_stage=False, binding_id=binding.id)
        payment = payment_methods.charge(session, order)
        answer = _DONE | {"data": {"orderId": payment.id}, "orderStatus": _shown(session, payment, dialect)}
        if payment.cancellation:
            code, text = reasons.action(payment)
            return answer | _failure(str(code), text)
        return answer | {"success": True}

    def _bindings(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        return _DONE | {"bindings": bindings.of_client(session, shop, requests.read_client_id(given))}

    def _unbind(self, session: Session, shop: Shop, dialect: Dialect, given: Given) -> dict[str, Any]:
        payment_methods.revoke(session, bindings.find(session, shop, requests.read_text(given, "bindingId", most=255)))
        return _DONE

    def _authenticate(self, given: Given) -> Shop:
        """The shop whose `userName` and `password` these are."""
        name, password = requests.read_text(given, "userName", most=64), requests.read_text(given, "password", most=200)
        shop = self._gateway.shops.get(name)
        if shop is None or not hmac.compare_digest(password.encode(), shop.secret_key.encode()):
            raise errors.access_denied()
        return shop


def _create(
    session: Session,
    shop: Shop,
    dialect: Dialect,
    asked: requests.NewOrder,
    *,
    is_two_stage: bool,
    binding_id: str | None = None,
) -> Payment:
    try:
        payments.find_by_order_number(session, asked.order_number, shop_id=shop.id, protocol=PROTOCOL)
    except payments.NotFound:
        pass
    else:
        raise ApiError(errors.NUMBER_USED, "Заказ с таким номером уже обработан")
    payment = payments.create(
        session,
        shop.id,
        amount_kopecks=asked.amount_kopecks,
        is_two_stage=is_two_stage,
        method=asked.method,
        request=asked.request | {"dialect": dialect.name, "amount": asked.amount_kopecks},
        protocol=PROTOCOL,
        order_number=asked.order_number,
        saved_method_id=binding_id,
        time_to_pay=asked.time_to_pay,
    )
    session.announce(None, payment)
    return payment


def _find(session: Session, shop: Shop, given: Given, *, is_by_number: bool = True) -> Payment:
    """The order that a call is about, by the bank's id or, where that is allowed, by the shop's number."""
    try:
        if "orderId" in given or not is_by_number:
            payment = payments.find(session, requests.read_text(given, "orderId", most=36), shop_id=shop.id)
            if payment.protocol != PROTOCOL:
                raise payments.NotFound(payment.id)
            return payment
        number = requests.read_text(given, "orderNumber", most=36)
        return payments.find_by_order_number(session, number, shop_id=shop.id, protocol=PROTOCOL)
    except payments.NotFound:
        raise errors.no_order() from None


def _shown(session: Session, payment: Payment, dialect: Dialect) -> dict[str, Any]:
    return order_object(
        payment,
        dialect,
        refunds=refunds.of_payment(session, payment),
        binding=bindings.info_of(session, payment),
    )


def _failure(code: str, text: str) -> dict[str, Any]:
    """How `recurrentPayment` says that no money was taken, besides an errorCode."""
    return {"success": False, "error": {"code": code, "message": text, "description": text}}


def _json(shown: dict[str, Any]) -> Response:
    return Response(json.dumps(shown, ensure_ascii=False).encode())
