"""A month of all accounts of a supplier is computed, looked at, released by a second person and posted."""

import datetime as dt
import threading
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges import queries
from kabinet.charges.facts import MonthCharged
from kabinet.charges.models import AccrualBatch, AccrualRun, Charge, DraftCharge
from kabinet.charges.operations import posting, runs
from kabinet.charges.operations.runs import AnotherRun, PeriodNotOver, PolicyMissing
from kabinet.charges.tests.factories import make_accrual_policy, make_charge, make_payment
from kabinet.charges.usecases.cancel_accrual import TooLateToCancel, cancel_accrual
from kabinet.charges.usecases.check_accrual import check_accrual
from kabinet.charges.usecases.clear_batch import clear_batch
from kabinet.charges.usecases.compute_batch import compute_batch
from kabinet.charges.usecases.finish_computing import finish_computing
from kabinet.charges.usecases.post_batch import post_batch
from kabinet.charges.usecases.recompute_accrual import recompute_accrual
from kabinet.charges.usecases.release_accrual import NobodyChecked, NotReady, SamePerson, TermsChanged, release_accrual
from kabinet.charges.usecases.rerun_account import rerun_account
from kabinet.charges.usecases.resume_accruals import resume_accruals
from kabinet.charges.usecases.start_accrual import AlreadyReleased, BilledElsewhere, start_accrual
from kabinet.charges.usecases.start_due_accruals import start_due_accruals
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import User
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.tests.factories import make_accountant, make_penalty_law, make_support, make_tariff

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
NOVEMBER_1 = at("2026-11-01 05:10")
DECEMBER_1 = at("2026-12-01 05:10")


def make_billing(price: str = "10") -> Supplier:
    """Make a supplier that can accrue: with a price and its choices, both set long ago."""
    supplier = make_supplier()
    make_tariff(supplier, price, set_at=at("2026-01-01 00:00"))
    make_accrual_policy(supplier)
    return supplier


def make_read_account(supplier: Supplier, used: int) -> Account:
    account = make_account(supplier)
    make_reading(make_meter(account, value="1000", on="2026-09-25"), str(1000 + used), on="2026-10-25")
    return account


def start(supplier: Supplier, *, actor: User | None = None, **asked: Any) -> AccrualRun:
    run = start_accrual(**{"supplier_id": supplier.id, "period": OCTOBER, "actor": actor, "now": NOVEMBER_1} | asked)
    run_jobs(only="charges")
    run.refresh_from_db()
    return run


def release(run: AccrualRun, *, actor: User | None = None, now: dt.datetime = NOVEMBER_1) -> AccrualRun:
    actor = actor or make_accountant(run.supplier)
    if run.state == "ready":
        check(run)
    release_accrual(supplier_id=run.supplier_id, run_id=run.id, actor=actor, now=now)
    run_jobs(only="charges")
    run.refresh_from_db()
    return run


def check(run: AccrualRun, *, actor: User | None = None) -> AccrualRun:
    """Have somebody answer for a run, where nobody does."""
    actor = actor or make_accountant(run.supplier)
    return check_accrual(supplier_id=run.supplier_id, run_id=run.id, actor=actor, now=NOVEMBER_1)


def amounts(supplier: Supplier) -> list[Decimal]:
    rows = Charge.objects.filter(supplier=supplier).order_by("account_id", "period", "line_no", "id")
    return list(rows.values_list("amount_rub", flat=True))


def drafts(run: AccrualRun) -> list[Decimal]:
    rows = DraftCharge.objects.filter(run=run).order_by("account_id", "period", "line_no", "id")
    return list(rows.values_list("amount_rub", flat=True))


def test_a_run_charges_nothing_before_it_is_released():
    supplier = make_billing()
    make_read_account(supplier, 5)

    run = start(supplier)

    assert run.state == AccrualRun.State.READY
    assert (drafts(run), amounts(supplier)) == ([Decimal("50.00")], [])


def test_a_released_run_is_charged_posted_and_settled_by_what_was_paid_in_advance():
    supplier = make_billing()
    first, second = make_read_account(supplier, 5), make_read_account(supplier, 7)
    make_payment(second, "100.00")

    run = release(start(supplier))

    assert run.state == AccrualRun.State.RELEASED
    assert (drafts(run), amounts(supplier)) == ([], [Decimal("50.00"), Decimal("70.00")])
    assert ledger.balance_rub(supplier.id, first.id) == Decimal("50.00")
    assert ledger.balance_rub(supplier.id, second.id) == Decimal("-30.00")
    assert Charge.objects.get(account=second).settled_rub == Decimal("70.00")
    assert ledger.differences_everywhere() == []


