"""A day of a shop is reconciled with the gateway's list and its register, over HTTP."""

import datetime as dt
import json
import threading
from decimal import Decimal
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connection

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.audit.models import Entry
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound, Rejected, Unavailable
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.outbox.testing import run_jobs
from kabinet.payments import queries
from kabinet.payments.gateways import Credentials
from kabinet.payments.gateways.yookassa import YooKassa
from kabinet.payments.models import DayLine, GatewayStatement, Payment, ReconciliationDay, Refund, SuspendedSum
from kabinet.payments.queries.reconciliation import day_of_reconciliation, days_of_reconciliation
from kabinet.payments.tests.factories import balance_rub, make_payer, make_payment, make_shop
from kabinet.payments.usecases.close_day import DayNotOver, DayNotReconciled, LinesOpen, close_day
from kabinet.payments.usecases.load_statement import LoadedAlready, NothingToLoad, RegisterRefused, load_statement
from kabinet.payments.usecases.note_day_line import NoteNeeded, note_day_line
from kabinet.payments.usecases.reconcile_day import reconcile_day
from kabinet.payments.usecases.refund_payment import refund_payment
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.payments.usecases.settle_refund import settle_refund
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.date(2026, 11, 22)  # NOW is its noon in Moscow
NEXT_DAY = dt.date(2026, 11, 23)
MORNING = NOW + dt.timedelta(days=1)
LATER = NOW + dt.timedelta(days=2)


class Day:
    """One shop with one account, at a gateway that nobody else uses."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.account, self.payer = make_account(), make_payer()
        make_access(self.payer, self.account)
        self.shop = make_shop(self.account.supplier)
        make_charge(self.account, "10000.00")

    def start(self, amount="100.00"):
        return start_payment(
            supplier_id=self.account.supplier_id,
            account_id=self.account.id,
            mode="own_sum",
            own_sum_rub=Decimal(amount),
            shown_amount_rub=Decimal(amount),
            knows_of_recent=True,
            request_id=uuid4(),
            actor=self.payer,
            now=NOW,
        )

    def paid(self, amount="100.00"):
        payment = self.start(amount)
        self.gateway.pay(payment.gateway_payment_id)
        return settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)

    def load(self, day=DAY, *, now=MORNING, actor=None, **texts):
        files = self.gateway.register(day.isoformat())
        return load_statement(
            supplier_id=self.shop.supplier_id,
            shop_id=self.shop.id,
            day=day,
            actor=actor,
            now=now,
            **{
                "payments_text": files["payments"],
                "payments_name": "payments.csv",
                "refunds_text": files["refunds"],
                "refunds_name": "refunds.csv",
            }
            | texts,
        )

    def reconcile(self, day=DAY, *, now=MORNING):
        return reconcile_day(supplier_id=self.shop.supplier_id, shop_id=self.shop.id, day=day, now=now)

    def close(self, actor, note="", day=DAY, now=MORNING):
        return close_day(
            supplier_id=self.shop.supplier_id, shop_id=self.shop.id, day=day, note=note, actor=actor, now=now
        )

    def staff(self, role="accountant"):
        user = make_user(f"{role}-{uuid4()}@example.ru", is_staff=True)
        StaffRole.objects.create(user=user, supplier_id=self.shop.supplier_id, role=role)
        return user


@pytest.fixture
def day(faulty_gateway):
    return Day(faulty_gateway())


@pytest.fixture
def _worker_of_the_morning(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MORNING)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # a test that commits leaves its own behind


def nobodys_payment(day, amount):
    """Make a payment in the shop past our program, as a form on the supplier's old site would."""
    shop = YooKassa(Credentials(shop_id=day.shop.shop_id, secret=day.shop.secret, api_url=day.gateway.api_url))
    order = {"amount": {"value": amount, "currency": "RUB"}, "capture": True}
    order["confirmation"] = {"type": "redirect", "return_url": "https://old.example.ru/"}
    return shop.create(json.dumps(order), key=uuid4()).id


def open_lines(reconciled):
    lines = reconciled.lines.filter(is_gone=False, note="")
    return {line.subject: line.finding for line in lines.order_by("id")}


