"""A person pays on the gateway's page, in a browser without scripts."""

import pytest

from sandbox.page.texts import REFUSALS
from sandbox.testing import RunningSandbox
from sandbox.tests.browsing import browse
from sandbox.tests.shop import RETURN_URL, Ear, Shop


def page_of(payment: dict[str, dict[str, str]]) -> str:
    return payment["confirmation"]["confirmation_url"]


def test_it_says_the_sum_the_shop_and_that_no_money_moves(shop: Shop) -> None:
    payment = shop.create("1234.56", description="Газ, л/с 702062012")

    screen = browse(page_of(payment))

    assert screen.status == 200
    for text in (
        "1\N{NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}₽",
        "ООО «Пример»",
        "Газ, л/с 702062012",
        "Тестовый шлюз, деньги не списываются",
    ):
        assert text in screen.html
    assert "<script" not in screen.html
    assert 'lang="ru"' in screen.html


def test_what_the_shop_wrote_cannot_become_html(shop: Shop) -> None:
    payment = shop.create(
        description='<script>alert("1")</script>',
        confirmation={"type": "redirect", "return_url": 'https://a.example/"><script>'},
    )

    screen = browse(page_of(payment))

    assert "<script>" not in screen.html
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in screen.html


def test_the_example_card_pays_and_returns(shop: Shop) -> None:
    payment = shop.create()
    screen = browse(page_of(payment))

    answer = browse(page_of(payment), screen.fields)

    assert screen.fields["number"] == "5555 5555 5555 4444"
    assert (answer.status, answer.location) == (303, RETURN_URL)
    assert shop.fetch(payment["id"])["status"] == "succeeded"


def test_the_browser_is_back_before_the_shop_hears(own_sandbox: RunningSandbox, ear: Ear) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.post("/sandbox/notifications", {"url": ear.url})
    payment = shop.create()

    browse(page_of(payment), browse(page_of(payment)).fields)
    own_sandbox.post("/sandbox/notifications/send")
    heard_at_once = len(ear.heard)
    own_sandbox.post("/sandbox/clock", {"advance_s": 1})
    own_sandbox.post("/sandbox/notifications/send")

    assert heard_at_once == 0
    assert [message["event"] for message in ear.heard] == ["payment.succeeded"]


def test_the_shop_may_be_told_before_the_browser_is_back(own_sandbox: RunningSandbox, ear: Ear) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.post("/sandbox/notifications", {"url": ear.url, "before_return": True})
    payment = shop.create()

    browse(page_of(payment), browse(page_of(payment)).fields)

    assert [message["event"] for message in ear.heard] == ["payment.succeeded"]


def test_one_may_pay_and_not_return(shop: Shop) -> None:
    payment = shop.create()

    answer = browse(page_of(payment), browse(page_of(payment)).fields | {"stay": "1"})
    outcome = browse(page_of(payment))

    assert answer.location == f"/pay/{payment['id']}"
    assert "Оплачено" in outcome.html
    assert f'href="{RETURN_URL}"' in outcome.html
    assert shop.fetch(payment["id"])["status"] == "succeeded"


def test_one_may_leave_without_paying(shop: Shop) -> None:
    payment = shop.create()

    screen = browse(page_of(payment))

    assert f'<a class="button quiet" href="{RETURN_URL}">Уйти</a>' in screen.html
    assert shop.fetch(payment["id"])["status"] == "pending"


@pytest.mark.parametrize("reason", REFUSALS)
def test_each_refusal_has_a_button(shop: Shop, reason: str) -> None:
    payment = shop.create()
    screen = browse(page_of(payment))

    answer = browse(page_of(payment), {"token": screen.fields["token"], "decline": reason})

    assert f'name="decline" value="{reason}">{REFUSALS[reason]}</button>' in screen.html
    assert (answer.status, answer.location) == (303, RETURN_URL)
    assert shop.fetch(payment["id"])["cancellation_details"]["reason"] == reason
    assert REFUSALS[reason] in browse(page_of(payment)).html


