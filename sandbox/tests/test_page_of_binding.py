"""A person lets a shop keep a card on the gateway's page, without paying."""

from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.browsing import browse
from sandbox.tests.shop import RETURN_URL, Shop


@pytest.fixture
def method(shop: Shop) -> dict[str, Any]:
    asked = {"type": "bank_card", "confirmation": {"type": "redirect", "return_url": RETURN_URL}}
    status, method = shop.post("/payment_methods", asked)
    assert status == 200, method
    return method


def page_of(method: dict[str, Any]) -> str:
    return method["confirmation"]["confirmation_url"]


def test_it_says_who_asks_and_that_nothing_is_taken(method: dict[str, Any]) -> None:
    screen = browse(page_of(method))

    assert screen.status == 200
    assert "ООО «Пример» просит сохранить карту" in screen.html
    assert "Сейчас ничего не спишется." in screen.html
    assert f'href="{RETURN_URL}">Уйти</a>' in screen.html


def test_a_button_keeps_the_card_and_returns(shop: Shop, method: dict[str, Any]) -> None:
    answer = browse(page_of(method), browse(page_of(method)).fields)

    assert (answer.status, answer.location) == (303, RETURN_URL)
    assert shop.call("GET", f"/payment_methods/{method['id']}")[1]["status"] == "active"
    assert "Карта сохранена" in browse(page_of(method)).html


def test_keeping_twice_keeps_once(method: dict[str, Any]) -> None:
    fields = browse(page_of(method)).fields

    browse(page_of(method), fields)
    again = browse(page_of(method), fields)

    assert again.location == f"/bind/{method['id']}"


def test_another_sites_form_keeps_nothing(shop: Shop, method: dict[str, Any]) -> None:
    answer = browse(page_of(method), {"token": "0" * 64})

    assert answer.status == 403
    assert f'href="/bind/{method["id"]}"' in answer.html
    assert shop.call("GET", f"/payment_methods/{method['id']}")[1]["status"] == "pending"


def test_an_unknown_one_is_a_page_too(sandbox: RunningSandbox) -> None:
    host = sandbox.page_url.removesuffix("/pay")

    assert browse(f"{host}/bind/30c61a2b-000f-5001-9000-1c6d3f0a7b21").status == 404


def test_a_payment_that_saves_its_card_says_so(shop: Shop) -> None:
    payment = shop.create(save_payment_method=True)

    screen = browse(payment["confirmation"]["confirmation_url"])

    assert "Магазин просит сохранить карту: следующие оплаты пройдут с неё без этой страницы." in screen.html