def test_a_day_on_which_all_sides_agree_closes_by_itself(day):
    day.paid("100.00")
    day.paid("250.50")
    day.load()

    reconciled = day.reconcile()

    assert reconciled.state == ReconciliationDay.State.CLOSED
    assert (reconciled.equal_count, reconciled.equal_rub) == (2, Decimal("350.50"))
    assert reconciled.closed_by is None
    assert reconciled.fee_rub == Decimal("12.27")  # 3.50 + 8.77: the sandbox keeps 3.5 %


def test_a_day_without_payments_closes_by_its_empty_register(day):
    day.load()

    assert day.reconcile().state == ReconciliationDay.State.CLOSED


def test_a_day_whose_register_has_not_come_stays_open(day):
    day.paid()

    reconciled = day.reconcile()

    assert (reconciled.state, reconciled.has_list, reconciled.has_register) == ("open", True, False)
    assert open_lines(reconciled) == {}
    assert [found.what for found in queries.stuck(LATER)] == ["no register"]


def test_a_day_that_is_not_over_stays_open(day):
    day.paid()
    day.load(now=NOW)

    assert day.reconcile(now=NOW).state == ReconciliationDay.State.OPEN


def test_each_wrong_line_of_a_register_lands_in_its_class_until_a_person_closes_the_day(day):
    missing, doubled, altered, late, _right = (day.paid(amount) for amount in ("1.00", "2.00", "3.00", "4.00", "5.00"))
    day.gateway.distort_register(
        omit=[missing.gateway_payment_id],
        double=[doubled.gateway_payment_id],
        alter={altered.gateway_payment_id: {"amount": "3.33"}},
        next_day=[late.gateway_payment_id],
    )
    day.load()
    day.load(NEXT_DAY, now=LATER)

    reconciled = day.reconcile(now=LATER)

    assert open_lines(reconciled) == {
        missing.gateway_payment_id: "one_source",
        doubled.gateway_payment_id: "doubled",
        altered.gateway_payment_id: "amount",
        late.gateway_payment_id: "other_day",
    }
    assert (reconciled.state, reconciled.equal_count, reconciled.equal_rub) == ("open", 1, Decimal("5.00"))
    assert open_lines(day.reconcile(NEXT_DAY, now=LATER)) == {late.gateway_payment_id: "other_day"}

    accountant = day.staff()
    with pytest.raises(LinesOpen, match="Строк без решения: 4"):
        day.close(accountant, now=LATER)
    for line in reconciled.lines.all():
        note_day_line(
            supplier_id=line.supplier_id, line_id=line.id, note="Письмо в ЮKassa № 17", actor=accountant, now=LATER
        )
    assert day.close(accountant, now=LATER).state == ReconciliationDay.State.CLOSED
    assert day.reconcile(now=LATER).state == ReconciliationDay.State.CLOSED
    assert ReconciliationDay.objects.get(day=DAY).closed_by == accountant


def test_the_day_is_reconciled_again_without_a_second_line(day):
    payment = day.paid()
    day.gateway.distort_register(omit=[payment.gateway_payment_id])
    day.load()
    first = day.reconcile()
    line = first.lines.get()
    note_day_line(supplier_id=line.supplier_id, line_id=line.id, note="Ждём", actor=day.staff(), now=MORNING)

    again = day.reconcile(now=LATER)

    assert [found.note for found in again.lines.all()] == ["Ждём"]
    assert GatewayStatement.objects.filter(source="list").count() == 1


def note_of_the_only_line(reconciled, note, actor):
    line = reconciled.lines.get()
    note_day_line(supplier_id=line.supplier_id, line_id=line.id, note=note, actor=actor, now=MORNING)


def test_a_note_ends_with_the_sums_that_it_explained(day):
    payment, accountant = day.paid("1000.00"), day.staff()
    day.gateway.distort_register(alter={payment.gateway_payment_id: {"amount": "999.99"}})
    day.load()
    note_of_the_only_line(day.reconcile(), "Округление", accountant)
    assert day.close(accountant).state == ReconciliationDay.State.CLOSED
    day.gateway.distort_register(alter={payment.gateway_payment_id: {"amount": "1.00"}})
    day.load(refunds_text=None)

    reconciled = day.reconcile(now=LATER)

    line = reconciled.lines.get()
    assert (line.theirs_rub, line.note, line.noted_by, line.noted_at) == (Decimal("1.00"), "", None, None)
    assert reconciled.state == ReconciliationDay.State.OPEN


