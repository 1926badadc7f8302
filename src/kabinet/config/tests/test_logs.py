"""Logs carry ids and never what opens a door."""

import pytest

from kabinet.config.logs import mask_addresses


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("GET /accounts/1/17/", "GET /accounts/1/17/"),
        ("GET /confirm/aVeryLongToken_of-43-characters/", "GET /confirm/…/"),
        ("POST /hooks/yookassa/3/0f9c1b2a3d4e5f60718293a4b5c6d7e8/", "POST /hooks/yookassa/3/…/"),
        (
            "GET /payments/0197c0de-0000-7000-8000-000000000042/return/",
            "GET /payments/0197c0de-0000-7000-8000-000000000042/return/",
        ),
        ("GET /login/?next=/settings/", "GET /login/?…"),
    ],
)
def test_tokens_and_queries_stay_out_of_the_log(address: str, logged: str) -> None:
    assert mask_addresses(None, "info", {"request": address})["request"] == logged


def test_django_s_own_complaints_about_an_address_are_masked_too() -> None:
    event = {"event": "Forbidden (Origin checking failed): /confirm/aVeryLongToken_of-43-characters/"}

    assert mask_addresses(None, "warning", event)["event"] == "Forbidden (Origin checking failed): /confirm/…/"
