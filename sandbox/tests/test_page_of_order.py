"""A person pays an order of Sberbank's on the gateway's page: a refusal is not the end there."""

import pytest

from sandbox.page.texts import REFUSALS
from sandbox.testing import RunningSandbox
from sandbox.tests.bank import FAIL_URL, NEWER, OLDER, Bank
from sandbox.tests.browsing import browse
from sandbox.tests.shop import Shop


@pytest.fixture(params=[OLDER, NEWER])
def bank(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> Bank:
    return Bank(sandbox, request.param)


def returned(order: str) -> str:
    return f"http://127.0.0.1:9/return?a=1&orderId={order}&lang=ru"


def test_it_says_the_sum_the_shop_and_what_for(bank: Bank) -> None:
    screen = browse(bank.register(1234_56, description="Газ, л/с <702062012>")["formUrl"])

    assert screen.status == 200
    for text in (
        "1\N{NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}₽",
        "ООО «Пример»",
        "Газ, л/с &lt;702062012&gt;",
        "Тестовый шлюз, деньги не списываются",
    ):
        assert text in screen.html


def test_it_says_until_when(bank: Bank, own_sandbox: RunningSandbox) -> None:
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-20T09:00:00Z"})  # noon in Moscow
    own = Bank(own_sandbox, bank.dialect)
    today, later = own.register(sessionTimeoutSecs=3600), own.register(expirationDate="2026-11-23T12:30:00")

    assert "<dd>13:00 по Москве</dd>" in browse(today["formUrl"]).html
    assert "<dd>23.11.2026, 12:30 по Москве</dd>" in browse(later["formUrl"]).html


def test_the_card_pays_and_the_browser_comes_back_with_the_order(bank: Bank) -> None:
    order = bank.register()

    answer = browse(order["formUrl"], browse(order["formUrl"]).fields)

    assert (answer.status, answer.location) == (303, returned(order["orderId"]))
    assert bank.status(order["orderId"])["orderStatus"] == 2


def test_one_may_pay_and_not_return(bank: Bank) -> None:
    order = bank.register()

    answer = browse(order["formUrl"], browse(order["formUrl"]).fields | {"stay": "1"})

    assert answer.location == f"/pay/{order['orderId']}"
    assert "Оплачено" in browse(order["formUrl"]).html


def test_who_leaves_goes_where_the_shop_wants_them(bank: Bank) -> None:
    plain, failing = bank.register(), bank.register(failUrl=FAIL_URL)

    assert f'href="{returned(plain["orderId"]).replace("&", "&amp;")}">Уйти</a>' in browse(plain["formUrl"]).html
    assert f'href="{FAIL_URL}?orderId={failing["orderId"]}&amp;lang=ru">Уйти</a>' in browse(failing["formUrl"]).html


def test_the_browser_may_go_to_both_sites_of_the_shop(bank: Bank) -> None:
    policy = browse(bank.register(failUrl=FAIL_URL)["formUrl"]).headers["Content-Security-Policy"]

    assert "form-action 'self' http://127.0.0.1:9 http://127.0.0.2:9;" in policy


@pytest.mark.parametrize("reason", [reason for reason in REFUSALS if reason != "expired_on_confirmation"])
def test_a_refused_payer_is_told_why_and_tries_again(bank: Bank, reason: str) -> None:
    order = bank.register(failUrl=FAIL_URL)
    screen = browse(order["formUrl"])

    refused = browse(order["formUrl"], {"token": screen.fields["token"], "decline": reason})
    again = browse(order["formUrl"])
    status = bank.status(order["orderId"])
    paid = browse(order["formUrl"], again.fields)

    assert refused.location == f"/pay/{order['orderId']}"
    assert f"<span>{REFUSALS[reason]}. Деньги не списаны: попробуйте ещё раз или заплатите иначе.</span>" in again.html
    assert 'role="alert"' not in screen.html
    assert (status["orderStatus"], status["paymentAmountInfo"]["paymentState"]) == (6, "DECLINED")
    assert paid.location == returned(order["orderId"])
    assert bank.status(order["orderId"])["orderStatus"] == 2


def test_time_that_has_run_out_is_the_end(bank: Bank) -> None:
    order = bank.register(failUrl=FAIL_URL)
    token = browse(order["formUrl"]).fields["token"]

    refused = browse(order["formUrl"], {"token": token, "decline": "expired_on_confirmation"})

    assert refused.location == f"{FAIL_URL}?orderId={order['orderId']}&lang=ru"
    assert "Время на оплату вышло. Деньги не списаны." in browse(order["formUrl"]).html
    assert bank.status(order["orderId"])["orderStatus"] == 6


def test_other_cards_are_declined_and_the_right_one_pays(bank: Bank) -> None:
    order = bank.register()
    fields = browse(order["formUrl"]).fields

    browse(order["formUrl"], fields | {"number": "4111 1111 1111 1111"})
    browse(order["formUrl"], fields | {"expires": "01/20"})
    declined = bank.status(order["orderId"])
    browse(order["formUrl"], fields)

    assert (declined["orderStatus"], declined["actionCode"]) == (6, 101)
    assert bank.status(order["orderId"])["orderStatus"] == 2


def test_the_banks_question_is_seen_in_the_status(bank: Bank) -> None:
    order = bank.register()
    fields = browse(order["formUrl"]).fields | {"number": "5555555555554477"}

    challenge = browse(order["formUrl"], fields)
    asked = bank.status(order["orderId"])
    browse(f"{order['formUrl']}/3ds", challenge.fields | {"answer": "no"})
    refused = bank.status(order["orderId"])
    challenge = browse(order["formUrl"], fields)
    back = browse(f"{order['formUrl']}/3ds", challenge.fields | {"answer": "yes"})

    assert (asked["orderStatus"], asked["cardAuthInfo"]["maskedPan"]) == (5, "555555**4477")
    assert (refused["orderStatus"], refused["actionCode"]) == (6, -2006)
    assert back.location == returned(order["orderId"])
    assert bank.status(order["orderId"])["orderStatus"] == 2


def test_a_declined_attempt_does_not_outlive_the_session(bank: Bank, own_sandbox: RunningSandbox) -> None:
    own = Bank(own_sandbox, bank.dialect)
    order = own.register(sessionTimeoutSecs=600)
    fields = browse(order["formUrl"]).fields
    browse(order["formUrl"], {"token": fields["token"], "decline": "insufficient_funds"})

    own_sandbox.post("/sandbox/clock", {"advance_s": 600})
    late = browse(order["formUrl"], fields)

    assert late.location == f"/pay/{order['orderId']}"
    assert (own.status(order["orderId"])["orderStatus"], own.status(order["orderId"])["actionCode"]) == (6, -2007)


def test_a_refusal_at_yookassa_stays_the_end(shop: Shop) -> None:
    payment = shop.create()
    url = payment["confirmation"]["confirmation_url"]
    fields = browse(url).fields

    browse(url, {"token": fields["token"], "decline": "insufficient_funds"})
    again = browse(url, fields)

    assert again.location == f"/pay/{payment['id']}"
    assert shop.fetch(payment["id"])["status"] == "canceled"


def test_the_code_of_the_fast_payment_system_opens_the_page(bank: Bank) -> None:
    order = bank.register(jsonParams={"qrType": "DYNAMIC_QR_SBP", "sbp.scenario": "C2B"})

    opened = browse(order["externalParams"]["sbpPayload"])
    screen = browse(order["formUrl"] + "?method=sbp")
    paid = browse(order["formUrl"], screen.fields)

    assert (opened.status, opened.location) == (303, f"/pay/{order['orderId']}?method=sbp")
    assert '<svg class="qr"' in screen.html
    assert 'aria-label="Способ оплаты"' not in screen.html
    assert paid.location == returned(order["orderId"])
    assert bank.status(order["orderId"])["cardAuthInfo"]["paymentWay"] == "SBP_C2B"


def test_a_held_order_is_not_paid_by_the_fast_payment_system(bank: Bank) -> None:
    order = bank.register(operation="registerPreAuth")

    assert "method=sbp" not in browse(order["formUrl"] + "?method=sbp").html
