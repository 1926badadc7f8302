"""Locks of accrual runs, and what their steps share."""

import datetime as dt

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kabinet.charges import queries, rules
from kabinet.charges.models import AccrualBatch, AccrualRun
from kabinet.charges.sql import statement
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.outbox import operations as outbox

BATCH_ACCOUNTS = 2000


class PeriodNotOver(Refusal):
    code = "period-not-over"
    field = "period"
    message = _("Месяц ещё не закончился: начислить за него можно с %(since)s.")


class PolicyMissing(Refusal):
    code = "accrual-policy-missing"
    field = "period"
    message = _("На %(period)s не задан порядок начисления. Задайте его в тарифах и повторите.")


class AnotherRun(Refusal):
    code = "accrual-another-run"
    message = _("Другое начисление этого поставщика ещё не закончено. Проведите его или отмените.")


class ReasonMissing(Refusal):
    code = "accrual-reason-missing"
    field = "reason"
    message = _("Напишите причину перерасчёта: её увидят абоненты.")


class NothingToCorrect(Refusal):
    code = "accrual-nothing-to-correct"
    field = "for_period"
    message = _("Пересчитать можно месяц, который уже начислен здесь, а не пришёл реестром.")


@transaction_required
def lock_starting(supplier_id: int) -> None:
    """Let starts of a supplier's runs wait for accounts that are being charged one by one, and for each other."""
    _lock_word("pg_advisory_xact_lock", supplier_id)


@transaction_required
def check_no_run(supplier_id: int, *, day: dt.date | None = None) -> None:
    """Raise AnotherRun while a run of a supplier is under way; none starts before this transaction ends.

    What the run has computed of an account would no longer be what it is to be charged.
    day  what is to be changed is of that day: a run of the months before it knows nothing of it
    """
    _lock_word("pg_advisory_xact_lock_shared", supplier_id)
    run = queries.active_run(supplier_id)
    if run and (day is None or Month.of(day) <= run.period):
        raise AnotherRun


def _lock_word(lock: str, supplier_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [f"kabinet.charges:accrual:{supplier_id}"])


def policy_for(supplier_id: int, period: Month) -> rules.Policy:
    """Give the supplier's choices for a month. Raises PolicyMissing."""
    policy = queries.policy_of(supplier_id, period)
    if policy is None:
        raise PolicyMissing(period=period)
    return policy


@transaction_required
def lock_run(supplier_id: int, run_id: int) -> AccrualRun:
    """Lock a run to change its state: waits for the batches that are being computed or posted. Raises NotFound."""
    run = AccrualRun.objects.select_for_update(no_key=True).filter(supplier_id=supplier_id, id=run_id).first()
    if run is None:
        raise NotFound
    return run


@transaction_required
def share_run(supplier_id: int, run_id: int) -> AccrualRun:
    """Keep a run's state from changing while a batch of it is worked on, beside others who do so. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM charges_accrualrun WHERE supplier_id = %s AND id = %s FOR SHARE", [supplier_id, run_id]
        )
    run = AccrualRun.objects.filter(supplier_id=supplier_id, id=run_id).first()
    if run is None:
        raise NotFound
    return run


@transaction_required
def take_batch(run: AccrualRun, *, that_misses: str) -> AccrualBatch | None:
    """Lock the next batch that nobody works on; None when there is none, be they all done or in other hands.

    that_misses  `computed_at` or `posted_at`
    """
    _look_up_by_index()
    rows = AccrualBatch.objects.filter(supplier_id=run.supplier_id, run=run, **{f"{that_misses}__isnull": True})
    return rows.select_for_update(skip_locked=True, of=("self",)).order_by("number").first()


def _look_up_by_index() -> None:
    """Have the statements of a batch find its few thousand accounts by index, until the transaction ends.

    By the planner's usual costs a table of some hundred thousand rows is read whole for each batch, and by several
    processes at once: an account of a large supplier would cost more than one of a small.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL random_page_cost = 1.1; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off"
        )


@transaction_required
def make_batches(run: AccrualRun) -> None:
    """Cut the accounts that the supplier has now into batches of a run, in the order of their ids; none is computed.

    What the run was cut into before is forgotten. The caller holds the run's lock, or has just made the run.
    """
    AccrualBatch.objects.filter(supplier_id=run.supplier_id, run=run).delete()
    with connection.cursor() as cursor:
        cursor.execute(statement("batches"), {"supplier_id": run.supplier_id, "run_id": run.id, "size": BATCH_ACCOUNTS})


@transaction_required
def ask_worker(task_name: str, supplier_id: int, run_id: int) -> None:
    """Have a run's batches worked on; asked again while such a job waits, nothing is added."""
    outbox.defer(task_name, queueing_lock=f"{task_name}:{supplier_id}:{run_id}", supplier_id=supplier_id, run_id=run_id)


def check_is_over(period: Month, *, today: dt.date) -> None:
    """Raise PeriodNotOver before a month has ended."""
    if today <= period.last_day:
        raise PeriodNotOver(since=f"{period.next().first_day:%d.%m.%Y}")


def check_was_charged_here(supplier_id: int, period: Month, *, account_id: int | None = None) -> None:
    """Raise NothingToCorrect for a month that no run has released, and that was not charged one by one either.

    What a supplier charged in its own program is not what our rules would have given: the difference is no correction.
    """
    if not queries.is_released(supplier_id, period) and not queries.was_charged_one_by_one(
        supplier_id, period, account_id=account_id
    ):
        raise NothingToCorrect
    if account_id is not None and queries.was_imported(supplier_id, account_id, period):
        raise NothingToCorrect
