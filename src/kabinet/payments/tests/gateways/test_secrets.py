"""A shop's secret is nowhere but in what its gateway is sent."""

import contextlib
import logging
import traceback
from uuid import uuid4

import pytest

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments.gateways import Credentials

CANARY = "live_canary_5469380000000000"


def test_credentials_do_not_show_their_secrets():
    credentials = Credentials(shop_id="100500", secret=CANARY, api_url="https://x.example", callback_key=CANARY)

    assert CANARY not in f"{credentials} {credentials!r}"
    assert "100500" in repr(credentials)


@pytest.mark.parametrize("fault", [None, "lose_answer", "html_200", "half_body", "refuse"])
def test_neither_log_nor_error_nor_client_shows_a_secret(bench, caplog, fault):
    caplog.set_level(logging.DEBUG)
    shop = bench.open(secret=CANARY)
    if fault:
        bench.misbehave(match={}, action=fault)

    shown = [repr(shop), str(shop)]
    try:
        shop.create(bench.body(), key=uuid4())
    except (Rejected, Unavailable) as error:
        shown += [str(error), repr(error), *traceback.format_exception(error)]

    assert len(shown) > 2
    assert CANARY not in "".join(shown)
    assert CANARY not in caplog.text


def test_the_http_library_says_nothing_of_its_own(bench, caplog):
    caplog.set_level(logging.DEBUG)

    with contextlib.suppress(Rejected):
        bench.shop.fetch("any")

    assert [record for record in caplog.records if record.name.startswith("http")] == []
