"""The address that a gateway calls: what it answers, and what it never does."""

import json
from unittest import mock

import pytest
from django.db import OperationalError

from kabinet.accounts.tests.factories import make_account
from kabinet.payments.models import Doorbell
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop

pytestmark = pytest.mark.django_db

CALL = json.dumps({"type": "notification", "event": "payment.succeeded", "object": {"id": "30c61a2b"}})


def ring(client, path: str, body: str = CALL, content_type: str = "application/json"):
    return client.post(path, body, content_type=content_type)


@pytest.fixture
def shop():
    return make_shop(make_account().supplier)


def test_a_call_is_thanked_for_without_session_or_token(client, shop):
    client.handler.enforce_csrf_checks = True

    answer = ring(client, shop.hook_path)

    assert (answer.status_code, answer.content, answer.cookies) == (200, b"", {})
    assert Doorbell.objects.get().object_id == "30c61a2b"


def test_nothing_here_calls_the_gateway(client, settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    payment = make_payment(make_account(), make_payer())

    with mock.patch("kabinet.payments.operations.gateway_of", side_effect=AssertionError):
        assert ring(client, payment.shop.hook_path).status_code == 200


def test_a_wrong_secret_is_404(client, shop):
    assert ring(client, f"/hooks/yookassa/{shop.pk}/{'0' * 40}/").status_code == 404


def test_an_address_that_is_not_the_gateways_is_403(client, shop, settings):
    settings.YOOKASSA_ADDRESSES = ["185.71.76.0/27"]

    assert ring(client, shop.hook_path).status_code == 403


@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 400), (64 * 1024 + 1, 413)])
def test_a_body_above_64_kib_is_not_read(client, shop, size, status):
    assert ring(client, shop.hook_path, "x" * size).status_code == status


def test_only_json_and_forms_are_taken(client, shop):
    assert ring(client, shop.hook_path, content_type="text/xml").status_code == 415


@pytest.mark.parametrize(("method", "status"), [("get", 400), ("head", 405), ("put", 405), ("delete", 405)])
def test_what_is_no_call_of_the_gateways_changes_nothing(client, shop, method, status):
    assert getattr(client, method)(shop.hook_path).status_code == status
    assert not Doorbell.objects.exists()


def test_a_bank_may_call_by_get(client, shop):
    shop.gateway = "sberbank"
    shop.save()

    answer = client.get(shop.hook_path, {"mdOrder": "3ff6962a", "operation": "deposited"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert Doorbell.objects.get().object_id == "3ff6962a"


def test_a_forged_call_is_403_and_changes_nothing(client, shop):
    shop.gateway, shop.callback_key = "sberbank", "test-key"
    shop.save()

    assert client.get(shop.hook_path, {"mdOrder": "3ff6962a", "operation": "deposited"}).status_code == 403
    assert not Doorbell.objects.exists()


def test_without_a_database_the_gateway_is_asked_to_repeat(client, shop):
    with mock.patch("kabinet.payments.queries.shop_of_hook", side_effect=OperationalError):
        assert ring(client, shop.hook_path).status_code == 503