def test_a_line_that_comes_back_is_explained_anew(day):
    payment, accountant = day.paid("1000.00"), day.staff()
    wrong = {payment.gateway_payment_id: {"amount": "999.99"}}
    day.gateway.distort_register(alter=wrong)
    day.load()
    note_of_the_only_line(day.reconcile(), "Округление, поправят", accountant)
    day.gateway.straighten_register()
    day.load(refunds_text=None)
    assert [line.note for line in day.reconcile().lines.all()] == ["Округление, поправят"]
    day.gateway.distort_register(alter=wrong)
    day.load(refunds_text=None, payments_text=day.gateway.register(DAY.isoformat())["payments"] + "\r\n")

    reconciled = day.reconcile(now=LATER)

    assert open_lines(reconciled) == {payment.gateway_payment_id: "amount"}
    assert reconciled.state == ReconciliationDay.State.OPEN


def test_a_corrected_file_takes_the_place_of_the_wrong_one(day):
    payment = day.paid()
    day.gateway.distort_register(alter={payment.gateway_payment_id: {"amount": "1.00"}})
    day.load()
    assert open_lines(day.reconcile()) == {payment.gateway_payment_id: "amount"}
    day.gateway.straighten_register()
    day.load(refunds_text=None)

    reconciled = day.reconcile()

    assert reconciled.state == ReconciliationDay.State.CLOSED
    assert [line.is_gone for line in reconciled.lines.all()] == [True]


def test_a_payment_that_nobody_told_us_of_is_settled(day):
    payment = day.start("100.00")
    day.gateway.pay(payment.gateway_payment_id)
    day.load()

    reconciled = day.reconcile()

    assert Payment.objects.get().state == "paid"
    assert balance_rub(payment) == Decimal("9900.00")
    assert [(line.finding, line.is_gone, line.payment_id) for line in reconciled.lines.all()] == [
        ("theirs_ours", True, payment.id)
    ]
    assert reconciled.state == ReconciliationDay.State.CLOSED


def test_a_payment_that_our_database_has_lost_is_rebuilt(day):
    payment = day.start("100.00")
    day.gateway.pay(payment.gateway_payment_id)
    payment.shares.all().delete()
    Payment.objects.all().delete()
    day.load()

    reconciled = day.reconcile()

    rebuilt = Payment.objects.get()
    assert (rebuilt.public_id, rebuilt.state, rebuilt.shared_rub) == (payment.public_id, "paid", Decimal("100.00"))
    assert balance_rub(rebuilt) == Decimal("9900.00")
    assert reconciled.state == ReconciliationDay.State.CLOSED


def test_money_of_nobody_stands_in_suspense_and_the_day_stays_open(day):
    stranger = nobodys_payment(day, "70.00")
    day.gateway.pay(stranger)
    day.load()

    reconciled = day.reconcile()

    suspended_sum = SuspendedSum.objects.get()
    assert (suspended_sum.gateway_payment_id, suspended_sum.amount_rub) == (stranger, Decimal("70.00"))
    assert ledger.supplier_balance_rub(day.shop.supplier_id, "suspense") == Decimal("-70.00")
    assert open_lines(reconciled) == {stranger: "theirs_foreign"}

    suspended_sum.decided_rub = suspended_sum.amount_rub
    suspended_sum.save()
    assert day.reconcile().state == ReconciliationDay.State.CLOSED


def test_a_line_that_the_gateway_itself_does_not_know_moves_no_money(day):
    day.gateway.distort_register(foreign=[{"date": "2026-11-22", "amount": "55.00"}])
    day.load()

    reconciled = day.reconcile()

    assert list(open_lines(reconciled).values()) == ["theirs_foreign"]
    assert SuspendedSum.objects.count() == 0
    assert ledger.supplier_balance_rub(day.shop.supplier_id, "clearing", day.shop.shop_id) == 0


def test_what_was_posted_without_money_is_an_alarm(day):
    payment = make_payment(day.account, day.payer, "100.00", state="paid")
    day.load()

    assert open_lines(day.reconcile()) == {payment.gateway_payment_id: "only_ours"}