@pytest.mark.parametrize(
    ("number", "expires", "reason"),
    [
        ("4111 1111 1111 1111", "12/30", "invalid_card_number"),
        ("5555555555554444", "01/20", "card_expired"),
        ("5555555555554477", "01/20", "card_expired"),
    ],
)
def test_other_cards_are_declined(shop: Shop, number: str, expires: str, reason: str) -> None:
    payment = shop.create()
    fields = browse(page_of(payment)).fields | {"number": number, "expires": expires}

    answer = browse(page_of(payment), fields)

    declined = shop.fetch(payment["id"])
    assert answer.location == RETURN_URL
    assert (declined["status"], declined["cancellation_details"]["reason"]) == ("canceled", reason)
    assert declined["payment_method"]["card"]["last4"] == number[-4:]


def test_a_card_is_good_to_the_end_of_its_month(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    own_sandbox.post("/sandbox/clock", {"set": "2026-11-30T20:59:00Z"})  # 23:59 in Moscow
    last_day = shop.create()
    fields = browse(page_of(last_day)).fields | {"expires": "11/26"}
    browse(page_of(last_day), fields)

    own_sandbox.post("/sandbox/clock", {"advance_s": 120})
    day_after = shop.create()
    fields = browse(page_of(day_after)).fields | {"expires": "11/26"}
    browse(page_of(day_after), fields)

    assert shop.fetch(last_day["id"])["status"] == "succeeded"
    assert shop.fetch(day_after["id"])["cancellation_details"]["reason"] == "card_expired"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("number", ""),
        ("number", "5555"),
        ("number", "5555 5555 5555 444x"),
        ("expires", "13/30"),
        ("expires", "1230x"),
        ("csc", "12"),
    ],
)
def test_a_misprint_is_said_beside_the_field_and_nothing_happens(shop: Shop, name: str, typed: str) -> None:
    payment = shop.create()
    fields = browse(page_of(payment)).fields | {name: typed}

    answer = browse(page_of(payment), fields)

    assert answer.status == 422
    assert f'id="{name}-error"' in answer.html
    assert answer.fields == fields
    assert shop.fetch(payment["id"])["status"] == "pending"


@pytest.mark.parametrize(("answer", "status"), [("yes", "succeeded"), ("no", "canceled")])
def test_the_second_card_is_asked_by_its_bank(shop: Shop, answer: str, status: str) -> None:
    payment = shop.create()
    fields = browse(page_of(payment)).fields | {"number": "5555555555554477"}

    challenge = browse(page_of(payment), fields)
    before = shop.fetch(payment["id"])["status"]
    back = browse(f"{page_of(payment)}/3ds", challenge.fields | {"answer": answer})

    assert challenge.status == 200
    assert "3-D Secure" in challenge.html
    assert before == "pending"
    assert back.location == RETURN_URL
    after = shop.fetch(payment["id"])
    assert after["status"] == status
    if status == "succeeded":
        assert after["authorization_details"]["three_d_secure"] == {"applied": True}
    else:
        assert after["cancellation_details"]["reason"] == "3d_secure_failed"


def test_not_returning_is_remembered_over_the_banks_question(shop: Shop) -> None:
    payment = shop.create()
    fields = browse(page_of(payment)).fields | {"number": "5555555555554477", "stay": "1"}

    challenge = browse(page_of(payment), fields)
    back = browse(f"{page_of(payment)}/3ds", challenge.fields | {"answer": "yes"})

    assert back.location == f"/pay/{payment['id']}"


def test_the_fast_payment_system_shows_a_code_and_takes_the_money(shop: Shop) -> None:
    payment = shop.create(payment_method_data={"type": "sbp"})
    screen = browse(page_of(payment))

    answer = browse(page_of(payment), screen.fields)

    assert '<svg class="qr"' in screen.html
    assert 'aria-label="Способ оплаты"' not in screen.html
    assert answer.location == RETURN_URL
    assert shop.fetch(payment["id"])["payment_method"]["type"] == "sbp"


