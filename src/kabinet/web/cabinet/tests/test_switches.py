"""Each switch of a supplier's settings is obeyed by the cabinet."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills.models import Certificate
from kabinet.bills.usecases.issue_certificate import NotOffered, issue_certificate
from kabinet.charges.tests.factories import make_charge
from kabinet.common.testing import NOW
from kabinet.meters.models import Reading
from kabinet.meters.tests.factories import make_meter
from kabinet.meters.usecases.submit_reading import FullAccessAsked, ReadingsPaused, submit_reading
from kabinet.payments.models import Autopay, AutopayCharge, Payment
from kabinet.payments.queries.autopay import can_have_autopay
from kabinet.payments.queries.baskets import ShopClosed
from kabinet.payments.tests.factories import make_autopay_charge, make_payer, make_shop
from kabinet.payments.usecases.announce_autopay import announce_autopay
from kabinet.payments.usecases.charge_autopay import charge_autopay
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.web.cabinet.context import account_here
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db

NOTE = "Меняем программу, вернёмся 1 декабря."


@pytest.fixture(autouse=True)
def on_a_day_in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def account(client):
    return attached(client)


def attached(client, level="full", **settings):
    account = make_account()
    set_up(account, **settings)
    make_shop(account.supplier, saves_methods=True)
    make_charge(account, "1234.56")
    payer = make_payer()
    make_access(payer, account, level=level)
    client.force_login(payer)
    client.user = payer
    return account


def set_up(account, **settings):
    for name, value in settings.items():
        setattr(account.supplier, name, value)
    account.supplier.save()


def look(client, name, account):
    return text_of(client.get(reverse(f"cabinet:{name}", args=[account.supplier_id, account.id])))


def submit(meter, actor):
    return submit_reading(
        supplier_id=meter.supplier_id,
        meter_id=meter.id,
        value_m3=Decimal(1240),
        taken_on=dt.date(2026, 11, 22),
        request_id=uuid4(),
        actor=actor,
        now=NOW,
    )


def pay(account, actor):
    return start_payment(
        supplier_id=account.supplier_id,
        account_id=account.id,
        mode="debt",
        shown_amount_rub=Decimal("1234.56"),
        knows_of_recent=False,
        request_id=uuid4(),
        actor=actor,
        now=NOW,
    )


class TestReadingsUnderLiteAccess:
    @pytest.mark.parametrize("is_taken", [True, False])
    def test_they_are_taken_or_asked_for_a_proof(self, client, is_taken):
        account = attached(client, level="lite", lite_submits_readings=is_taken)
        meter = make_meter(account, value="1234", on="2026-10-25")

        page = look(client, "readings", account)
        assert ("Нужен полный доступ" in page) is not is_taken
        if is_taken:
            assert submit(meter, client.user).is_unproven
            return
        with pytest.raises(FullAccessAsked):
            submit(meter, client.user)
        assert not Reading.objects.filter(source="customer").exists()

    def test_full_access_is_never_asked_for_more(self, client):
        account = attached(client, lite_submits_readings=False)

        assert submit(make_meter(account, value="1234", on="2026-10-25"), client.user).pk


class TestPause:
    def test_readings_wait_and_everybody_reads_why(self, client):
        account = attached(client, pause_note=NOTE)
        meter = make_meter(account, value="1234", on="2026-10-25")

        for screen in ("account", "readings"):
            assert NOTE in look(client, screen, account)
        with pytest.raises(ReadingsPaused, match="вернёмся 1 декабря"):
            submit(meter, client.user)
        assert not Reading.objects.filter(source="customer").exists()

    def test_payments_wait(self, client):
        account = attached(client, pause_note=NOTE)

        page = look(client, "pay", account)
        assert "Приём оплаты приостановлен" in page
        assert NOTE in page
        with pytest.raises(ShopClosed):
            pay(account, client.user)
        assert not Payment.objects.exists()

    def test_without_it_nothing_is_said(self, client, account):
        assert "приостановлен" not in look(client, "account", account)


class TestPayments:
    def test_switched_off_nobody_pays_here(self, client):
        account = attached(client, accepts_payments=False, payment_note="Платите в офисе.")

        page = look(client, "pay", account)
        assert "пока не принимает оплату онлайн" in page
        assert "Платите в офисе." in page
        with pytest.raises(ShopClosed):
            pay(account, client.user)

    @pytest.mark.parametrize("settings", [{"accepts_payments": False}, {"pause_note": NOTE}])
    def test_standing_orders_wait_and_go_on_afterwards(self, client, account, settings):
        charge = make_autopay_charge(account, client.user)
        Autopay.objects.update(next_charge_on=dt.date(2026, 11, 25))
        set_up(account, **settings)
        on_day = NOW + dt.timedelta(days=3)

        of_order = {"supplier_id": account.supplier_id, "account_id": account.id, "now": on_day}
        charge_autopay(charge_id=charge.id, **of_order)
        announce_autopay(autopay_id=charge.autopay_id, **of_order)

        charge.refresh_from_db()
        assert (charge.state, charge.payment) == (AutopayCharge.State.ANNOUNCED, None)
        assert Autopay.objects.get().state == Autopay.State.ON
        assert Autopay.objects.get().next_charge_on == dt.date(2026, 11, 25)

    def test_the_message_stands_above_the_ways_to_pay(self, client):
        assert "Комиссии нет." in look(client, "pay", attached(client, payment_note="Комиссии нет."))

    @pytest.mark.parametrize("is_offered", [True, False])
    def test_autopay_is_offered_or_not(self, client, rf, is_offered):
        account = attached(client, offers_autopay=is_offered)
        request = rf.get("/")
        request.user, request.session, request.resolver_match = client.user, {}, None

        assert ("Автоплатёж" in look(client, "pay", account)) is is_offered
        assert can_have_autopay(account_here(request, account.supplier_id, account.id)) is is_offered


@pytest.mark.parametrize("is_offered", [True, False])
def test_certificates_are_offered_or_not(client, is_offered):
    account = make_account()
    set_up(account, offers_certificates=is_offered)
    payer = make_payer()
    make_access(payer, account)
    make_charge(account, "0.01")
    client.force_login(payer)

    assert ("Справка об отсутствии задолженности" in look(client, "charges", account)) is is_offered
    if not is_offered:
        with pytest.raises(NotOffered):
            issue_certificate(supplier_id=account.supplier_id, account_id=account.id, actor=payer, now=NOW)
        assert not Certificate.objects.exists()


@pytest.mark.parametrize(("days", "is_told"), [(10, True), (9, False), (0, False)])
def test_the_end_of_a_verification_is_told_so_many_days_before(client, days, is_told):
    account = attached(client, verification_notice_days=days)
    make_meter(account, verification_due_on=dt.date(2026, 12, 2))

    assert ("Поверка счётчика до 2 декабря" in look(client, "account", account)) is is_told


def test_the_message_stands_above_the_readings(client):
    account = attached(client, reading_note="Передавайте и нули.")

    assert "Передавайте и нули." in look(client, "readings", account)