def test_a_refund_made_by_hand_is_posted_and_waits_for_a_person(day):
    payment = day.paid("100.00")
    refund_id = day.gateway.refund(payment.gateway_payment_id, "40.00")["id"]
    day.load()

    reconciled = day.reconcile()

    assert Refund.objects.get().state == "done"
    assert balance_rub(payment) == Decimal("9940.00")
    assert open_lines(reconciled) == {refund_id: "refund_unasked"}


def test_a_chargeback_in_the_register_waits_for_a_person(day):
    payment = day.paid("100.00")
    chargeback_id = day.gateway.charge_back(payment.gateway_payment_id)["id"]
    day.load()

    assert open_lines(day.reconcile()) == {chargeback_id: "chargeback"}


def test_the_days_fee_comes_from_the_gateway(day):
    payment = day.paid("1000.00")
    day.gateway.distort_register(alter={payment.gateway_payment_id: {"income": "900.00"}})
    day.load()

    reconciled = day.reconcile()

    assert open_lines(reconciled) == {payment.gateway_payment_id: "fee"}
    assert reconciled.fee_rub == Decimal("100.00")


def test_a_refused_key_ends_the_reconciliation_and_changes_nothing(day):
    day.shop.secret = "test_wrong"
    day.shop.save()

    with pytest.raises(Rejected, match="invalid_credentials"):
        day.reconcile()

    assert ReconciliationDay.objects.count() == 0


def test_a_silent_gateway_leaves_the_day_as_it_was(day, settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"

    with pytest.raises(Unavailable):
        day.reconcile()

    assert ReconciliationDay.objects.count() == 0


def test_a_new_difference_opens_a_closed_day_again(day):
    payment = day.paid("100.00")
    day.load()
    assert day.reconcile().state == ReconciliationDay.State.CLOSED
    day.gateway.refund(payment.gateway_payment_id, "40.00")

    reconciled = day.reconcile(now=LATER)

    assert (reconciled.state, reconciled.closed_at) == ("open", None)


@pytest.fixture
def closed_day_with_a_pending_refund(day):
    """A day that closed by itself; ten minutes before its end a refund was begun that the gateway is slow with."""
    payment, accountant = day.paid("100.00"), day.staff()
    day.gateway.set_clock("2026-11-22T20:50:00Z")
    day.gateway.change_habits(refund="pending")
    day.refund = refund_payment(
        supplier_id=payment.supplier_id,
        payment_id=payment.id,
        amount_rub=Decimal("40.00"),
        note="Переплата",
        request_id=uuid4(),
        actor=accountant,
        now=NOW.replace(hour=20, minute=50),
    )
    day.load()
    assert day.reconcile().state == ReconciliationDay.State.CLOSED
    day.gateway.succeed_refund(day.refund.gateway_refund_id)
    return day


def test_money_that_is_posted_into_a_closed_day_opens_it_at_once(closed_day_with_a_pending_refund):
    day = closed_day_with_a_pending_refund

    settle_refund(supplier_id=day.refund.supplier_id, refund_id=day.refund.id, now=MORNING)

    reopened = ReconciliationDay.objects.get(day=DAY)
    assert (reopened.state, reopened.reconciled_at, reopened.closed_at) == ("open", None, None)
    with pytest.raises(DayNotReconciled):
        day.close(day.staff(), note="Всё верно")


@pytest.mark.usefixtures("_worker_of_the_morning")
def test_a_day_that_was_opened_by_money_is_compared_again_by_itself(closed_day_with_a_pending_refund):
    day = closed_day_with_a_pending_refund
    settle_refund(supplier_id=day.refund.supplier_id, refund_id=day.refund.id, now=MORNING)

    run_jobs(only="payments.reconcile_day")

    compared = ReconciliationDay.objects.get(day=DAY)
    assert compared.reconciled_at == MORNING
    assert open_lines(compared) == {day.refund.gateway_refund_id: "one_source"}  # its register was of before


@pytest.mark.usefixtures("_worker_of_the_morning")
def test_a_payment_that_comes_late_opens_the_day_on_which_it_was_made(day):
    payment = day.start("100.00")
    day.load(payments_text="", refunds_text="")
    assert day.reconcile().state == ReconciliationDay.State.CLOSED
    day.gateway.pay(payment.gateway_payment_id)

    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=MORNING)

    assert ReconciliationDay.objects.get(day=DAY).state == ReconciliationDay.State.OPEN
    run_jobs(only="payments.reconcile_day")
    assert open_lines(ReconciliationDay.objects.get(day=DAY)) == {payment.gateway_payment_id: "one_source"}


