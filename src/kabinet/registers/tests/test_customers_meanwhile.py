"""What customers meet while a register of their supplier is applied: a wait of seconds, then a sentence."""

import threading
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.testing import NOW
from kabinet.meters.models import Reading
from kabinet.meters.tests.factories import make_meter
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import make_payer, make_shop
from kabinet.registers.operations.applying import lines
from kabinet.registers.tests.incoming import Desk
from kabinet.registers.usecases.approve_register import approve_register
from kabinet.tariffs.tests.factories import make_tariff
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "Сейчас обновляются данные, которые для этого нужны. Подождите минуту и нажмите ещё раз"


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def account(desk, client):
    """An account of the person at this browser, which the register is about."""
    account = make_account(desk.supplier, number="702062012")
    make_tariff(desk.supplier)
    make_shop(desk.supplier)
    payer = make_payer()
    make_access(payer, account, level="full")
    client.force_login(payer)
    return account


@pytest.fixture
def register(desk, account):
    made = desk.check("balances", "number;balance_rub\n702062012;500,00\n")
    approve_register(**desk.key(made), note="так и есть", actor=desk.second, now=NOW)
    return made


@contextmanager
def applied_meanwhile(register):
    """Have a worker at the place where a register holds its accounts; this one waits a tenth of a second for a lock."""
    is_held, is_over = threading.Event(), threading.Event()

    def work():
        try:
            with transaction.atomic():
                lines.lock_accounts(register)
                is_held.set()
                is_over.wait(timeout=30)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert is_held.wait(timeout=30)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    try:
        with shown_on("2026-11-22"):
            yield
    finally:
        is_over.set()
        worker.join(timeout=30)
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_a_reading_stays_typed_and_is_taken_when_the_register_is_applied(client, account, register):
    meter = make_meter(account, value="1234", on="2026-10-25")
    given = {
        "value_m3": "1262",
        "taken_on": "2026-11-22",
        "scale_id": Reading.objects.get(meter=meter).scale_id,
        "request_id": UUID(int=1),
        "back": "readings",
    }
    address = reverse("cabinet:reading_submit", args=[meter.supplier_id, meter.id])

    with applied_meanwhile(register):
        refused = client.post(address, given)
    with shown_on("2026-11-22"):
        taken = client.post(address, given)

    assert SENTENCE in text_of(refused)
    assert 'value="1262"' in refused.content.decode()
    assert taken.status_code == 302
    assert Reading.objects.filter(meter=meter, value_m3=1262).count() == 1


def test_a_sum_stays_typed_and_no_payment_is_begun(client, account, register):
    sum_given = {"pay": "1", "request_id": str(UUID(int=1)), "shown_amount_rub": "300.00", "amount_rub": "300,00"}

    with applied_meanwhile(register):
        refused = client.post(reverse("cabinet:pay_own_sum", args=[account.supplier_id, account.id]), sum_given)

    assert SENTENCE in text_of(refused)
    assert "300" in refused.content.decode()
    assert not Payment.objects.exists()


def test_what_is_read_waits_for_nobody(client, account, register):
    with applied_meanwhile(register):
        page = client.get(reverse("cabinet:account", args=[account.supplier_id, account.id]))

    assert page.status_code == 200
