"""What goes wrong in a run, and what changes while it waits: no account stops another, and nothing is lost or twice."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import AccrualBatch, AccrualRun, Charge, DraftCharge
from kabinet.charges.operations import runs
from kabinet.charges.operations.drafting import NotInRun
from kabinet.charges.operations.runs import NothingToCorrect
from kabinet.charges.tests.factories import make_accrual_policy, make_charge, make_payment
from kabinet.charges.tests.test_accrual_run import (
    DECEMBER_1,
    NOVEMBER,
    NOVEMBER_1,
    OCTOBER,
    amounts,
    make_billing,
    make_read_account,
    release,
    start,
)
from kabinet.charges.usecases.adjust_charge import adjust_charge
from kabinet.charges.usecases.correct_month import correct_month
from kabinet.charges.usecases.recompute_accrual import recompute_accrual
from kabinet.charges.usecases.release_accrual import AccountsAdded
from kabinet.charges.usecases.rerun_account import rerun_account
from kabinet.charges.usecases.start_accrual import LaterReleased, MainServiceMissing, MonthSkipped
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.testing import run_jobs
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.tests.factories import make_accountant, make_norm

pytestmark = pytest.mark.django_db


def make_resident(supplier: Supplier) -> Account:
    """Make an account without a meter in which one person lives: 10 m³ a month by the norm."""
    return make_account(supplier, opened_on=dt.date(2026, 1, 1), residents_count=1)


def test_an_account_that_cannot_be_computed_stops_no_other_and_is_named():
    supplier = make_billing("99999.99")
    first = make_read_account(supplier, 1)
    beyond = make_account(supplier)
    make_reading(make_meter(beyond, value="0", on="2026-09-25", digits=8), "99999999", on="2026-10-25")
    last = make_read_account(supplier, 2)

    run = start(supplier)

    assert run.state == AccrualRun.State.READY
    assert list(DraftCharge.objects.filter(run=run).values_list("account_id", flat=True)) == [first.id, last.id]
    [oddity] = [row for row in queries.oddities_of_run(supplier.id, run.id) if row.kind == "failed"]
    assert oddity.account_id == beyond.id
    assert release(run).state == AccrualRun.State.RELEASED


def test_a_supplier_without_a_main_service_is_told_so_when_it_starts():
    supplier = make_supplier()
    make_accrual_policy(supplier)
    Service.objects.filter(supplier=supplier).update(is_main=False)

    with pytest.raises(MainServiceMissing):
        start(supplier)


def test_a_supplier_without_a_service_of_penalties_charges_none():
    supplier = make_billing()
    make_charge(make_read_account(supplier, 5), "2500.00", period="2026-07")
    Service.objects.filter(supplier=supplier, code=Service.PENALTY).delete()

    run = release(start(supplier))

    assert run.state == AccrualRun.State.RELEASED
    assert amounts(supplier) == [Decimal("2500.00"), Decimal("50.00")]


def test_lines_of_nothing_are_charged_and_posted_to_nobody():
    supplier = make_billing()
    account = make_read_account(supplier, 0)

    release(start(supplier))

    assert amounts(supplier) == [Decimal("0.00")]
    assert ledger.balance_rub(supplier.id, account.id) == 0
    assert ledger.differences_everywhere() == []


def test_a_reading_that_came_while_a_run_waited_is_charged_next_month_once():
    supplier = make_billing()
    account = make_read_account(supplier, 5)
    run = start(supplier)
    meter = Meter.objects.get(account=account)
    make_reading(meter, "1006", on="2026-10-31")

    release(run)
    make_reading(meter, "1008", on="2026-11-25")
    release(start(supplier, period=NOVEMBER, now=DECEMBER_1))

    assert sum(amounts(supplier)) == Decimal("80.00")


def test_lines_by_hand_and_payments_while_a_run_waits_stand_beside_its_own():
    supplier = make_billing()
    account = make_read_account(supplier, 5)
    run = start(supplier)
    Charge.objects.create(
        supplier=supplier,
        account=account,
        service=Service.objects.get(supplier=supplier, is_main=True),
        period=OCTOBER,
        line_no=1,
        kind="metered",
        amount_rub=0,
        charged_on=dt.date(2026, 11, 1),
    )
    adjust_charge(
        supplier_id=supplier.id,
        account_id=account.id,
        service_id=Service.objects.get(supplier=supplier, is_main=True).id,
        amount_rub=Decimal("7.00"),
        reason="Ошибка",
        request_id="6f1c3f0e-7d5e-4a26-9a7a-0d8a4f1c2b11",
        actor=make_accountant(supplier),
        now=NOVEMBER_1,
    )
    make_payment(account, "20.00")

    release(run)

    assert ledger.balance_rub(supplier.id, account.id) == Decimal("37.00")
    assert ledger.differences_everywhere() == []


def make_waiting_run() -> AccrualRun:
    """Make a run of October that waits to be released; without a meter an account is charged 10 m³ at 10 ₽."""
    supplier = make_billing()
    make_norm(supplier, "10", set_at=at("2026-01-01 00:00"))
    make_resident(supplier)
    return start(supplier)


def compute_again(run: AccrualRun) -> None:
    actor = make_accountant(run.supplier)
    recompute_accrual(supplier_id=run.supplier_id, run_id=run.id, actor=actor, now=NOVEMBER_1)
    run_jobs(only="charges")
    run.refresh_from_db()


def test_an_account_that_came_while_a_run_waited_is_in_it_before_it_is_released(monkeypatch):
    monkeypatch.setattr(runs, "BATCH_ACCOUNTS", 1)
    run = make_waiting_run()
    late = make_resident(run.supplier)

    with pytest.raises(AccountsAdded, match=r"которых в нём нет: 1\. Пересчитайте начисление"):
        release(run)
    assert amounts(run.supplier) == []
    compute_again(run)

    assert release(run).state == AccrualRun.State.RELEASED
    assert amounts(run.supplier) == [Decimal("100.00"), Decimal("100.00")]
    assert ledger.balance_rub(run.supplier_id, late.id) == Decimal("100.00")
    assert ledger.differences_everywhere() == []


def test_accounts_of_a_supplier_that_had_none_are_in_its_run_before_it_is_released():
    supplier = make_billing()
    make_norm(supplier, "10", set_at=at("2026-01-01 00:00"))
    run = start(supplier)
    make_resident(supplier)

    with pytest.raises(AccountsAdded):
        release(run)
    compute_again(run)
    release(run)

    assert amounts(supplier) == [Decimal("100.00")]


def test_an_account_whose_number_in_the_database_was_given_before_the_run_was_cut_is_missed_as_well():
    """A register that is being taken in has ids for its accounts long before anybody sees them."""
    supplier = make_billing()
    make_norm(supplier, "10", set_at=at("2026-01-01 00:00"))
    first, between, last = [make_resident(supplier) for _ in range(3)]
    between_id = between.id
    between.delete()
    run = start(supplier)
    batches = AccrualBatch.objects.filter(run=run)
    assert list(batches.values_list("first_account_id", "last_account_id")) == [(first.id, last.id)]
    make_account(supplier, id=between_id, opened_on=dt.date(2026, 1, 1), residents_count=1)

    with pytest.raises(AccountsAdded):
        release(run)
    compute_again(run)
    release(run)

    assert amounts(supplier) == [Decimal("100.00")] * 3


@pytest.mark.parametrize(("opened_on", "refused"), [("2026-10-31", True), ("2026-11-01", False)])
def test_only_accounts_that_were_open_in_the_month_keep_its_run_from_being_released(opened_on, refused):
    run = make_waiting_run()
    make_account(run.supplier, opened_on=dt.date.fromisoformat(opened_on), residents_count=1)

    if not refused:
        assert release(run).state == AccrualRun.State.RELEASED
        return
    with pytest.raises(AccountsAdded):
        release(run)


@pytest.mark.parametrize(("opened_on", "refused"), [("2026-10-31", True), ("2026-11-01", False)])
def test_a_correction_of_all_misses_those_who_were_open_in_the_month_that_it_corrects(opened_on, refused):
    supplier = release(make_waiting_run()).supplier
    run = start(supplier, period=NOVEMBER, for_period=OCTOBER, reason="Новая цена")
    make_account(supplier, opened_on=dt.date.fromisoformat(opened_on), residents_count=1)

    assert queries.missed_accounts_count(run) == int(refused)


def test_accounts_of_another_supplier_are_not_missed():
    run = make_waiting_run()
    make_resident(make_supplier())

    assert release(run).state == AccrualRun.State.RELEASED


def test_an_account_that_a_run_has_missed_cannot_be_computed_in_it_alone():
    run = make_waiting_run()
    late = make_resident(run.supplier)
    asked = {"supplier_id": run.supplier_id, "run_id": run.id, "actor": make_accountant(run.supplier)}

    with pytest.raises(NotInRun):
        rerun_account(**asked, account_id=late.id, now=NOVEMBER_1)
    with pytest.raises(NotFound):
        rerun_account(**asked, account_id=make_resident(make_supplier()).id, now=NOVEMBER_1)


def test_an_account_that_was_opened_after_the_month_is_charged_next_month():
    supplier = make_billing()
    make_read_account(supplier, 5)
    run = start(supplier)
    late = make_account(supplier, opened_on=dt.date(2026, 11, 1))
    make_reading(make_meter(late, value="1000", on="2026-11-01"), "1010", on="2026-11-25")
    release(run)
    release(start(supplier, period=NOVEMBER, now=DECEMBER_1))

    assert ledger.balance_rub(supplier.id, late.id) == Decimal("100.00")


def test_a_month_before_one_that_is_released_is_refused():
    supplier = make_billing()
    make_read_account(supplier, 5)
    release(start(supplier))

    with pytest.raises(LaterReleased, match="начисление за октябрь\u00a02026"):
        start(supplier, period=Month(2026, 9))


def test_a_skipped_month_is_refused_because_its_norms_would_be_lost():
    supplier = make_billing()
    release(start(supplier))

    with pytest.raises(MonthSkipped, match="начисление за ноябрь\u00a02026"):
        start(supplier, period=Month(2026, 12), now=at("2027-01-02 10:00"))


def test_a_month_that_was_not_charged_here_cannot_be_corrected():
    supplier = make_billing()
    make_norm(supplier, "10", set_at=at("2026-01-01 00:00"))
    account = make_resident(supplier)
    make_charge(account, "99.00", period="2026-08")

    for month in (Month(2026, 8), Month(2026, 7)):
        with pytest.raises(NothingToCorrect):
            start(supplier, period=NOVEMBER, for_period=month, reason="Проверка")
        with pytest.raises(NothingToCorrect):
            correct(account, month)
    assert amounts(supplier) == [Decimal("99.00")]


def test_a_correction_of_all_leaves_the_account_alone_that_the_supplier_charged_itself():
    supplier = make_billing()
    make_norm(supplier, "10", set_at=at("2026-01-01 00:00"))
    own, imported = make_resident(supplier), make_resident(supplier)
    release(start(supplier))
    Charge.objects.filter(account=imported).delete()
    make_charge(imported, "99.00", period="2026-10")
    Tariff.objects.filter(supplier=supplier).update(price_rub_per_m3=Decimal(11))

    run = start(supplier, period=NOVEMBER, for_period=OCTOBER, reason="Новая цена")

    assert list(DraftCharge.objects.filter(run=run).values_list("account_id", "amount_rub")) == [(own.id, Decimal(10))]


def test_an_account_that_a_run_left_out_is_charged_by_a_correction():
    supplier = make_billing()
    make_norm(supplier, "10", set_at=at("2026-01-01 00:00"))
    release(start(supplier))
    late = make_resident(supplier)

    assert [line.amount_rub for line in correct(late, OCTOBER)] == [Decimal("100.00")]
    assert correct(late, OCTOBER) == []


def correct(account: Account, month: Month) -> list[Charge]:
    return correct_month(
        supplier_id=account.supplier_id,
        account_id=account.id,
        for_period=month,
        reason="Проверка",
        actor=make_accountant(account.supplier),
        now=NOVEMBER_1,
    )
