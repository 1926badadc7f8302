"""A gateway rings, or somebody who says so; the payer comes back."""

import datetime as dt
import json
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.accounts.tests.factories import make_account
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs
from kabinet.payments import rules
from kabinet.payments.gateways.sberbank.callbacks import checksum
from kabinet.payments.models import Doorbell, Payment
from kabinet.payments.operations.doorbells import answer_doorbells
from kabinet.payments.tests.factories import balance_rub, make_payer, make_payment, make_shop, make_started_payment
from kabinet.payments.usecases.come_back import come_back
from kabinet.payments.usecases.ring_doorbell import ForeignAddress, ForgedCall, NotACall, ring_doorbell

pytestmark = pytest.mark.django_db


def call_body(object_id: str, event: str = "payment.succeeded", **told) -> bytes:
    return json.dumps({"type": "notification", "event": event, "object": {"id": object_id, **told}}).encode()


def ring(shop, body: bytes, *, now: dt.datetime = NOW, **values) -> None:
    defaults = {
        "gateway": "yookassa",
        "shop_pk": shop.pk,
        "secret": shop.hook_secret,
        "visitor_address": "127.0.0.1",
        "method": "POST",
        "content_type": "application/json",
        "query": "",
    }
    ring_doorbell(body=body, now=now, **(defaults | values))


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="payments.settle").order_by("id"))


def test_a_ring_about_a_paid_payment_credits_it(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)

    ring(payment.shop, call_body(payment.gateway_payment_id))
    run_jobs(only="payments.settle")

    assert balance_rub(payment) == Decimal("0.00")
    assert Doorbell.objects.get().answered_at is not None


def test_nothing_that_a_ring_says_is_believed(gateway):
    payment = make_started_payment("1000.00")

    ring(payment.shop, call_body(payment.gateway_payment_id, status="succeeded", paid=True))
    run_jobs(only="payments.settle")

    payment.refresh_from_db()
    assert payment.state == rules.OPEN
    assert balance_rub(payment) == Decimal("1000.00")