def test_the_payer_chooses_between_the_methods_that_fit(shop: Shop) -> None:
    small, large, held = shop.create("1.00"), shop.create("350000.01"), shop.create("1.00", capture=False)

    assert "method=sbp" in browse(page_of(small)).html
    assert "method=card" in browse(page_of(small)).html
    assert '<svg class="qr"' in browse(page_of(small) + "?method=sbp").html
    assert '<svg class="qr"' in browse(page_of(large)).html
    assert "method=card" not in browse(page_of(large)).html
    assert "method=sbp" not in browse(page_of(held) + "?method=sbp").html


def test_a_method_that_does_not_fit_takes_no_money(shop: Shop) -> None:
    large = shop.create("350000.01")
    token = browse(page_of(large)).fields["token"]

    browse(
        page_of(large),
        {"token": token, "method": "card", "number": "5555555555554444", "expires": "12/30", "csc": "123"},
    )

    assert shop.fetch(large["id"])["status"] == "pending"


@pytest.mark.parametrize("token", ["", "0" * 64, "ключ"])
def test_another_sites_form_does_nothing(shop: Shop, token: str) -> None:
    payment = shop.create()
    fields = browse(page_of(payment)).fields | {"token": token}

    posted = browse(page_of(payment), fields)
    confirmed = browse(f"{page_of(payment)}/3ds", fields | {"answer": "yes"})

    assert (posted.status, confirmed.status) == (403, 403)
    assert shop.fetch(payment["id"])["status"] == "pending"


def test_one_payments_token_is_no_good_for_another(shop: Shop) -> None:
    first, second = shop.create(), shop.create()

    posted = browse(page_of(second), browse(page_of(first)).fields)

    assert posted.status == 403


def test_paying_twice_pays_once(shop: Shop, sandbox: RunningSandbox) -> None:
    payment = shop.create()
    fields = browse(page_of(payment)).fields

    browse(page_of(payment), fields)
    again = browse(page_of(payment), fields)

    assert again.location == f"/pay/{payment['id']}"
    assert len(_announcements(sandbox, payment)) == 1


def test_an_expired_page_says_so(own_sandbox: RunningSandbox) -> None:
    shop = Shop(own_sandbox)
    payment = shop.create()
    fields = browse(page_of(payment)).fields
    own_sandbox.post("/sandbox/clock", {"advance_s": 3600})

    answer = browse(page_of(payment), fields)
    outcome = browse(page_of(payment))

    assert answer.location == f"/pay/{payment['id']}"
    assert "Время на оплату вышло. Деньги не списаны." in outcome.html


def test_without_a_return_address_the_outcome_stays_on_the_page(sandbox: RunningSandbox, shop: Shop) -> None:
    payment = shop.create(confirmation={"type": "qr"})
    url = f"{sandbox.page_url}/{payment['id']}"

    answer = browse(url, browse(url).fields)

    assert answer.location == f"/pay/{payment['id']}"
    assert "Уйти" not in browse(f"{sandbox.page_url}/{payment['id']}").html


def test_a_page_is_shut_to_scripts_and_frames_and_lets_the_form_go_to_the_shop(shop: Shop) -> None:
    payment = shop.create(confirmation={"type": "redirect", "return_url": "https://lk.example.ru/return?a=1"})

    policy = browse(page_of(payment)).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://lk.example.ru;" in policy


def test_an_unknown_payment_is_a_page_too(sandbox: RunningSandbox) -> None:
    screen = browse(f"{sandbox.page_url}/30c61a2b-000f-5001-9000-1c6d3f0a7b21")

    assert screen.status == 404
    assert "Нет такого платежа" in screen.html


def _announcements(sandbox: RunningSandbox, payment: dict[str, str]) -> list[dict[str, str]]:
    told = sandbox.get("/sandbox/notifications")["notifications"]
    return [each for each in told if each["object_id"] == payment["id"]]
