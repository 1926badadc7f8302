"""A run whose batches fail again and again is seen by operators."""

import datetime as dt

import pytest

from kabinet.charges import queries
from kabinet.charges.models import AccrualBatch, AccrualRun
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def make_run(supplier: Supplier, state: str, **moments: dt.datetime) -> AccrualRun:
    return AccrualRun.objects.create(
        supplier=supplier, period=Month(2026, 10), state=state, **{"asked_at": NOW - 60 * MINUTE, **moments}
    )


def make_batch(run: AccrualRun, number: int, **done: dt.datetime) -> None:
    AccrualBatch.objects.create(
        supplier_id=run.supplier_id,
        run=run,
        number=number,
        first_account_id=number,
        last_account_id=number,
        accounts_count=1,
        **done,
    )


def test_a_run_that_posted_nothing_for_a_quarter_of_an_hour_stands():
    run = make_run(make_supplier(), "posting", release_asked_at=NOW - 40 * MINUTE)
    make_batch(run, 1, computed_at=NOW - 50 * MINUTE, posted_at=NOW - 30 * MINUTE)
    make_batch(run, 2, computed_at=NOW - 50 * MINUTE)

    [standing] = queries.standing_runs(NOW)

    assert (standing.run_id, standing.since) == (run.id, NOW - 30 * MINUTE)


def test_a_run_whose_last_batch_was_done_a_while_ago_moves():
    run = make_run(make_supplier(), "computing")
    make_batch(run, 1, computed_at=NOW - 14 * MINUTE)
    make_batch(run, 2)

    assert queries.standing_runs(NOW) == []


@pytest.mark.parametrize("state", ["ready", "released", "cancelled"])
def test_a_run_that_waits_for_a_person_or_is_over_does_not_stand(state):
    make_run(make_supplier(), state)

    assert queries.standing_runs(NOW) == []


def test_the_longest_standing_run_comes_first():
    later = make_run(make_supplier(), "computing", asked_at=NOW - 20 * MINUTE)
    earlier = make_run(make_supplier(), "computing")

    assert [row.run_id for row in queries.standing_runs(NOW)] == [earlier.id, later.id]
