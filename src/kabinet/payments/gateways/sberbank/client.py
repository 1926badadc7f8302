"""A client of one shop at Sberbank, in either dialect."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from kabinet.common.errors import Rejected, Unavailable
from kabinet.common.money import from_kopecks, to_kopecks
from kabinet.payments import rules
from kabinet.payments.gateways import Credentials, RemotePayment, RemoteReceipt, RemoteRefund, wire
from kabinet.payments.gateways.sberbank import answers, bodies
from kabinet.payments.gateways.sberbank.dialects import SberbankDialect

# Error codes; from memory, like the words in an error's message, and only here.
NUMBER_USED, NO_ORDER, SYSTEM_ERROR, ACCESS_OR_VALUE = "1", "6", "7", "5"
REFUSED = frozenset({NUMBER_USED, "3", "4", ACCESS_OR_VALUE, NO_ORDER, SYSTEM_ERROR})

#: Reason of a payment whose page the bank will not tell us again: nobody has seen it, so it is closed.
PAGE_LOST = "page_lost"

# The bank's two test hosts, and a gateway on this machine.
TEST_HOSTS = frozenset({"3dsec.sberbank.ru", "ecomtest.sberbank.ru", "127.0.0.1", "localhost"})


def is_trial(api_url: str) -> bool:
    """Tell whether money under an address is a trial's: the protocol itself does not say."""
    return urlsplit(api_url).hostname in TEST_HOSTS