def test_those_who_have_an_account_hear_of_it_once_when_all_of_it_is_posted():
    supplier = make_billing()
    make_read_account(supplier, 5)

    run = release(start(supplier))

    [fact] = RecordedFact.objects.filter(name=f"charges.{MonthCharged.__name__}")
    assert fact.payload == {"supplier_id": supplier.id, "run_id": run.id, "period": "2026-10"}


def test_batches_are_computed_and_posted_one_after_another(monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ACCOUNTS", 2)
    supplier = make_billing()
    for used in (1, 2, 3, 4, 5):
        make_read_account(supplier, used)

    run = release(start(supplier))

    assert [batch.accounts_count for batch in AccrualBatch.objects.filter(run=run)] == [2, 2, 1]
    assert amounts(supplier) == [Decimal(10), Decimal(20), Decimal(30), Decimal(40), Decimal(50)]


def test_an_account_without_a_price_stops_no_other_and_is_named():
    supplier = make_supplier()
    make_accrual_policy(supplier)
    make_tariff(supplier, "10", usage_purpose_code="cooking")
    unpriced = make_account(supplier, usage_purpose_code="heating")
    make_reading(make_meter(unpriced, value="1000", on="2026-09-25"), "1001", on="2026-10-25")
    priced = make_account(supplier, usage_purpose_code="cooking")
    make_reading(make_meter(priced, value="1000", on="2026-09-25"), "1002", on="2026-10-25")

    run = start(supplier)

    assert drafts(run) == [Decimal("20.00")]
    [oddity] = queries.oddities_of_run(supplier.id, run.id)
    assert (oddity.account_id, oddity.kind, oddity.details) == (unpriced.id, "no_tariff", {"day": "2026-09-26"})


def test_a_late_payer_is_charged_penalties():
    make_penalty_law(cap="9.5")
    supplier = make_billing()
    account = make_read_account(supplier, 5)
    make_charge(account, "2500.00", period="2026-07")

    run = start(supplier)

    [penalty] = DraftCharge.objects.filter(run=run, kind="penalty", for_period=OCTOBER)
    assert penalty.service.code == Service.PENALTY
    assert penalty.amount_rub > 0


def test_the_report_compares_with_the_month_before():
    supplier = make_billing()
    account = make_account(supplier)
    meter = make_meter(account, value="1000", on="2026-09-25")
    make_reading(meter, "1005", on="2026-10-25")
    release(start(supplier))
    make_reading(meter, "1012", on="2026-11-25")

    run = start(supplier, period=NOVEMBER, now=DECEMBER_1)
    report = queries.run_report(supplier.id, run.id)

    [row] = report.totals
    assert (row.kind, row.lines_count, row.volume_m3, row.amount_rub) == ("metered", 1, Decimal(7), Decimal("70.00"))
    assert (report.before_period, row.before_rub, row.change_rub) == (OCTOBER, Decimal("50.00"), Decimal("20.00"))


def test_the_report_of_a_first_month_compares_with_no_balances_that_accounts_came_with():
    supplier = make_billing()
    make_charge(make_read_account(supplier, 5), "500", period="2026-09", kind="opening")

    run = start(supplier)

    assert queries.run_report(supplier.id, run.id).before_period is None


def test_progress_tells_rate_and_time_left(monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ACCOUNTS", 2)
    supplier = make_billing()
    for used in (1, 2, 3, 4):
        make_read_account(supplier, used)
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)

    compute_batch(supplier_id=supplier.id, run_id=run.id, now=NOVEMBER_1 + dt.timedelta(seconds=4))
    progress = queries.progress_of(queries.accrual_run(supplier.id, run.id))

    assert (progress.accounts_done, progress.accounts_count, progress.percent) == (2, 4, 50)
    assert (progress.accounts_per_s, progress.left_s) == (0.5, 4.0)


def test_whoever_started_a_run_may_not_release_it():
    supplier = make_billing()
    make_read_account(supplier, 5)
    accountant = make_accountant(supplier)
    run = start(supplier, actor=accountant)

    with pytest.raises(SamePerson):
        release(run, actor=accountant)

    assert amounts(supplier) == []


def test_what_the_night_computed_two_people_look_at():
    supplier = make_billing()
    make_read_account(supplier, 5)
    first, second = make_accountant(supplier), make_accountant(supplier)
    run = start(supplier)

    with pytest.raises(NobodyChecked):
        release_accrual(supplier_id=supplier.id, run_id=run.id, actor=second, now=NOVEMBER_1)
    check(run, actor=first)
    check(run, actor=second)  # the first one answers for it already
    with pytest.raises(SamePerson):
        release(run, actor=first)
    assert amounts(supplier) == []

    run = release(run, actor=second)

    assert (run.asked_by, run.released_by, amounts(supplier)) == (first, second, [Decimal("50.00")])
    checked = Entry.objects.get(action="accrual.checked")
    assert (checked.actor, checked.subject) == (first, f"accrual:{run.id}")


def test_what_is_still_computed_cannot_be_checked_nor_by_support():
    supplier = make_billing()
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)

    with pytest.raises(NotReady):
        check(run)
    with pytest.raises(NotAllowed):
        check(run, actor=make_support(supplier))


