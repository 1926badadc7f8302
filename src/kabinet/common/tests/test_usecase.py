"""A use-case is a transaction of its own, and is done again when the database undid it for the sake of others."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.common.db import MOST_ATTEMPTS, usecase, without_time_limit
from kabinet.common.errors import Busy

pytestmark = pytest.mark.django_db(transaction=True)


def lose(sqlstate: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{sqlstate}'; END $$")


def time_limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        [limit] = cursor.fetchone()
    return limit


def test_who_waits_too_long_for_others_is_told_so_and_jobs_see_an_error_of_the_database():
    attempts = []

    @usecase
    def rename() -> None:
        attempts.append(1)
        lose("55P03")

    with pytest.raises(Busy) as busy:
        rename()

    assert isinstance(busy.value, OperationalError)
    assert "нажмите ещё раз" in str(busy.value)
    assert attempts == [1]


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_what_lost_twice_is_done_a_third_time_from_the_beginning(sqlstate):
    attempts = []

    @usecase
    def rename() -> None:
        make_account(surname=f"Петров {len(attempts)}")
        attempts.append(1)
        if len(attempts) < MOST_ATTEMPTS:
            lose(sqlstate)

    rename()

    assert list(Account.objects.values_list("surname", flat=True)) == ["Петров 2"]


def test_what_lost_three_times_is_given_up():
    attempts = []

    @usecase
    def always_lose() -> None:
        attempts.append(1)
        lose("40P01")

    with pytest.raises(OperationalError):
        always_lose()

    assert len(attempts) == MOST_ATTEMPTS


def test_another_failure_is_not_tried_again():
    attempts = []

    @usecase
    def time_out() -> None:
        attempts.append(1)
        lose("57014")

    with pytest.raises(OperationalError):
        time_out()

    assert len(attempts) == 1


def test_a_use_case_inside_another_transaction_is_a_mistake():
    with transaction.atomic(), pytest.raises(RuntimeError):
        usecase(lambda: None)()


def test_two_that_lock_in_opposite_orders_both_end_well():
    first, second = make_account(), make_account()
    met, errors = threading.Barrier(2, timeout=10), []

    def lock_both(order: list[Account]) -> None:
        has_met = []

        @usecase
        def run() -> None:
            Account.objects.select_for_update().get(pk=order[0].pk)
            if not has_met:
                has_met.append(1)
                met.wait()
            Account.objects.select_for_update().get(pk=order[1].pk)

        try:
            run()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=lock_both, args=[order]) for order in ([first, second], [second, first])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []


def test_work_without_a_time_limit_has_none_and_what_comes_after_has_the_usual_one_again():
    with transaction.atomic():
        connection.cursor().execute("SET LOCAL statement_timeout = '15s'")

        with without_time_limit():
            assert time_limit() == "0"

        assert time_limit() == "15s"