class Sberbank:
    """One shop: its own name, password and address, shared with nobody."""

    def __init__(self, credentials: Credentials, dialect: SberbankDialect) -> None:
        self._credentials = credentials
        self._dialect = dialect
        self._api_url = credentials.api_url.rstrip("/")
        self._is_test = is_trial(credentials.api_url)

    def create(self, body: str, *, key: UUID) -> RemotePayment:
        stored = bodies.read_body(body)
        try:
            told = self._call(stored.call, stored.fields).read_object()
        except Rejected as rejection:
            if rejection.reason != NUMBER_USED:
                raise
            return self._take_up(stored)
        if stored.call == "recurrentPayment":
            return self._by_number(stored.fields["orderNumber"])
        return self._registered(stored, told)

    def fetch(self, gateway_payment_id: str) -> RemotePayment:
        return self._order({"orderId": gateway_payment_id})

    def find(self, public_id: UUID, *, created_from: dt.datetime, created_until: dt.datetime) -> RemotePayment | None:
        return self._find(public_id)

    def payments(self, *, captured_from: dt.datetime, captured_until: dt.datetime) -> list[RemotePayment]:
        raise Rejected("no-list", "the bank lists orders in its register only")

    def capture(self, gateway_payment_id: str, *, amount_rub: Decimal, key: UUID) -> RemotePayment:
        given = {"orderId": gateway_payment_id, "amount": to_kopecks(amount_rub)}
        return self._change("deposit", given, until=rules.PAID)

    def cancel(self, gateway_payment_id: str, *, key: UUID) -> RemotePayment:
        return self._change("reverse", {"orderId": gateway_payment_id}, until=rules.FAILED)

    def refund(self, body: str, *, key: UUID) -> RemoteRefund:
        fields = bodies.read_body(body).fields
        self._call("refund", fields)
        return answers.done_refund(
            fields["jsonParams"]["externalRefundId"],
            gateway_payment_id=fields["orderId"],
            amount_kopecks=fields["amount"],
        )

    def fetch_refund(self, gateway_refund_id: str) -> RemoteRefund:
        """Refuse: the bank knows refunds by their order only, and none of them is ever pending."""
        raise Rejected("no-refund-objects", "ask for the refunds of an order")

    def refunds_of(self, gateway_payment_id: str) -> list[RemoteRefund]:
        told = self._call("getOrderStatusExtended", {"orderId": gateway_payment_id}).read_object()
        return answers.read_refunds(told, gateway_payment_id=gateway_payment_id)

    def refunds(self, *, created_from: dt.datetime, created_until: dt.datetime) -> list[RemoteRefund]:
        raise Rejected("no-list", "the bank lists refunds in its register only")

    def send_receipt(self, body: str, *, key: UUID) -> RemoteReceipt:
        raise Rejected("no-receipts", "the bank writes cheques from the cart of an order only")

    def receipts_of(self, gateway_payment_id: str) -> list[RemoteReceipt]:
        """Tell of none: the cart went with the order, and what became of its cheque the bank's own cabinet shows."""
        return []

    def check(self) -> None:
        """Ask for an order that nobody has: "no such order" is the answer of whom the bank knows."""
        self._find(UUID(int=0))

    def _find(self, public_id: UUID) -> RemotePayment | None:
        try:
            return self._order({"orderNumber": str(public_id)})
        except Rejected as rejection:
            if rejection.reason == NO_ORDER:
                return None
            raise

    def _registered(self, stored: bodies.Body, told: Mapping[str, Any]) -> RemotePayment:
        """Tell of an order that was just made: of it the bank gives back its own number and the page, and no more."""
        if not told.get("orderId"):
            raise Unavailable(f"{stored.call}: an answer without orderId")
        return RemotePayment(
            id=str(told["orderId"]),
            state=rules.OPEN,
            status="0",
            amount_rub=from_kopecks(stored.fields["amount"]),
            currency="RUB",
            shop_id="",
            is_test=self._is_test,
            public_id=UUID(stored.fields["orderNumber"]),
            confirmation_url=str(told.get("formUrl", "")),
            sbp_link=str((told.get("externalParams") or {}).get("sbpPayload", "")),
        )

    def _take_up(self, stored: bodies.Body) -> RemotePayment:
        """Take up an order of which the first sending's answer was lost.

        The bank does not tell the address of its page again, so that nobody can pay it: it is closed, and the payer
        begins a new one. What was charged without a person needs no page.
        """
        order = self._by_number(stored.fields["orderNumber"])
        if order.state != rules.OPEN or stored.call == "recurrentPayment":
            return order
        try:
            self._call("decline", {"orderId": order.id})
        except Rejected:
            return self.fetch(order.id)
        return replace(order, state=rules.FAILED, failure_reason=PAGE_LOST)

    def _by_number(self, order_number: str) -> RemotePayment:
        """Look up an order that surely exists. Raises Unavailable when the bank does not find it after all."""
        try:
            return self._order({"orderNumber": order_number})
        except Rejected as rejection:
            raise Unavailable(f"getOrderStatusExtended: {rejection.reason} for a number in use") from rejection

    def _order(self, given: Mapping[str, Any]) -> RemotePayment:
        answer = self._call("getOrderStatusExtended", given)
        return answers.read_order(answer.read_object(), is_test=self._is_test, now=answer.date)

    def _change(self, call: str, given: Mapping[str, Any], *, until: str) -> RemotePayment:
        """Change an order and tell how it stands. A repeat is refused by the bank: then its state decides."""
        try:
            self._call(call, given)
        except Rejected as rejection:
            if rejection.reason != SYSTEM_ERROR:
                raise
            order = self.fetch(given["orderId"])
            if order.state != until:
                raise
            return order
        return self.fetch(given["orderId"])

    def _call(self, call: str, fields: Mapping[str, Any]) -> wire.Answer:
        """Do a call that went well. Raises Rejected for what surely was not done, Unavailable."""
        credentials = {"userName": self._credentials.shop_id, "password": self._credentials.secret}
        answer = wire.exchange(
            "POST",
            f"{self._api_url}/{call}.do",
            ca_file=self._credentials.ca_file,
            headers={"Content-Type": self._dialect.content_type},
            content=self._dialect.write({**fields, **credentials}),
        )
        if answer.status == 401:
            raise Rejected("invalid_credentials")
        if answer.status != 200:
            raise Unavailable(f"{call}: answer {answer.status}")
        told = answer.read_object()
        code, message = str(told.get("errorCode", "0")), str(told.get("errorMessage", ""))
        if code == "0":
            return answer
        if code == ACCESS_OR_VALUE and "доступ" in message.lower():
            raise Rejected("invalid_credentials")
        if code not in REFUSED or (code == SYSTEM_ERROR and "систем" in message.lower()):
            raise Unavailable(f"{call}: error {code[:16]}")
        raise Rejected(code, message[:200])