def test_a_run_is_released_once():
    supplier = make_billing()
    make_read_account(supplier, 5)
    run = release(start(supplier))

    again = release(run)

    assert again.released_by_id == run.released_by_id
    assert amounts(supplier) == [Decimal("50.00")]


def test_a_run_that_is_still_computed_cannot_be_released():
    supplier = make_billing()
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)

    with pytest.raises(NotReady):
        release(run)


def test_prices_that_changed_after_the_computation_ask_for_another_one():
    supplier = make_billing()
    make_read_account(supplier, 5)
    run = start(supplier)
    later = NOVEMBER_1 + dt.timedelta(hours=1)
    Tariff.objects.filter(supplier=supplier).update(price_rub_per_m3=Decimal(11), set_at=later)

    with pytest.raises(TermsChanged):
        release(run)
    accountant = make_accountant(supplier)
    recompute_accrual(supplier_id=supplier.id, run_id=run.id, actor=accountant, now=later + dt.timedelta(minutes=1))
    run_jobs(only="charges")
    run.refresh_from_db()

    assert drafts(run) == [Decimal("55.00")]
    with pytest.raises(SamePerson):
        release(run, actor=accountant)
    assert release(run).state == AccrualRun.State.RELEASED


def test_support_and_strangers_neither_start_nor_release():
    supplier = make_billing()
    run = start(supplier)

    for actor, refusal in ((make_support(supplier), NotAllowed), (make_accountant(make_supplier()), NotFound)):
        with pytest.raises(refusal):
            start(supplier, actor=actor)
        with pytest.raises(refusal):
            release(run, actor=actor)
        with pytest.raises(refusal):
            cancel_accrual(supplier_id=supplier.id, run_id=run.id, actor=actor, now=NOVEMBER_1)


def test_a_month_is_started_once():
    supplier = make_billing()
    make_read_account(supplier, 5)
    run = start(supplier)

    with pytest.raises(AnotherRun):
        start(supplier)
    release(run)
    with pytest.raises(AlreadyReleased):
        start(supplier)


@pytest.mark.parametrize(("moment", "refused"), [("2026-10-31 23:59:59", True), ("2026-11-01 00:00", False)])
def test_a_month_is_started_when_it_is_over_where_the_supplier_is(moment, refused):
    supplier = make_supplier(time_zone="Asia/Kamchatka")
    make_accrual_policy(supplier)
    now = at(moment, "Asia/Kamchatka")

    if not refused:
        assert start(supplier, now=now).state == AccrualRun.State.READY
        return
    with pytest.raises(PeriodNotOver):
        start(supplier, now=now)


def test_what_keeps_a_supplier_from_accruing_is_said():
    with pytest.raises(BilledElsewhere):
        start(make_supplier(billing=Supplier.Billing.EXTERNAL))
    with pytest.raises(PolicyMissing):
        start(make_supplier())
    assert AccrualRun.objects.count() == 0


