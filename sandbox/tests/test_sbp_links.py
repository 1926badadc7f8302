"""A shop registers links of the fast payment system at the small bank."""

import base64
import http.client
import json
import re
import urllib.parse
from typing import Any

import pytest

from sandbox.testing import RunningSandbox, running_sandbox
from sandbox.tests.bank import Bell
from sandbox.tests.browsing import browse


class SbpShop:
    """A bare client of the small bank."""

    def __init__(self, sandbox: RunningSandbox, *, authorization: str = "Bearer 100500:test_sandbox") -> None:
        self._base = urllib.parse.urlsplit(sandbox.sbp_url)
        self._authorization = authorization

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        """Status and JSON; `body` is sent as it is when it is bytes."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection(self._base.netloc, timeout=20)
        try:
            connection.request(method, self._base.path + path, sent, {"Authorization": self._authorization})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def register(self, order: str, amount: Any = 1234_56, **others: Any) -> dict[str, Any]:
        status, link = self.call("POST", "/links", {"order": order, "amount": amount, **others})
        assert status == 200, link
        return link

    def fetch(self, qrc_id: str) -> dict[str, Any]:
        status, link = self.call("GET", f"/links/{qrc_id}")
        assert status == 200, link
        return link


@pytest.fixture
def shop(own_sandbox: RunningSandbox) -> SbpShop:
    return SbpShop(own_sandbox)


def payment_of(sandbox: RunningSandbox, link: dict[str, Any]) -> str:
    """The gateway's id of a link's payment, which a shop never sees: it is where the link leads."""
    location = browse(link["payload"]).location
    return location.removeprefix("/pay/").removesuffix("?method=sbp")


def test_a_link_has_the_shape_of_all_links(own_sandbox: RunningSandbox, shop: SbpShop) -> None:
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:00:00Z"})

    link = shop.register("p-1042", 1234_56, purpose="Газ, л/с 702062012")

    host = own_sandbox.page_url.removesuffix("/pay")
    assert re.fullmatch(r"AD[0-9A-Z]{30}", link["qrc_id"])
    assert re.fullmatch(
        re.escape(f"{host}/{link['qrc_id']}?type=02&bank=100000000099&sum=123456&cur=RUB&crc=") + "[0-9A-F]{4}",
        link["payload"],
    )
    assert link["created_at"].startswith("2026-11-20T09:00:0")
    assert link["expires_at"].startswith("2026-11-23T09:00:0")
    assert {name: link[name] for name in ("order", "status", "amount", "currency", "purpose", "refunded")} == {
        "order": "p-1042",
        "status": "created",
        "amount": 1234_56,
        "currency": "RUB",
        "purpose": "Газ, л/с 702062012",
        "refunded": 0,
    }


def test_a_payer_opens_the_link_and_pays(own_sandbox: RunningSandbox, shop: SbpShop) -> None:
    link = shop.register("p-1042", redirect_url="http://127.0.0.1:9/return")

    url = own_sandbox.page_url.removesuffix("/pay") + str(browse(link["payload"]).location)
    screen = browse(url)
    paid = browse(url, screen.fields)

    assert '<svg class="qr"' in screen.html
    assert 'href="http://127.0.0.1:9/return">Уйти</a>' in screen.html
    assert paid.location == "http://127.0.0.1:9/return"
    shown = shop.fetch(link["qrc_id"])
    assert shown["status"] == "paid"
    assert re.fullmatch(r"[0-9A-F]{32}", shown["operation_id"])
    assert shown["created_at"] <= shown["paid_at"]


def test_a_made_up_link_opens_nothing(own_sandbox: RunningSandbox, shop: SbpShop) -> None:
    link = shop.register("p-1042")
    host = own_sandbox.page_url.removesuffix("/pay")

    for made_up in (link["qrc_id"][:-1] + "x", "AD" + "0" * 30, "AD", "ADЖ", "robots.txt"):
        assert browse(f"{host}/{urllib.parse.quote(made_up)}").status == 404


def test_the_same_order_again_is_the_same_link(shop: SbpShop) -> None:
    first = shop.register("p-1042", 100_00, purpose="Газ")

    again = shop.register("p-1042", 100_00, purpose="Газ")
    status, error = shop.call("POST", "/links", {"order": "p-1042", "amount": 200_00, "purpose": "Газ"})

    assert again == first
    assert (status, error["error"]) == (409, "order_used")
    assert shop.call("GET", "/links?order=p-1042") == (200, first)


@pytest.mark.parametrize(("asked", "lives_s"), [({}, 72 * 3600), ({"life_s": 3600}, 3600)])
def test_a_link_expires(own_sandbox: RunningSandbox, shop: SbpShop, asked: dict[str, Any], lives_s: int) -> None:
    link = shop.register("p-1042", **asked)

    own_sandbox.post("/sandbox/clock", {"advance_s": lives_s - 5})
    before = shop.fetch(link["qrc_id"])["status"]
    own_sandbox.post("/sandbox/clock", {"advance_s": 5})
    after = shop.fetch(link["qrc_id"])["status"]

    assert (before, after) == ("created", "expired")


def test_a_refusal_is_final(own_sandbox: RunningSandbox, shop: SbpShop) -> None:
    link = shop.register("p-1042")

    own_sandbox.decline(payment_of(own_sandbox, link), "insufficient_funds")

    shown = shop.fetch(link["qrc_id"])
    assert (shown["status"], shown["reason"]) == ("canceled", "insufficient_funds")


def test_money_goes_back_in_parts_and_never_twice(own_sandbox: RunningSandbox, shop: SbpShop) -> None:
    link = shop.register("p-1042", 1000_00)
    refunds = f"/links/{link['qrc_id']}/refunds"
    early = shop.call("POST", refunds, {"refund": "r-0", "amount": 1_00})
    own_sandbox.pay(payment_of(own_sandbox, link))

    status, first = shop.call("POST", refunds, {"refund": "r-1", "amount": 400_00})
    again = shop.call("POST", refunds, {"refund": "r-1", "amount": 400_00})
    other = shop.call("POST", refunds, {"refund": "r-1", "amount": 300_00})
    too_much = shop.call("POST", refunds, {"refund": "r-2", "amount": 600_01})
    rest = shop.call("POST", refunds, {"refund": "r-2", "amount": 600_00})

    assert (status, first["status"], first["amount"]) == (200, "succeeded", 400_00)
    assert again == (200, first)
    assert shop.call("GET", f"{refunds}/r-1") == (200, first)
    assert [(code, body["error"]) for code, body in (early, other, too_much)] == [
        (409, "not_refundable"),
        (409, "refund_used"),
        (409, "too_much"),
    ]
    assert rest[0] == 200
    assert shop.fetch(link["qrc_id"])["refunded"] == 1000_00
    assert shop.call("GET", f"{refunds}/r-9")[0] == 404


@pytest.mark.parametrize(
    "given",
    [
        {"order": None},
        {"order": ""},
        {"order": "n" * 37},
        {"amount": None},
        {"amount": 99},
        {"amount": 700_000_01},
        {"amount": "100"},
        {"amount": 100.0},
        {"amount": True},
        {"currency": "USD"},
        {"purpose": "ы" * 141},
        {"redirect_url": "javascript:alert(1)"},
        {"life_s": 0},
        {"life_s": 72 * 3600 + 1},
    ],
)
def test_what_is_not_allowed_is_refused(shop: SbpShop, given: dict[str, Any]) -> None:
    status, error = shop.call("POST", "/links", {"order": "p-1042", "amount": 100_00} | given)

    assert (status, error["error"]) == (400, "wrong_value")
    assert shop.call("GET", "/links?order=p-1042")[0] == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"\\ud800"', b'{"order": "\\ud800"}'])
def test_a_body_is_a_json_object(shop: SbpShop, body: bytes) -> None:
    assert shop.call("POST", "/links", body)[0] == 400


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer test_sandbox",
        "Bearer 100500:wrong",
        "Bearer 100502:test_sandbox",
        "Basic " + base64.b64encode(b"100500:test_sandbox").decode(),
    ],
)
def test_a_stranger_is_refused(own_sandbox: RunningSandbox, shop: SbpShop, authorization: str) -> None:
    link = shop.register("p-1042")
    stranger = SbpShop(own_sandbox, authorization=authorization)

    assert stranger.call("GET", f"/links/{link['qrc_id']}")[0] == 401
    assert stranger.call("POST", "/links", {"order": "p-1043", "amount": 1_00})[0] == 401


def test_another_shops_link_does_not_exist(sandbox: RunningSandbox) -> None:
    link = SbpShop(sandbox).register("another-shops")
    other = SbpShop(sandbox, authorization="Bearer 100501:test_other")

    assert other.call("GET", f"/links/{link['qrc_id']}")[0] == 404
    assert other.call("GET", "/links?order=another-shops")[0] == 404
    assert other.call("POST", f"/links/{link['qrc_id']}/refunds", {"refund": "r", "amount": 1})[0] == 404


def test_an_unknown_address_or_method_is_said(shop: SbpShop) -> None:
    assert shop.call("GET", "/unheard-of")[0] == 404
    assert shop.call("POST", "/links/AD/unheard-of", {})[0] == 404
    assert shop.call("DELETE", "/links")[0] == 405


def test_the_shop_hears_of_each_change() -> None:
    bell = Bell()
    with running_sandbox(notify={"100500": bell.url}) as sandbox:
        shop = SbpShop(sandbox)
        sandbox.post("/sandbox/notifications", {"forged": True})
        link = shop.register("p-1042", 1000_00)
        sandbox.pay(payment_of(sandbox, link))
        sandbox.post("/sandbox/notifications", {"forged": False})
        shop.call("POST", f"/links/{link['qrc_id']}/refunds", {"refund": "r-1", "amount": 400_00})
        sandbox.post("/sandbox/notifications/send")
        shown = shop.fetch(link["qrc_id"])
    bell.close()

    told = {(ring.body["event"], ring.body["link"]["qrc_id"] == link["qrc_id"]): ring for ring in bell.rings}
    assert set(told) == {("link.paid", True), ("link.paid", False), ("refund.succeeded", True)}
    assert told["link.paid", False].body["link"]["amount"] == 1001_00
    refunded = told["refund.succeeded", True]
    assert (refunded.verb, refunded.body["link"], refunded.body["refund"]["amount"]) == ("POST", shown, 400_00)
