"""The admin port: the gateway's own account of things, and its clock."""

import concurrent.futures
import http.client
import urllib.error
import urllib.request
from typing import Any

import pytest

from sandbox.testing import RunningSandbox, running_sandbox
from sandbox.tests.shop import Ear, Shop, payment_request, receipt, receipt_item


def taken(**others: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("payments", "refunds", "chargebacks"), 0)
    return {**nothing, **dict.fromkeys(("amount", "income", "fee", "refunded", "charged_back"), "0.00"), **others}


def test_the_audit_counts_by_moscow_day_of_each_fact(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.set_clock("2026-11-20T20:58:00Z")
    first, second, declined = shop.create("1000.00"), shop.create("500.00"), shop.create("7.00")
    shop.create("8.00")
    own_sandbox.pay(first["id"])
    own_sandbox.decline(declined["id"], "general_decline")
    own_sandbox.set_clock("2026-11-20T21:00:00Z")
    own_sandbox.pay(second["id"], method="sbp")
    own_sandbox.refund(first["id"], "300.00")
    own_sandbox.charge_back(first["id"], "200.01")

    audit = own_sandbox.get("/sandbox/audit")

    back = {"refunds": 1, "refunded": "300.00", "chargebacks": 1, "charged_back": "200.01"}
    assert audit == {
        "shops": {
            "100500": {
                "statuses": {"pending": 1, "waiting_for_capture": 0, "succeeded": 2, "canceled": 1},
                "total": taken(payments=2, amount="1500.00", income="1461.50", fee="38.50", **back),
                "days": {
                    "2026-11-20": taken(payments=1, amount="1000.00", income="965.00", fee="35.00"),
                    "2026-11-21": taken(payments=1, amount="500.00", income="496.50", fee="3.50", **back),
                },
                "intents": {},
            }
        }
    }


def test_the_audit_counts_what_was_made_of_each_intent(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    for intent in ("17", "18", "17"):
        own_sandbox.pay(shop.create("100.00", metadata={"payment_id": intent})["id"])
    open_payment = shop.create("100.00", metadata={"payment_id": "19"})
    shop.create("100.00", metadata={"order": "20"})

    intents = own_sandbox.get("/sandbox/audit")["shops"]["100500"]["intents"]

    back = {"refunded": "0.00", "charged_back": "0.00"}
    assert open_payment["status"] == "pending"
    assert intents == {
        "17": {"objects": 2, "paid": "200.00", **back},
        "18": {"objects": 1, "paid": "100.00", **back},
        "19": {"objects": 1, "paid": "0.00", **back},
    }


def test_payments_are_found_by_what_the_shop_wrote(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create("10.00", metadata={"intent": "17"})
    shop.create("10.00", metadata={"intent": "18"})

    found = sandbox.get("/sandbox/payments?metadata.intent=17&status=pending&shop=100500")["payments"]

    assert [(each["id"], each["amount"], each["page_url"]) for each in found] == [
        (payment["id"], "10.00", payment["confirmation"]["confirmation_url"])
    ]
    assert sandbox.get(f"/sandbox/payments/{payment['id']}") == found[0]


def test_the_clock_moves_and_goes_back(own_sandbox: RunningSandbox) -> None:
    real = own_sandbox.get("/sandbox/clock")["now"]

    moved = own_sandbox.post("/sandbox/clock", {"set": "2030-01-01T00:00:00Z"})["now"]
    advanced = own_sandbox.post("/sandbox/clock", {"advance_s": 86_400})["now"]
    back = own_sandbox.post("/sandbox/clock", {"reset": True})["now"]

    assert moved.startswith("2030-01-01T00:00")
    assert advanced.startswith("2030-01-02T00:00")
    assert real <= back < "2030"


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/sandbox/clock", {}, 400),
        ("/sandbox/clock", {"set": "tomorrow"}, 400),
        ("/sandbox/clock", {"set": "0001-01-01T00:00:00+14:00"}, 400),
        ("/sandbox/clock", {"set": "2100-01-01T00:00:00Z"}, 400),
        ("/sandbox/clock", {"advance_s": 10**15}, 400),
        ("/sandbox/payments/unknown/pay", {}, 404),
        ("/sandbox/unknown", {}, 404),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    sandbox: RunningSandbox, path: str, given: dict[str, Any], status: int
) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        sandbox.post(path, given)

    assert refusal.value.code == status


def test_a_page_of_another_site_is_not_listened_to(sandbox: RunningSandbox) -> None:
    request = urllib.request.Request(
        sandbox.admin_url + "/sandbox/clock", b'{"reset": true}', {"Origin": "https://evil.example"}
    )

    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=10)

    assert refusal.value.code == 403


def test_a_reset_is_a_new_beginning(ear: Ear) -> None:
    with running_sandbox(notify={"100500": ear.url}) as sandbox:
        shop = Shop(sandbox)
        payment = shop.create("10.00", save_payment_method=True, receipt=receipt(receipt_item("10.00")))
        sandbox.turn_knobs(enabled=False)
        sandbox.change_habits(refund="pending")
        sandbox.add_rules({"action": "status", "status": 500, "times": 0})
        sandbox.pay(payment["id"])
        sandbox.refund(payment["id"], "1.00")
        sandbox.charge_back(payment["id"])
        sandbox.set_clock("2030-01-01T00:00:00Z")

        sandbox.reset()

        new = shop.create("20.00")
        sandbox.pay(new["id"])
        sandbox.send_notifications()
        assert [each["id"] for each in sandbox.get("/sandbox/payments")["payments"]] == [new["id"]]
        assert sandbox.audit()["total"] == taken(payments=1, amount="20.00", fee="0.70", income="19.30")
        assert sandbox.get("/sandbox/refunds") == {"refunds": []}
        assert sandbox.get("/sandbox/habits")["habits"]["100500"]["refund"] == "succeeded"
        assert sandbox.get("/sandbox/clock")["now"] < "2030"
        assert [message["object"]["id"] for message in ear.heard] == [new["id"]]


def test_what_is_still_delayed_does_not_reach_the_new_world(own_sandbox: RunningSandbox) -> None:
    own_sandbox.add_rules({"action": "delay_ms", "delay_ms": 500})
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        late = pool.submit(Shop(own_sandbox).post, "/payments", payment_request())
        while not own_sandbox.get("/sandbox/rules")["rules"][0]["used"]:
            pass

        own_sandbox.reset()

        with pytest.raises(http.client.RemoteDisconnected):
            late.result()
    assert own_sandbox.get("/sandbox/payments") == {"payments": []}