def test_a_cancelled_run_leaves_no_drafts_and_the_month_can_be_started_again():
    supplier = make_billing()
    make_read_account(supplier, 5)
    run = start(supplier)

    cancel_accrual(supplier_id=supplier.id, run_id=run.id, actor=make_accountant(supplier), now=NOVEMBER_1)
    run_jobs(only="charges")

    assert drafts(run) == []
    assert AccrualBatch.objects.filter(run=run).count() == 0
    assert start(supplier).state == AccrualRun.State.READY


def test_what_is_posted_cannot_be_cancelled():
    supplier = make_billing()
    run = release(start(supplier))

    with pytest.raises(TooLateToCancel):
        cancel_accrual(supplier_id=supplier.id, run_id=run.id, actor=make_accountant(supplier), now=NOVEMBER_1)


def test_one_account_is_computed_anew_and_the_totals_with_it():
    supplier = make_billing()
    make_read_account(supplier, 5)
    account = make_read_account(supplier, 7)
    run = start(supplier)
    make_reading(Meter.objects.get(account=account), "1010", on="2026-10-31")

    actor = make_accountant(supplier)
    rerun_account(supplier_id=supplier.id, run_id=run.id, account_id=account.id, actor=actor, now=NOVEMBER_1)

    [note] = Entry.objects.filter(action="accrual.account_recomputed")
    assert (note.actor, note.subject, note.details) == (actor, f"accrual:{run.id}", {"account": account.id})
    assert queries.run_report(supplier.id, run.id).amount_rub == Decimal("150.00")
    assert sum(drafts(run)) == Decimal("150.00")


def test_a_batch_computed_again_is_the_same():
    supplier = make_billing()
    make_read_account(supplier, 5)
    run = start(supplier)

    recompute_accrual(supplier_id=supplier.id, run_id=run.id, actor=make_accountant(supplier), now=NOVEMBER_1)
    run_jobs(only="charges")

    assert drafts(run) == [Decimal("50.00")]


def test_a_worker_that_dies_in_a_batch_leaves_nothing_of_it(monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ACCOUNTS", 1)
    supplier = make_billing()
    for used in (1, 2, 3):
        make_read_account(supplier, used)
    run = start(supplier)
    check(run)
    release_accrual(supplier_id=supplier.id, run_id=run.id, actor=make_accountant(supplier), now=NOVEMBER_1)
    post_batch(supplier_id=supplier.id, run_id=run.id, now=NOVEMBER_1)

    class Killed(BaseException):
        """As SIGKILL: nobody catches it."""

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(posting, "settle_many", die)
        with pytest.raises(Killed):
            post_batch(supplier_id=supplier.id, run_id=run.id, now=NOVEMBER_1)
    assert amounts(supplier) == [Decimal(10)]
    run_jobs(only="charges")

    assert amounts(supplier) == [Decimal(10), Decimal(20), Decimal(30)]
    assert ledger.differences_everywhere() == []


def forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_a_run_whose_job_is_gone_goes_on():
    supplier = make_billing()
    make_read_account(supplier, 5)
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)
    forget_jobs()

    resume_accruals()
    run_jobs(only="charges")

    run.refresh_from_db()
    assert run.state == AccrualRun.State.READY


def test_a_cancelled_run_whose_job_is_gone_is_cleared_to_its_end(monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ACCOUNTS", 1)
    supplier = make_billing()
    for used in (1, 2, 3):
        make_read_account(supplier, used)
    run = start(supplier)
    cancel_accrual(supplier_id=supplier.id, run_id=run.id, actor=make_accountant(supplier), now=NOVEMBER_1)
    clear_batch(supplier_id=supplier.id, run_id=run.id)
    forget_jobs()
    assert len(drafts(run)) == 2

    resume_accruals()
    run_jobs(only="charges")

    assert drafts(run) == []
    assert not AccrualBatch.objects.filter(run=run).exists()


def test_nothing_is_asked_for_runs_that_have_come_to_their_end():
    supplier = make_billing()
    make_read_account(supplier, 5)
    cancelled = start(supplier)
    cancel_accrual(supplier_id=supplier.id, run_id=cancelled.id, actor=make_accountant(supplier), now=NOVEMBER_1)
    run_jobs(only="charges")
    release(start(supplier))
    forget_jobs()

    resume_accruals()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def test_a_run_is_ready_only_when_no_batch_is_left():
    supplier = make_billing()
    make_read_account(supplier, 5)
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)

    assert not finish_computing(supplier_id=supplier.id, run_id=run.id, now=NOVEMBER_1)
    assert not post_batch(supplier_id=supplier.id, run_id=run.id, now=NOVEMBER_1)


