"""A run is released only while all of it was computed by what holds: what is set meanwhile, however late it commits."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, transaction

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.accounts.usecases.set_residents import set_residents
from kabinet.audit import operations as audit
from kabinet.charges import queries
from kabinet.charges.models import AccrualBatch, AccrualPolicy, AccrualRun
from kabinet.charges.operations import drafting, runs
from kabinet.charges.operations.drafting import TermsChanged
from kabinet.charges.queries.terms import MonthTerms
from kabinet.charges.tests.test_accrual_run import NOVEMBER_1, OCTOBER, amounts, drafts, make_billing, release, start
from kabinet.charges.usecases.compute_batch import compute_batch
from kabinet.charges.usecases.finish_computing import finish_computing
from kabinet.charges.usecases.recompute_accrual import recompute_accrual
from kabinet.charges.usecases.rerun_account import rerun_account
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.testing import at
from kabinet.meters.tests.factories import make_keeper, make_meter
from kabinet.meters.usecases.note_outage import note_outage
from kabinet.outbox.testing import run_jobs
from kabinet.suppliers.models import CalendarDay, PaymentTerm, Service, StatutoryTerm, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.tests.factories import (
    make_accountant,
    make_benefit,
    make_norm,
    make_penalty_law,
    make_tariff,
    make_vat_rate,
    make_volume_factor,
)

pytestmark = pytest.mark.django_db

LONG_AGO = at("2026-01-01 00:00")


def make_waiting_run() -> AccrualRun:
    """Make a run of October of one account without a meter: 10 m³ by the norm at 10 ₽."""
    return start(make_supplier_of_residents())


def make_supplier_of_residents(count: int = 1) -> Supplier:
    supplier = make_billing("10")
    make_norm(supplier, "10", set_at=LONG_AGO)
    for _ in range(count):
        make_account(supplier, opened_on=dt.date(2026, 1, 1), residents_count=1)
    return supplier


def set_price(supplier: Supplier, price: str) -> None:
    """Set the price as of a moment before every run of these tests: the clock was read at the door, long before."""
    Tariff.objects.filter(supplier=supplier).update(price_rub_per_m3=Decimal(price), set_at=LONG_AGO)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda supplier: set_price(supplier, "11"), id="price"),
        pytest.param(lambda supplier: make_norm(supplier, "11", region_code="else", set_at=LONG_AGO), id="norm"),
        pytest.param(lambda supplier: make_volume_factor(supplier, set_at=LONG_AGO), id="factor"),
        pytest.param(lambda supplier: make_benefit(supplier, set_at=LONG_AGO), id="benefit"),
        pytest.param(lambda supplier: make_penalty_law(cap="9.5"), id="penalties"),
        pytest.param(lambda supplier: make_vat_rate("20"), id="vat"),
        pytest.param(
            lambda supplier: PaymentTerm.objects.create(
                supplier=supplier, from_month=OCTOBER, bill_by_day=5, pay_by_day=25
            ),
            id="own day to pay",
        ),
        pytest.param(
            lambda supplier: StatutoryTerm.objects.create(from_month=OCTOBER, bill_by_day=5, pay_by_day=25),
            id="day to pay by law",
        ),
        pytest.param(lambda supplier: CalendarDay.objects.create(day=dt.date(2026, 10, 12)), id="day off"),
        pytest.param(lambda supplier: AccrualPolicy.objects.update(average_of_months=6), id="policy"),
        pytest.param(lambda supplier: Service.objects.filter(supplier=supplier).update(is_main=False), id="service"),
        pytest.param(lambda supplier: Tariff.objects.filter(supplier=supplier).delete(), id="no price any more"),
    ],
)
def test_whatever_everybody_is_charged_by_keeps_a_run_from_release_when_it_changes(
    change: Callable[[Supplier], object],
) -> None:
    run = make_waiting_run()
    assert not queries.terms_changed(run)

    change(run.supplier)

    with pytest.raises(TermsChanged):
        release(run)
    assert amounts(run.supplier) == []


def test_what_another_supplier_sets_and_days_off_of_later_months_keep_nobody_waiting():
    run = make_waiting_run()
    other = make_supplier()

    make_tariff(other, "11")
    PaymentTerm.objects.create(supplier=other, from_month=OCTOBER, bill_by_day=5, pay_by_day=25)
    CalendarDay.objects.create(day=dt.date(2027, 1, 1))

    assert release(run).state == AccrualRun.State.RELEASED


def test_a_price_that_is_put_back_as_it_was_keeps_nobody_waiting():
    run = make_waiting_run()
    set_price(run.supplier, "11")
    set_price(run.supplier, "10")

    assert release(run).state == AccrualRun.State.RELEASED


def test_a_price_that_came_between_two_batches_has_both_computed_anew(monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ACCOUNTS", 1)
    supplier = make_supplier_of_residents(2)
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)
    compute_batch(supplier_id=supplier.id, run_id=run.id, now=NOVEMBER_1)
    set_price(supplier, "11")
    run_jobs(only="charges")
    run.refresh_from_db()
    assert drafts(run) == [Decimal("100.00"), Decimal("110.00")]

    with pytest.raises(TermsChanged):
        release(run)
    recompute_accrual(supplier_id=supplier.id, run_id=run.id, actor=make_accountant(supplier), now=NOVEMBER_1)
    run_jobs(only="charges")
    run.refresh_from_db()
    release(run)

    assert amounts(supplier) == [Decimal("110.00"), Decimal("110.00")]


def test_a_day_to_pay_that_came_within_a_batch_has_it_computed_anew(monkeypatch):
    """Days to pay are read account by account: some of a batch may have gone by the one, some by the other."""
    supplier = make_supplier_of_residents()
    usual = drafting.draft_regular

    def meanwhile(run: AccrualRun, month: MonthTerms, first: int, last: int) -> None:
        usual(run, month, first, last)
        PaymentTerm.objects.get_or_create(supplier=supplier, from_month=OCTOBER, bill_by_day=5, pay_by_day=25)

    with monkeypatch.context() as patch:
        patch.setattr(drafting, "draft_regular", meanwhile)
        run = start(supplier)
    PaymentTerm.objects.all().delete()  # as it was when the batch began

    with pytest.raises(TermsChanged):
        release(run)


def test_one_account_is_not_computed_anew_by_a_price_that_its_neighbours_were_not():
    run = make_waiting_run()
    set_price(run.supplier, "11")
    account_id = Account.objects.get(supplier=run.supplier).id
    asked = {"supplier_id": run.supplier_id, "run_id": run.id, "actor": make_accountant(run.supplier)}

    with pytest.raises(TermsChanged):
        rerun_account(**asked, account_id=account_id, now=NOVEMBER_1)

    assert drafts(run) == [Decimal("100.00")]


@pytest.mark.django_db(transaction=True)
def test_a_price_that_was_asked_for_before_a_run_and_commits_after_its_batch_is_not_passed_over():
    """Its clock was read at the door, before the run was asked for: by moments it is older than the computation."""
    supplier = make_supplier_of_residents()
    is_written, may_commit = threading.Event(), threading.Event()

    def set_slowly() -> None:
        try:
            with transaction.atomic():
                set_price(supplier, "11")
                is_written.set()
                assert may_commit.wait(timeout=30)
        finally:
            connection.close()

    setting = threading.Thread(target=set_slowly)
    setting.start()
    assert is_written.wait(timeout=30)
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)
    of_run = {"supplier_id": supplier.id, "run_id": run.id, "now": NOVEMBER_1}
    assert compute_batch(**of_run)
    may_commit.set()
    setting.join(timeout=30)
    assert finish_computing(**of_run)
    run.refresh_from_db()

    assert (drafts(run), AccrualBatch.objects.get(run=run).computed_at) == ([Decimal("100.00")], NOVEMBER_1)
    assert Tariff.objects.get(supplier=supplier).set_at < run.asked_at  # what a comparison of moments would see
    with pytest.raises(TermsChanged):
        release(run)
    assert amounts(supplier) == []


def change_residents(account: Account, count: int, *, since: str = "2026-10-01", now: dt.datetime = NOVEMBER_1) -> None:
    set_residents(
        supplier_id=account.supplier_id,
        account_id=account.id,
        since=dt.date.fromisoformat(since),
        residents_count=count,
        area_m2=None,
        document="Заявление",
        actor=make_keeper(account.supplier),
        now=now,
    )


def test_an_account_of_which_something_changed_is_named_until_it_is_computed_anew():
    run = make_waiting_run()
    account = Account.objects.get(supplier=run.supplier)
    actor = make_accountant(run.supplier)
    assert queries.changed_accounts(run) == set()

    change_residents(account, 3)
    assert queries.changed_accounts(run) == {account.id}
    rerun_account(supplier_id=run.supplier_id, run_id=run.id, account_id=account.id, actor=actor, now=NOVEMBER_1)

    assert (queries.changed_accounts(run), drafts(run)) == (set(), [Decimal("300.00")])
    change_residents(account, 2)
    assert queries.changed_accounts(run) == {account.id}
    recompute_accrual(supplier_id=run.supplier_id, run_id=run.id, actor=actor, now=NOVEMBER_1)
    run.refresh_from_db()
    assert queries.changed_accounts(run) == set()


@pytest.mark.parametrize(("since", "is_named"), [("2026-10-31", True), ("2026-11-01", False)])
def test_what_changes_from_a_day_after_the_month_is_not_the_runs_matter(since, is_named):
    run = make_waiting_run()

    change_residents(Account.objects.get(supplier=run.supplier), 3, since=since)

    assert bool(queries.changed_accounts(run)) == is_named


def test_what_is_done_to_a_meter_is_told_of_its_account():
    run = make_waiting_run()
    account = Account.objects.get(supplier=run.supplier)
    meter = make_meter(account)

    note_outage(
        supplier_id=run.supplier_id,
        meter_id=meter.id,
        reason="faulty",
        since=dt.date(2026, 10, 26),
        document="Акт",
        actor=make_keeper(run.supplier),
        now=NOVEMBER_1,
    )

    assert queries.changed_accounts(run) == {account.id}


@pytest.mark.django_db(transaction=True)
def test_an_act_that_was_asked_for_before_a_run_and_commits_after_its_beginning_is_named():
    supplier = make_supplier_of_residents(2)
    early, late = Account.objects.filter(supplier=supplier).order_by("id")
    before = NOVEMBER_1 - dt.timedelta(minutes=1)
    change_residents(early, 2, now=before)
    is_written, may_commit = threading.Event(), threading.Event()

    def act_slowly() -> None:
        try:
            with transaction.atomic():
                audit.note(
                    action="account.residents_set",
                    actor=None,
                    now=before,
                    supplier_id=supplier.id,
                    subject=f"account:{late.id}",
                    details={"since": "2026-10-01"},
                )
                is_written.set()
                assert may_commit.wait(timeout=30)
        finally:
            connection.close()

    acting = threading.Thread(target=act_slowly)
    acting.start()
    assert is_written.wait(timeout=30)
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)
    may_commit.set()
    acting.join(timeout=30)

    assert queries.changed_accounts(run) == {late.id}
