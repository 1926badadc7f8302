"""How long a job is tried again."""

import datetime as dt

import pytest
from procrastinate.jobs import Job

from kabinet.outbox.patience import Doubling


def decide(patience: Doubling, *, attempts: int, raised: BaseException | None = None):
    job = Job(id=1, queue="letters", lock=None, queueing_lock=None, task_name="any", attempts=attempts)
    return patience.get_retry_decision(exception=raised or OSError(), job=job)


@pytest.mark.parametrize(("attempts", "pause_s"), [(0, 30), (1, 60), (2, 120), (4, 480), (5, 900), (7, 900)])
def test_pauses_double_up_to_the_longest(attempts, pause_s):
    decision = decide(Doubling(first_s=30, longest_s=900, most=8), attempts=attempts)

    pause = decision.retry_at - dt.datetime.now(dt.UTC)
    assert pause.total_seconds() == pytest.approx(pause_s, abs=5)


def test_after_the_most_attempts_it_is_given_up():
    assert decide(Doubling(first_s=30, longest_s=900, most=8), attempts=8) is None


@pytest.mark.parametrize(("raised", "is_tried"), [(OSError(), True), (ConnectionError(), True), (ValueError(), False)])
def test_only_what_is_worth_it_is_tried_again(raised, is_tried):
    patience = Doubling(first_s=30, longest_s=900, most=8, only=(OSError,))

    assert bool(decide(patience, attempts=0, raised=raised)) is is_tried