def test_the_night_starts_last_month_for_everybody_billed_here_and_releases_nothing():
    here, elsewhere = make_billing(), make_supplier(billing=Supplier.Billing.EXTERNAL)
    make_supplier()  # has made no choices, and stops no other
    make_read_account(here, 5)

    start_due_accruals(now=NOVEMBER_1)
    start_due_accruals(now=NOVEMBER_1)
    run_jobs(only="charges")

    [run] = AccrualRun.objects.all()
    assert (run.supplier_id, run.period, run.state) == (here.id, OCTOBER, AccrualRun.State.READY)
    assert (amounts(here), amounts(elsewhere)) == ([], [])


def test_the_command_computes_reports_and_releases(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOVEMBER_1)
    supplier = make_billing()
    make_read_account(supplier, 5)
    accountant = make_accountant(supplier)
    said = StringIO()

    call_command("accrue", supplier=supplier.code, period=OCTOBER, stdout=said)
    assert amounts(supplier) == []
    names = {"checked_by": make_accountant(supplier).email, "by": accountant.email}
    call_command("accrue", supplier=supplier.code, period=OCTOBER, release=True, **names, stdout=said)

    assert amounts(supplier) == [Decimal("50.00")]
    assert "computing: 1 of 1 (100 %)" in said.getvalue()
    assert "2026-10: 50.00 RUB" in said.getvalue()
    with pytest.raises(CommandError, match="Начисление за октябрь\u00a02026 уже проведено"):
        call_command("accrue", supplier=supplier.code, period=OCTOBER, stdout=said)


def test_the_command_charges_one_account_at_once(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOVEMBER_1)
    supplier = make_billing()
    account = make_read_account(supplier, 5)
    said = StringIO()

    call_command("accrue", supplier=supplier.code, period=OCTOBER, account=account.number, stdout=said)

    assert amounts(supplier) == [Decimal("50.00")]
    assert "5 м³ × 10 ₽/м³ = 50,00 ₽" in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_are_one_run():
    supplier = make_billing()

    made, refused = at_once(lambda: start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1))

    assert (len(made), len(refused)) == (1, 1)
    assert isinstance(refused[0], AnotherRun)
    assert AccrualRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_two_starts_at_once_are_two_runs():
    """The control: what the test above shows is the work of the database."""
    supplier = make_billing()
    names = ("accrual_run_one_at_a_time", "accrual_run_one_of_a_month")
    constraints = [item for item in AccrualRun._meta.constraints if item.name in names]
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.remove_constraint(AccrualRun, constraint)
    try:
        made, _ = at_once(lambda: start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1))
        assert len(made) == 2
    finally:
        AccrualBatch.objects.all().delete()
        AccrualRun.objects.all().delete()
        with connection.schema_editor() as editor:
            for constraint in constraints:
                editor.add_constraint(AccrualRun, constraint)


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_batches_and_charge_each_account_once(monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ACCOUNTS", 1)
    supplier = make_billing()
    for used in range(1, 9):
        make_read_account(supplier, used)
    run = start_accrual(supplier_id=supplier.id, period=OCTOBER, actor=None, now=NOVEMBER_1)
    of_run: dict[str, Any] = {"supplier_id": supplier.id, "run_id": run.id, "now": NOVEMBER_1}

    def work(do_one: Any) -> int:
        done = 0
        while do_one(**of_run):
            done += 1
        return done

    computed, failed = at_once(lambda: work(compute_batch))
    finish_computing(**of_run)
    check(run)
    release_accrual(**of_run, actor=make_accountant(supplier))
    posted, failed_too = at_once(lambda: work(post_batch))

    assert (sum(computed), sum(posted), failed + failed_too) == (8, 8, [])
    assert amounts(supplier) == [Decimal(10 * used) for used in range(1, 9)]
    assert ledger.differences_everywhere() == []


def at_once(act: Any) -> tuple[list[Any], list[Refusal]]:
    """Do a thing in two threads that begin together; give what came back, and what was refused."""
    begin, made, refused = threading.Barrier(2), [], []

    def run() -> None:
        begin.wait(timeout=10)
        try:
            made.append(act())
        except Refusal as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return made, refused