def test_a_canceled_payment_that_is_heard_of_after_success_stays_paid(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    ring(payment.shop, call_body(payment.gateway_payment_id))
    run_jobs(only="payments.settle")

    ring(payment.shop, call_body(payment.gateway_payment_id, "payment.canceled", status="canceled"), now=_later(60))
    run_jobs(only="payments.settle")

    payment.refresh_from_db()
    assert payment.state == rules.PAID


def test_a_thousand_rings_are_one_set_in_the_ledger_and_one_letter(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    events = ["payment.succeeded", "payment.waiting_for_capture", "payment.canceled"]

    for number in range(1000):
        ring(payment.shop, call_body(payment.gateway_payment_id, events[number % 3]), now=_later(number / 100))
        if number % 100 == 0:
            run_jobs(only="payments.settle")
    run_jobs(only="payments.settle")

    assert balance_rub(payment) == Decimal("0.00")
    assert RecordedFact.objects.filter(name="payments.PaymentConfirmed").count() == 1
    assert sum(Doorbell.objects.values_list("rings_count", flat=True)) == 1000


def test_rings_of_five_seconds_are_answered_by_one_job():
    payment = make_payment(make_account(), make_payer())

    for second in range(5):
        ring(payment.shop, call_body(payment.gateway_payment_id), now=_later(second))

    assert [job.scheduled_at for job in jobs()] == [NOW]


def test_a_ring_after_the_answer_is_answered_again_but_not_at_once():
    payment = make_payment(make_account(), make_payer())
    ring(payment.shop, call_body(payment.gateway_payment_id))
    ProcrastinateJob.objects.all()._raw_delete(using="default")

    ring(payment.shop, call_body(payment.gateway_payment_id), now=_later(2))

    assert [job.scheduled_at for job in jobs()] == [_later(5)]


def test_a_ring_while_the_job_of_another_still_waits_promises_no_later_one():
    payment = make_payment(make_account(), make_payer())
    ring(payment.shop, call_body(payment.gateway_payment_id))
    ring(payment.shop, call_body(payment.gateway_payment_id, "payment.canceled"), now=_later(2))
    ProcrastinateJob.objects.all()._raw_delete(using="default")  # the worker was busy until now
    answer(payment, now=_later(3))

    ring(payment.shop, call_body(payment.gateway_payment_id), now=_later(4))

    assert [job.scheduled_at for job in jobs()] == [_later(5)]


def test_a_ring_that_is_written_after_a_later_one_was_answered_owes_nothing():
    payment = make_payment(make_account(), make_payer())
    later = _later(2)
    ring(payment.shop, call_body(payment.gateway_payment_id, "payment.canceled"), now=later)
    answer(payment, now=later)

    ring(payment.shop, call_body(payment.gateway_payment_id, "payment.canceled"))
    ring(payment.shop, call_body(payment.gateway_payment_id))

    assert len(jobs()) == 1
    assert not Doorbell.objects.filter(answered_at=None).exists()
    assert Doorbell.objects.get(event="payment.canceled").last_rung_at == later


def test_a_ring_that_is_written_late_keeps_a_later_one_waiting():
    payment = make_payment(make_account(), make_payer())
    ring(payment.shop, call_body(payment.gateway_payment_id), now=_later(2))
    answer(payment, now=_later(2))
    ring(payment.shop, call_body(payment.gateway_payment_id), now=_later(60))

    ring(payment.shop, call_body(payment.gateway_payment_id), now=_later(1))

    assert Doorbell.objects.get().answered_at is None


def test_a_ring_that_overtakes_the_answer_of_create_finds_the_intent_by_our_id():
    payment = make_payment(make_account(), make_payer(), state="intended")

    ring(payment.shop, call_body("30c61a2b", metadata={"payment_id": str(payment.public_id)}))

    assert [job.args["payment_id"] for job in jobs()] == [payment.id]


@pytest.mark.parametrize(("event", "object_id"), [("payment.succeeded", "forged"), ("deal.closed", "d-1")])
def test_an_unknown_object_or_event_is_stored_and_counted_and_nobody_is_asked(event, object_id):
    payment = make_payment(make_account(), make_payer())

    for _ in range(2):
        ring(payment.shop, call_body(object_id, event))

    assert [(bell.event, bell.object_id, bell.rings_count) for bell in Doorbell.objects.all()] == [
        (event, object_id, 2)
    ]
    assert jobs() == []


def test_a_shop_cannot_ring_about_a_payment_of_another():
    payment = make_payment(make_account(), make_payer())
    other_shop = make_shop(make_account().supplier)

    ring(other_shop, call_body(payment.gateway_payment_id, metadata={"payment_id": str(payment.public_id)}))

    assert jobs() == []


@pytest.mark.parametrize("wrong", [{"secret": "0" * 40}, {"secret": "ы"}, {"shop_pk": 0}, {"gateway": "sberbank"}])
def test_an_address_that_we_did_not_give_out_is_not_found(wrong):
    payment = make_payment(make_account(), make_payer())

    with pytest.raises(NotFound):
        ring(payment.shop, call_body(payment.gateway_payment_id), **wrong)

    assert not Doorbell.objects.exists()


def test_a_new_version_of_the_hook_closes_the_old_address():
    shop = make_shop(make_account().supplier)
    old = shop.hook_secret
    shop.hook_version += 1
    shop.save()

    with pytest.raises(NotFound):
        ring(shop, call_body("any"), secret=old)


@pytest.mark.parametrize(("address", "is_let_in"), [("185.71.76.31", True), ("185.71.76.32", False), ("", False)])
def test_with_a_list_of_addresses_others_are_turned_away(settings, address, is_let_in):
    settings.YOOKASSA_ADDRESSES = ["185.71.76.0/27", "2a02:5180::/32"]
    shop = make_shop(make_account().supplier)

    if is_let_in:
        ring(shop, call_body("any"), visitor_address=address)
    else:
        with pytest.raises(ForeignAddress):
            ring(shop, call_body("any"), visitor_address=address)

    assert Doorbell.objects.exists() == is_let_in


def test_a_body_that_is_no_call_changes_nothing():
    with pytest.raises(NotACall):
        ring(make_shop(make_account().supplier), b"{}")

    assert not Doorbell.objects.exists()


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800", "a\nb"], ids=["zero", "half a pair", "a new line"])
def test_a_name_that_no_gateway_gives_is_no_call(name):
    shop = make_payment(make_account(), make_payer()).shop

    with pytest.raises(NotACall):
        ring(shop, call_body(name))

    assert not Doorbell.objects.exists()


def test_a_ring_about_a_refund_is_one_about_its_payment():
    payment = make_payment(make_account(), make_payer(), state="paid")

    ring(payment.shop, call_body("refund-1", "refund.succeeded", payment_id=payment.gateway_payment_id))
    ring(payment.shop, call_body("refund-2", "refund.succeeded", payment_id=payment.gateway_payment_id))

    bell = Doorbell.objects.get()
    assert (bell.event, bell.object_id, bell.rings_count) == ("refund.succeeded", payment.gateway_payment_id, 2)
    assert [job.args["payment_id"] for job in jobs()] == [payment.id]


def signed_query(key: str, **fields) -> str:
    return urlencode(fields | {"checksum": checksum(fields, key)})


def test_the_bank_rings_by_get_under_its_checksum():
    shop = make_shop(make_account().supplier, gateway="sberbank", callback_key="test-key")
    query = signed_query("test-key", mdOrder="3ff6962a", operation="deposited", status="1")

    ring(shop, b"", gateway="sberbank", method="GET", query=query)

    assert [(bell.event, bell.object_id) for bell in Doorbell.objects.all()] == [("deposited", "3ff6962a")]


@pytest.mark.parametrize(
    "query",
    ["mdOrder=3ff6962a&operation=declinedByTimeout", signed_query("other", mdOrder="3ff6962a", operation="deposited")],
)
def test_a_call_that_the_banks_key_did_not_sign_changes_nothing(query):
    shop = make_shop(make_account().supplier, gateway="sberbank", callback_key="test-key")

    with pytest.raises(ForgedCall):
        ring(shop, b"", gateway="sberbank", method="GET", query=query)

    assert not Doorbell.objects.exists()
    assert jobs() == []


def test_a_list_of_addresses_is_of_one_gateway(settings):
    settings.YOOKASSA_ADDRESSES = ["185.71.76.0/27"]
    shop = make_shop(make_account().supplier, gateway="sberbank")

    ring(shop, b"", gateway="sberbank", method="GET", query="mdOrder=3ff6962a&operation=deposited")

    settings.SBERBANK_ADDRESSES = ["84.252.147.0/24"]
    with pytest.raises(ForeignAddress):
        ring(shop, b"", gateway="sberbank", method="GET", query="mdOrder=3ff6962a&operation=deposited")


def test_the_payers_return_rings_too(gateway):
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)

    seen = come_back(public_id=payment.public_id, actor=payment.basket.user, now=NOW)
    run_jobs(only="payments.settle")

    assert seen.state == rules.OPEN
    assert Payment.objects.get().state == rules.PAID


def test_a_return_to_a_payment_that_is_settled_asks_nobody():
    payer = make_payer()
    payment = make_payment(make_account(), payer, state="paid")

    come_back(public_id=payment.public_id, actor=payer, now=NOW)

    assert jobs() == []


def test_somebody_elses_payment_is_not_found():
    payment = make_payment(make_account(), make_payer())

    with pytest.raises(NotFound):
        come_back(public_id=payment.public_id, actor=make_payer(), now=NOW)


def _later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


@transaction.atomic
def answer(payment: Payment, *, now: dt.datetime) -> None:
    answer_doorbells(payment, now=now)
