"""`python -m bench.faults.race --rounds N [--without-lock]`: race on a database, and print what broke as JSON.

Without the lock on accounts only those races run that the lock decides, and each must break.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest import mock
from uuid import uuid4

import django

THREADS = 8
NOBODY = "http://127.0.0.1:9/v3"
"""A gateway that is not there: what races is our side alone."""

Race = Callable[[int], list[str]]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.faults.settings")
    django.setup()
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--without-lock", action="store_true")
    arguments = parser.parse_args()

    from django.conf import settings  # noqa: PLC0415 - settings first

    settings.YOOKASSA_URL = NOBODY
    races: dict[str, Race] = {"one press": press_once, "two orders of a basket": press_in_both_orders}
    if not arguments.without_lock:
        races |= {"one account attached": attach_once, "one bell": ring_at_once}
    with _without_lock() if arguments.without_lock else nullcontext():
        found = {
            name: [words for number in range(arguments.rounds) for words in race(number)]
            for name, race in races.items()
        }
    json.dump({name: words[:5] for name, words in found.items()}, sys.stdout, ensure_ascii=False)


def press_once(number: int) -> list[str]:
    """One form is sent by eight windows: everybody gets the same payment."""
    from kabinet.payments.models import Payment  # noqa: PLC0415 - models first

    person, accounts = _person(number)
    request_id = uuid4()
    results, errors = at_once([lambda: _pay(person, accounts[:1], request_id)] * THREADS)
    made = Payment.objects.filter(basket__request_id=request_id).count()
    return errors + ([] if made == 1 and len(set(results)) == 1 else [f"{made} payments of one press"])


def press_in_both_orders(number: int) -> list[str]:
    """Baskets of the same two accounts, named in both orders: nobody waits for somebody who waits for them."""
    person, accounts = _person(number)
    orders = [accounts[:2], accounts[1::-1]] * (THREADS // 2)
    _, errors = at_once([lambda order=order: _pay(person, order, uuid4()) for order in orders])  # type: ignore[misc]
    return errors


def attach_once(number: int) -> list[str]:
    """One person attaches one account eight times: one does, seven are told that it is there."""
    from django.utils import timezone  # noqa: PLC0415 - settings first

    from kabinet.accounts.models import AccountAccess  # noqa: PLC0415 - models first
    from kabinet.accounts.tests.factories import make_account  # noqa: PLC0415
    from kabinet.accounts.usecases.attach_account import AlreadyAttached, attach_account  # noqa: PLC0415

    person, accounts = _person(number)
    account = make_account(accounts[0].supplier, number=str(200_000_000 + number))

    def attach() -> str:
        try:
            attach_account(
                supplier_id=account.supplier_id,
                number=account.number,
                proof="",
                actor=person,
                address="127.0.0.1",
                now=timezone.now(),
            )
        except AlreadyAttached:
            return "there already"
        return "attached"

    results, errors = at_once([attach] * THREADS)
    rows = AccountAccess.objects.filter(account=account, user=person).count()
    return errors + ([] if results.count("attached") == rows == 1 else [f"attached {results}, {rows} rows"])


def ring_at_once(number: int) -> list[str]:
    """The first bell about a payment comes eight times at once: all are counted, one job asks the gateway."""
    from django.utils import timezone  # noqa: PLC0415 - settings first
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415 - models first

    from kabinet.common.db import usecase  # noqa: PLC0415
    from kabinet.payments.models import Doorbell, Payment  # noqa: PLC0415
    from kabinet.payments.operations import ring  # noqa: PLC0415

    person, accounts = _person(number)
    request_id = uuid4()
    _pay(person, accounts[:1], request_id)
    payment = Payment.objects.select_related("shop").get(basket__request_id=request_id)
    now = timezone.now()

    @usecase
    def ring_once() -> None:
        ring(payment.shop, event="payment.succeeded", object_id=payment.public_id.hex, payment_id=payment.id, now=now)

    _, errors = at_once([ring_once] * THREADS)
    counted = Doorbell.objects.get(object_id=payment.public_id.hex).rings_count
    jobs = ProcrastinateJob.objects.filter(task_name="payments.settle", args__payment_id=payment.id).count()
    return errors + ([] if (counted, jobs) == (THREADS, 1) else [f"{counted} rings counted, {jobs} jobs"])


def at_once(calls: Sequence[Callable[[], Any]]) -> tuple[list[Any], list[str]]:
    """Do all at the same moment, each in a thread; give what came back and the names of what was raised."""
    from django.db import connection  # noqa: PLC0415 - settings first

    results: list[Any] = []
    errors: list[str] = []
    together = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> None:
        together.wait()
        try:
            results.append(call())
        except Exception as error:  # noqa: BLE001 - whatever it is, a person would have seen it
            errors.append(f"{type(error).__name__}: {str(error).splitlines()[:1]}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, errors


def _pay(person: Any, accounts: Sequence[Any], request_id: Any) -> tuple[int, ...]:
    from django.utils import timezone  # noqa: PLC0415 - settings first

    from kabinet.payments.queries.baskets import Wish  # noqa: PLC0415 - models first
    from kabinet.payments.usecases.start_basket import start_basket  # noqa: PLC0415

    amount_rub = _rub("10.00")
    payments = start_basket(
        wishes=[Wish(account.supplier_id, account.id, mode="own_sum", own_sum_rub=amount_rub) for account in accounts],
        shown_amount_rub=amount_rub * len(accounts),
        shown_parts_rub=[amount_rub] * len(accounts),
        knows_of_recent=True,
        request_id=request_id,
        actor=person,
        now=timezone.now(),
    )
    return tuple(payment.id for payment in payments)


def _person(number: int) -> tuple[Any, list[Any]]:
    """Give somebody of the prepared world with their accounts, another one each time."""
    from kabinet.accounts.models import Account, AccountAccess  # noqa: PLC0415 - models first
    from kabinet.people.models import User  # noqa: PLC0415

    people = User.objects.order_by("id")
    person = people[number % people.count()]
    attached = AccountAccess.objects.filter(user=person).order_by("position").values_list("account_id", flat=True)[:2]
    return person, list(Account.objects.filter(id__in=list(attached)).select_related("supplier").order_by("id"))


def _rub(text: str) -> Any:
    from decimal import Decimal  # noqa: PLC0415 - beside its one use

    return Decimal(text)


@contextmanager
def _without_lock() -> Iterator[None]:
    """Read accounts without a lock for one press; lock them as they are named for baskets, and repeat nothing."""
    from kabinet.accounts import operations as accounts  # noqa: PLC0415 - models first
    from kabinet.accounts.models import Account  # noqa: PLC0415

    lock_account = accounts.lock_account

    def lock_as_named(keys: Sequence[tuple[int, int]], *, visible_to: Any = None) -> list[Any]:
        if len(keys) == 1:
            return [Account.objects.select_related("supplier").get(supplier_id=keys[0][0], id=keys[0][1])]
        locked = []
        for key in keys:
            locked.append(lock_account(*key, visible_to=visible_to))
            time.sleep(0.05)
        return locked

    with (
        mock.patch("kabinet.accounts.operations.lock_accounts", lock_as_named),
        mock.patch("kabinet.common.db.MOST_ATTEMPTS", 1),
    ):
        yield


if __name__ == "__main__":
    main()