def test_money_in_suspense_opens_its_day_too(day):
    payment = day.start("100.00")
    day.load(payments_text="", refunds_text="")
    assert day.reconcile().state == ReconciliationDay.State.CLOSED
    Payment.objects.filter(pk=payment.pk).update(amount_rub=Decimal("90.00"), shared_rub=Decimal("90.00"))
    day.gateway.pay(payment.gateway_payment_id)

    settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=MORNING)

    assert SuspendedSum.objects.get().amount_rub == Decimal("100.00")
    assert ReconciliationDay.objects.get(day=DAY).state == ReconciliationDay.State.OPEN


def test_money_of_today_opens_no_day(day):
    day.paid()

    assert ReconciliationDay.objects.count() == 0


def test_a_gateway_without_a_list_is_compared_by_its_register_alone(day, settings):
    settings.SBERBANK_URL = day.gateway.sberbank_url
    day.shop.gateway = "sberbank"
    day.shop.save()
    known, missing = day.paid("100.00"), day.paid("200.00")

    day.load(
        payments_text="mdOrder;Номер заказа;Сумма;Дата операции\n"
        f"{known.gateway_payment_id};{known.public_id};100.00;22.11.2026 12:00:00\n",
        refunds_text="",
    )
    reconciled = day.reconcile()

    assert (reconciled.has_list, reconciled.has_register, reconciled.equal_count) == (False, True, 1)
    assert open_lines(reconciled) == {missing.gateway_payment_id: "only_ours"}


def test_the_banks_own_files_close_its_day(day, settings):
    settings.SBERBANK_URL = day.gateway.sberbank_url
    day.shop.gateway = "sberbank"
    day.shop.save()
    payment = day.paid("100.00")
    day.load()

    reconciled = day.reconcile()

    assert (reconciled.has_list, reconciled.state, open_lines(reconciled)) == (False, "closed", {})
    assert (reconciled.equal_count, reconciled.equal_rub) == (1, payment.amount_rub)


# Files


def test_a_file_is_loaded_once(day):
    day.paid()
    day.load()

    with pytest.raises(LoadedAlready, match=r"«payments\.csv» уже загружен 23\.11\.2026 как реестр за 22\.11\.2026"):
        day.load()
    with pytest.raises(LoadedAlready):
        day.load(NEXT_DAY, payments_text=day.gateway.register(DAY.isoformat())["payments"])

    assert GatewayStatement.objects.count() == 2


def test_empty_files_of_two_days_are_two_files(day):
    for each in (DAY, NEXT_DAY):
        day.load(each, payments_text="", refunds_text="")

    assert GatewayStatement.objects.count() == 4


def test_a_file_that_cannot_be_read_is_refused_whole(day):
    with pytest.raises(RegisterRefused, match="Файл не прочитан, ничего не загружено"):
        day.load(payments_text="совсем не реестр;1\n2;3\n")

    assert GatewayStatement.objects.count() == 0


def test_no_file_is_refused(day):
    with pytest.raises(NothingToLoad):
        day.load(payments_text=None, refunds_text=None)


@pytest.mark.parametrize("comes", [("payments", "refunds"), ("refunds", "payments"), ("both",)])
def test_a_chargeback_stays_with_the_file_that_tells_of_it(day, comes):
    payment = day.paid("100.00")
    chargeback_id = day.gateway.charge_back(payment.gateway_payment_id)["id"]
    texts = {"payments": {"refunds_text": None}, "refunds": {"payments_text": None}, "both": {}}
    for files in comes:
        day.load(**texts[files])
    corrected = day.gateway.register(DAY.isoformat(), columns="id,amount,captured_at")["payments"]
    day.load(payments_text=corrected, refunds_text=None)

    assert open_lines(day.reconcile()) == {chargeback_id: "chargeback"}


def test_lines_of_another_day_are_kept(day):
    payment = day.paid()
    day.load(NEXT_DAY, payments_text=day.gateway.register(DAY.isoformat())["payments"], refunds_text="")

    reconciled = day.reconcile(NEXT_DAY, now=LATER)

    assert open_lines(reconciled) == {payment.gateway_payment_id: "other_day"}


# People


