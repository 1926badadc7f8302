"""A shop lists its payments."""

import urllib.parse

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import Shop


def listed(shop: Shop, **query: str) -> list[str]:
    status, page = shop.call("GET", f"/payments?{urllib.parse.urlencode(query)}")
    assert (status, page["type"]) == (200, "list"), page
    return [payment["id"] for payment in page["items"]]


def test_the_cursor_walks_through_all_once_though_new_ones_come(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    created = [shop.create()["id"] for _ in range(5)]

    walked, cursor = [], None
    while True:
        _, page = shop.call("GET", "/payments?limit=2" + (f"&cursor={cursor}" if cursor else ""))
        walked += [payment["id"] for payment in page["items"]]
        shop.create()
        cursor = page.get("next_cursor")
        if cursor is None:
            break

    assert walked == created[::-1]


def test_ten_are_given_unless_said_otherwise(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    for _ in range(11):
        shop.create()

    assert len(listed(shop)) == 10
    assert len(listed(shop, limit="100")) == 11


def test_a_full_last_page_has_no_cursor(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    shop.create()

    _, page = shop.call("GET", "/payments?limit=1")

    assert "next_cursor" not in page


def test_filters_choose_by_status_method_and_moment(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:00:00Z"})
    by_card = shop.create()
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:10:00Z"})
    by_sbp = shop.create()
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:20:00Z"})
    pending = shop.create()
    own_sandbox.pay(by_sbp["id"], method="sbp")
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:30:00Z"})
    own_sandbox.pay(by_card["id"])

    assert listed(shop, status="pending") == [pending["id"]]
    assert listed(shop, status="succeeded") == [by_sbp["id"], by_card["id"]]
    assert listed(shop, payment_method="sbp") == [by_sbp["id"]]
    assert listed(shop, **{"created_at.gte": "2026-11-20T09:10:00.000Z"}) == [pending["id"], by_sbp["id"]]
    assert listed(shop, **{"created_at.gte": by_sbp["created_at"], "created_at.lte": by_sbp["created_at"]}) == [
        by_sbp["id"]
    ]
    assert listed(shop, **{"created_at.gt": by_sbp["created_at"]}) == [pending["id"]]
    assert listed(shop, **{"created_at.lt": by_sbp["created_at"]}) == [by_card["id"]]
    assert listed(shop, **{"created_at.lt": "2026-11-20T12:10:00+03:00"}) == [by_card["id"]]
    assert listed(shop, **{"captured_at.gte": "2026-11-20T09:30:00Z"}) == [by_card["id"]]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=%D9%A1", "limit"),
        ("status=paid", "status"),
        ("cursor=unknown", "cursor"),
        ("created_at.gte=yesterday", "created_at.gte"),
    ],
)
def test_a_wrong_filter_is_named(shop: Shop, query: str, parameter: str) -> None:
    status, error = shop.call("GET", f"/payments?{query}")

    assert (status, error["parameter"]) == (400, parameter)
