"""What a payer allowed once is charged later without them."""

from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import RETURN_URL, Ear, Shop, payment_request


def saved(sandbox: RunningSandbox, **paid_with: Any) -> str:
    payment = Shop(sandbox).create("100.00", save_payment_method=True)
    sandbox.pay(payment["id"], **paid_with)
    return payment["id"]


def charge_request(method_id: str, value: str = "50.00", **others: Any) -> dict[str, Any]:
    amount = {"value": value, "currency": "RUB"}
    return {"amount": amount, "capture": True, "payment_method_id": method_id, **others}


@pytest.mark.parametrize("method", ["bank_card", "sbp"])
def test_the_first_payment_saves_and_the_next_is_final_at_once(
    sandbox: RunningSandbox, shop: Shop, method: str
) -> None:
    method_id = saved(sandbox, method=method)

    status, payment = shop.post("/payments", charge_request(method_id))

    first = shop.fetch(method_id)["payment_method"]
    assert (first["id"], first["saved"], first["status"]) == (method_id, True, "active")
    assert (status, payment["status"], payment["paid"]) == (200, "succeeded", True)
    assert payment["payment_method"] == first
    assert payment["id"] != method_id
    assert "confirmation" not in payment
    assert shop.fetch(payment["id"]) == payment


def test_nothing_is_saved_before_the_money_or_without_asking(sandbox: RunningSandbox, shop: Shop) -> None:
    asked = shop.create(save_payment_method=True)
    sandbox.decline(asked["id"], "insufficient_funds")
    unasked = shop.create()
    sandbox.pay(unasked["id"])

    statuses = [shop.post("/payments", charge_request(each["id"]))[0] for each in (asked, unasked)]

    assert statuses == [400, 400]
    assert shop.fetch(unasked["id"])["payment_method"]["saved"] is False


@pytest.mark.parametrize("reason", ["insufficient_funds", "permission_revoked"])
def test_a_charge_may_be_declined_with_a_reason(own_sandbox: RunningSandbox, reason: str) -> None:
    method_id = saved(own_sandbox)
    own_sandbox.change_habits(charge=reason)

    status, payment = Shop(own_sandbox).post("/payments", charge_request(method_id))

    assert (status, payment["status"], payment["cancellation_details"]["reason"]) == (200, "canceled", reason)


def test_a_charge_may_be_known_later(own_sandbox: RunningSandbox) -> None:
    shop, method_id = Shop(own_sandbox), saved(own_sandbox)
    own_sandbox.change_habits(charge="pending")

    _, first = shop.post("/payments", charge_request(method_id), key="month")
    _, again = shop.post("/payments", charge_request(method_id), key="month")
    _, second = shop.post("/payments", charge_request(method_id))
    own_sandbox.pay(first["id"])
    own_sandbox.decline(second["id"], "insufficient_funds")

    assert (first["status"], again["id"]) == ("pending", first["id"])
    assert shop.fetch(first["id"])["payment_method"]["id"] == method_id
    assert (shop.fetch(first["id"])["status"], shop.fetch(second["id"])["status"]) == ("succeeded", "canceled")


def test_a_revoked_method_is_not_charged(own_sandbox: RunningSandbox) -> None:
    shop, method_id = Shop(own_sandbox), saved(own_sandbox)

    own_sandbox.revoke_method(method_id)
    _, payment = shop.post("/payments", charge_request(method_id))

    assert payment["cancellation_details"] == {"party": "yoo_money", "reason": "permission_revoked"}
    assert shop.call("GET", f"/payment_methods/{method_id}")[1]["status"] == "inactive"


def test_a_held_charge_is_captured_later(sandbox: RunningSandbox, shop: Shop) -> None:
    _, held = shop.post("/payments", charge_request(saved(sandbox), capture=False))

    _, captured = shop.post(f"/payments/{held['id']}/capture")

    assert (held["status"], captured["status"]) == ("waiting_for_capture", "succeeded")


@pytest.mark.parametrize("value", ["0.99", "350000.01"])
def test_a_charge_keeps_the_limits(sandbox: RunningSandbox, shop: Shop, value: str) -> None:
    status, error = shop.post("/payments", charge_request(saved(sandbox), value))

    assert (status, error["parameter"]) == (400, "amount.value")


def test_a_stranger_cannot_charge_it(sandbox: RunningSandbox) -> None:
    method_id = saved(sandbox)
    stranger = Shop(sandbox, shop_id="100501", secret_key="test_other")

    status, error = stranger.post("/payments", charge_request(method_id))

    assert (status, error["parameter"]) == (400, "payment_method_id")
    assert stranger.call("GET", f"/payment_methods/{method_id}")[0] == 404


def test_a_shop_without_an_agreement_may_not(own_sandbox: RunningSandbox) -> None:
    shop, method_id = Shop(own_sandbox), saved(own_sandbox)
    own_sandbox.change_habits(may_save_methods=False)

    answers = [
        shop.post("/payments", payment_request(save_payment_method=True)),
        shop.post("/payments", charge_request(method_id)),
        shop.post("/payment_methods", {"type": "bank_card"}),
    ]

    assert [(status, error["code"]) for status, error in answers] == [(403, "forbidden")] * 3


def test_a_card_is_bound_without_paying(own_sandbox: RunningSandbox, ear: Ear) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.turn_knobs(url=ear.url)
    confirmation = {"type": "redirect", "return_url": RETURN_URL}
    _, method = shop.post("/payment_methods", {"type": "bank_card", "confirmation": confirmation})
    early, _ = shop.post("/payments", charge_request(method["id"]))

    own_sandbox.bind_method(method["id"])
    own_sandbox.send_notifications()

    _, active = shop.call("GET", f"/payment_methods/{method['id']}")
    _, payment = shop.post("/payments", charge_request(method["id"]))
    assert (method["status"], method["saved"], early) == ("pending", False, 400)
    assert method["confirmation"]["confirmation_url"].endswith(f"/bind/{method['id']}")
    assert (active["status"], active["saved"], active["card"]["last4"]) == ("active", True, "4444")
    assert active["holder"] == {"account_id": "100500", "gateway_id": "100700"}
    assert ear.heard[0] == {"type": "notification", "event": "payment_method.active", "object": active}
    assert payment["status"] == "succeeded"


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"type": "sbp"}, "type"),
        ({"type": "bank_card", "confirmation": {"type": "qr"}}, "confirmation.type"),
        ({"type": "bank_card", "confirmation": {"type": "redirect"}}, "confirmation.return_url"),
    ],
)
def test_a_wrong_binding_is_refused(shop: Shop, given: dict[str, Any], parameter: str) -> None:
    status, error = shop.post("/payment_methods", given)

    assert (status, error["parameter"]) == (400, parameter)