def test_a_day_without_register_is_closed_only_with_a_reason(day):
    day.reconcile()
    accountant = day.staff()

    with pytest.raises(NoteNeeded):
        day.close(accountant, note=" ")

    assert day.close(accountant, note="ЮKassa не работала").note == "ЮKassa не работала"


def close_at_once(day) -> set[str]:
    """Let two people close the day at the same moment; give back whose reasons they were told afterwards."""
    reasons, together = set(), threading.Barrier(2)

    def run(actor, note):
        together.wait(timeout=10)
        try:
            reasons.add(day.close(actor, note=note).note)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[day.staff(), note]) for note in ("Звонил в банк", "Писал в банк")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return reasons


def test_of_two_at_once_one_closes_the_day_and_the_other_finds_it_closed(day):
    day.reconcile()

    assert close_at_once(day) == {ReconciliationDay.objects.get().note}
    assert Entry.objects.filter(action="day.closed").count() == 1


def test_control_without_the_lock_both_close_it(day):
    day.reconcile()
    both_have_read = threading.Barrier(2, timeout=10)

    def read_without_lock(shop, of_day):
        unlocked = ReconciliationDay.objects.get(shop=shop, day=of_day)
        both_have_read.wait()
        return unlocked

    with mock.patch("kabinet.payments.usecases.close_day.lock_day", read_without_lock):
        assert len(close_at_once(day)) == 2

    assert Entry.objects.filter(action="day.closed").count() == 2


def test_today_cannot_be_closed(day):
    day.reconcile(now=NOW)

    with pytest.raises(DayNotOver):
        day.close(day.staff(), note="Готово", now=NOW)


def test_support_may_not_close_a_day_and_strangers_see_none(day):
    day.reconcile()

    with pytest.raises(NotAllowed):
        day.close(day.staff("support"), note="Готово")
    with pytest.raises(NotFound):
        day.close(Day(day.gateway).staff(), note="Готово")
    assert ReconciliationDay.objects.get(shop=day.shop).state == "open"


def test_a_line_needs_words(day):
    make_payment(day.account, day.payer, "100.00", state="paid")
    line = day.reconcile().lines.get()

    with pytest.raises(NoteNeeded):
        note_day_line(supplier_id=line.supplier_id, line_id=line.id, note="  ", actor=day.staff(), now=MORNING)

    assert DayLine.objects.get().note == ""


# What staff see


def test_staff_see_a_day_with_its_lines_files_and_what_should_reach_the_bank(day):
    payment, _other = day.paid("100.00"), day.paid("900.00")
    day.gateway.refund(payment.gateway_payment_id, "40.00")
    day.load(actor=(accountant := day.staff()))
    day.reconcile()

    card = day_of_reconciliation(day.shop.supplier_id, day.shop.id, DAY, visible_to=accountant)
    [row] = days_of_reconciliation(visible_to=accountant, is_closed=False)

    assert (card.row, row.open_count, card.can_be_closed) == (row, 1, False)
    assert [(line.finding, line.is_open, line.theirs_rub) for line in card.lines] == [
        ("refund_unasked", True, Decimal("40.00"))
    ]
    assert {(file.file_name, file.lines_count) for file in card.files} == {
        ("payments.csv", 2),
        ("refunds.csv", 1),
        ("", 3),
    }
    # 1000.00 less 3.5 %, less what was given back
    assert (card.proposal.payments_rub, card.proposal.given_back_rub) == (Decimal("1000.00"), Decimal("40.00"))
    assert (card.proposal.amount_rub, card.proposal.fee_rub) == (Decimal("925.00"), Decimal("35.00"))


def test_a_day_that_nobody_has_looked_at_is_open_and_empty(day):
    card = day_of_reconciliation(day.shop.supplier_id, day.shop.id, DAY, visible_to=day.staff())

    assert (card.row.is_closed, card.row.reconciled_at, card.lines, card.files) == (False, None, [], [])
    assert (card.can_be_closed, card.proposal.amount_rub) == (False, None)
    assert ReconciliationDay.objects.count() == 0


def test_days_of_another_supplier_do_not_exist(day):
    day.reconcile()
    stranger = Day(day.gateway).staff()

    assert days_of_reconciliation(visible_to=stranger) == []
    with pytest.raises(NotFound):
        day_of_reconciliation(day.shop.supplier_id, day.shop.id, DAY, visible_to=stranger)
