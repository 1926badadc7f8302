"""A customer hands in a reading and pays for it in one go."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.common.testing import NOW
from kabinet.meters.models import MeterScale, Reading
from kabinet.meters.tests.factories import make_meter
from kabinet.meters.usecases.submit_reading import ReadingBelowPrevious
from kabinet.payments import rules
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import make_payer, make_shop
from kabinet.payments.usecases.hand_in_readings import GivenReading
from kabinet.payments.usecases.pay_with_reading import ReadingKept, pay_with_reading
from kabinet.tariffs.tests.factories import make_tariff

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def meter():
    """A dial that showed 1234 a month ago, at 10 ₽ a cubic metre, on an account with a debt of 100 ₽."""
    account = make_account()
    make_shop(account.supplier)
    make_tariff(account.supplier, "10.00000")
    make_charge(account, "100.00")
    return make_meter(account, value="1234", on="2026-10-25")


@pytest.fixture
def payer(meter):
    payer = make_payer()
    make_access(payer, meter.account)
    return payer


def pay(meter, payer, value: str = "1250", shown: str = "260.00", **values) -> Payment:
    scale = MeterScale.objects.get(meter=meter)
    defaults = {"confirmed": False, "rolled_over": False, "knows_of_recent": False, "request_id": uuid4(), "now": NOW}
    return pay_with_reading(
        supplier_id=meter.supplier_id,
        account_id=meter.account_id,
        readings=[GivenReading(meter.id, scale.id, Decimal(value), "value_1")],
        taken_on=TODAY,
        shown_amount_rub=Decimal(shown),
        actor=payer,
        **(defaults | values),
    )


def handed_in() -> list[Decimal]:
    return list(Reading.objects.filter(source="customer").values_list("value_m3", flat=True))


def test_the_debt_and_the_new_consumption_are_paid_together(gateway, meter, payer):
    payment = pay(meter, payer, "1250", "260.00")

    assert (payment.state, payment.amount_rub, payment.mode) == (rules.OPEN, Decimal("260.00"), "with_reading")
    assert str(payment.period) == "2026-11"
    assert handed_in() == [Decimal("1250.000")]


def test_a_reading_that_is_refused_starts_no_payment_and_stands_at_its_field(gateway, meter, payer):
    meter.supplier.allow_rollover = False
    meter.supplier.save()

    with pytest.raises(ReadingBelowPrevious) as refusal:
        pay(meter, payer, "1233", "100.00")

    assert refusal.value.field == "value_1"
    assert not Payment.objects.exists()


def test_when_the_gateway_is_silent_the_reading_stays_submitted(meter, payer, settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"

    payment = pay(meter, payer)

    assert payment.state == rules.INTENDED
    assert handed_in() == [Decimal("1250.000")]


def test_when_paying_is_refused_the_reading_stays_submitted_and_this_is_said(gateway, meter, payer):
    with pytest.raises(ReadingKept) as refusal:
        pay(meter, payer, shown="250.00")

    assert str(refusal.value).startswith(
        "Показание принято, а оплата не началась. Сумма изменилась: было 250,00\u00a0₽"
    )
    assert handed_in() == [Decimal("1250.000")]
    assert not Payment.objects.exists()


def test_after_a_refusal_the_same_request_hands_nothing_in_twice(gateway, meter, payer):
    with pytest.raises(ReadingKept):
        pay(meter, payer, shown="250.00", request_id=UUID(int=7))

    payment = pay(meter, payer, shown="260.00", request_id=UUID(int=7))

    assert payment.state == rules.OPEN
    assert handed_in() == [Decimal("1250.000")]


def test_a_value_that_was_corrected_after_a_refusal_is_a_new_reading(gateway, meter, payer):
    with pytest.raises(ReadingKept):
        pay(meter, payer, "1250", shown="250.00", request_id=UUID(int=7))

    pay(meter, payer, "1251", shown="270.00", request_id=UUID(int=7))

    assert handed_in() == [Decimal("1250.000"), Decimal("1251.000")]


def test_the_same_press_twice_is_one_reading_and_one_payment(gateway, meter, payer):
    first = pay(meter, payer, request_id=UUID(int=7))
    again = pay(meter, payer, request_id=UUID(int=7))

    assert again.id == first.id
    assert handed_in() == [Decimal("1250.000")]
