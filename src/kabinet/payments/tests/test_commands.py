"""Commands about payments, and the check at start."""

import datetime as dt
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.payments import queries
from kabinet.payments.apps import no_test_shop
from kabinet.payments.models import Doorbell, Payment, Shop
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop, make_started_payment
from kabinet.payments.usecases.settle_payment import settle_payment

pytestmark = pytest.mark.django_db


def output_of(*command: str) -> str:
    written = StringIO()
    call_command(*command, stdout=written)
    return written.getvalue()


def test_settle_asks_the_gateway_and_says_the_state(gateway):
    payment = make_started_payment()
    gateway.pay(payment.gateway_payment_id)

    assert output_of("settle", "--payment", str(payment.public_id)) == f"{payment.public_id}: paid\n"


def test_settle_of_a_payment_that_does_not_exist_fails():
    with pytest.raises(CommandError, match="there is no payment"):
        output_of("settle", "--payment", str(uuid4()))


def test_settle_without_an_answer_fails(settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    payment = make_payment(make_account(), make_payer())

    with pytest.raises(CommandError, match="did not say"):
        output_of("settle", "--payment", str(payment.public_id))


def test_nothing_is_stuck_while_everything_is_in_time():
    make_payment(make_account(), make_payer(), next_check_at=timezone.now())
    make_payment(make_account(), make_payer(), state="paid")

    assert output_of("payments_stuck") == "0 stuck\n"


def test_what_waits_beyond_its_time_is_listed_and_the_command_fails():
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    late = make_payment(make_account(), make_payer(), next_check_at=an_hour_ago)
    odd = make_payment(make_account(), make_payer(), next_check_at=None, alarm=Payment.Alarm.MISMATCH)
    bell = Doorbell.objects.create(
        supplier_id=late.supplier_id,
        shop=late.shop,
        event="payment.succeeded",
        object_id="30c61a2b",
        first_rung_at=an_hour_ago,
        last_rung_at=an_hour_ago,
        due_at=an_hour_ago,
    )
    written = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("payments_stuck", stdout=written)

    assert end.value.code == 1
    for subject in (f"payment:{late.id}", f"payment:{odd.id}", f"doorbell:{bell.id}", "3 stuck"):
        assert subject in written.getvalue()


def test_a_settled_payment_agrees_with_the_ledger(gateway):
    payment = make_started_payment()
    gateway.pay(payment.gateway_payment_id)
    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)

    assert queries.differences() == []


def test_a_paid_payment_without_transfers_is_found():
    payment = make_payment(make_account(), make_payer(), "100.00", state="paid")

    [found] = queries.differences()

    assert (found.what, found.subject) == ("payment", f"payment:{payment.id}")
    assert (found.stored_rub, found.computed_rub) == (Decimal("100.00"), None)


def test_shares_that_do_not_sum_to_what_the_account_gets_are_found():
    payment = make_payment(make_account(), make_payer(), "100.00")
    payment.shares.update(amount_rub=Decimal("99.99"))

    [found] = queries.differences()

    assert (found.what, found.computed_rub) == ("shares", Decimal("99.99"))


@pytest.mark.parametrize(
    ("shop", "is_demo", "found"),
    [
        ({"is_test": True}, False, ["payments.E001"]),
        ({"is_test": True}, True, []),
        ({"is_test": False}, False, []),
        ({"is_test": True, "is_enabled": False}, False, []),
    ],
)
def test_a_test_shop_is_refused_in_production(settings, shop, is_demo, found):
    settings.DEMO, settings.DEBUG = is_demo, False
    make_shop(make_account().supplier, **shop)

    assert [error.id for error in no_test_shop(databases=["default"])] == found


def test_a_shops_key_is_not_in_the_database():
    shop = make_shop(make_account().supplier, secret="live_verysecret")

    stored = Shop.objects.values().get(pk=shop.pk)

    assert "live_verysecret" not in str(stored)
    assert Shop.objects.get(pk=shop.pk).secret == "live_verysecret"


def test_a_shops_key_outlives_a_change_of_the_installations_key(settings):
    shop = make_shop(make_account().supplier, secret="live_verysecret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next one", [settings.SECRET_KEY]

    assert Shop.objects.get(pk=shop.pk).secret == "live_verysecret"
