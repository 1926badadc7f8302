"""No kopeck appears or disappears, whatever the order of charges, corrections, payments, refunds and write-offs."""

import contextlib
import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import operations, queries
from kabinet.charges.models import Adjustment, Allocation, Charge, CreditReturn
from kabinet.charges.operations.documents import MoreThanDebt
from kabinet.charges.tests.documents import adjust, restore, staff_of, write_off
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import operations as ledger
from kabinet.ledger import queries as ledger_queries
from kabinet.people.models import User
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db

_refunds = itertools.count(1)

kopecks = st.integers(1, 30_000).map(lambda value: str(Decimal(value) / 100))
steps = st.one_of(
    st.tuples(st.just("charge"), kopecks, st.integers(1, 10)),
    st.tuples(st.just("charge_upkeep"), kopecks, st.integers(1, 10)),
    st.tuples(st.just("correct"), kopecks, st.integers(1, 10)),
    st.tuples(st.just("pay"), kopecks, st.integers(1, 20)),
    st.tuples(st.just("pay_named"), kopecks, st.integers(1, 10)),
    st.tuples(st.just("refund"), kopecks, st.integers(0, 5)),
    st.tuples(st.just("adjust"), kopecks, st.sampled_from([1, -1])),
    st.tuples(st.just("write_off"), kopecks, st.just(0)),
    st.tuples(st.just("restore"), kopecks, st.integers(0, 3)),
)


def charge(account: Account, actor: User, amount: str, number: int) -> None:
    make_charge(account, amount, period=f"2026-{number:02}", kind=Charge.Kind.METERED)
    settle(account)


def charge_upkeep(account: Account, actor: User, amount: str, number: int) -> None:
    upkeep = Service.objects.get(supplier=account.supplier, code=Service.MAINTENANCE)
    make_charge(account, amount, period=f"2026-{number:02}", service=upkeep)
    settle(account)


def correct(account: Account, actor: User, amount: str, number: int) -> None:
    month = Month(2026, number)
    make_charge(account, f"-{amount}", period="2026-10", kind=Charge.Kind.CORRECTION, for_period=month)
    settle(account)


def settle(account: Account) -> None:
    with transaction.atomic():
        operations.allocate_advances(account.supplier_id, account.id)


def pay(account: Account, actor: User, amount: str, number: int) -> None:
    make_payment(account, amount, on=f"2026-11-{number:02}")


def pay_named(account: Account, actor: User, amount: str, number: int) -> None:
    make_payment(account, amount, named=Month(2026, number))


def refund(account: Account, actor: User, amount: str, number: int) -> None:
    """Give a part of a payment back, as much of it as is left."""
    payments = [
        credit
        for credit in ledger_queries.credits_of(account.supplier_id, account.id)
        if credit.source_kind == "test-payment"
    ]
    if not payments:
        return
    credit = payments[number % len(payments)]
    gone = CreditReturn.objects.filter(transfer_id=credit.transfer_id).first()
    part_rub = min(Decimal(amount), credit.amount_rub - (gone.amount_rub if gone else ZERO))
    if not part_rub:
        return
    with transaction.atomic():
        clearing = ledger.supplier_book(account.supplier_id, "clearing", "test")
        ledger.post(
            supplier_id=account.supplier_id,
            source_kind="test-refund",
            source_id=next(_refunds),
            movements=[
                ledger.Movement(credit.book_id, clearing, part_rub, "refund", Month(2026, 11), dt.date(2026, 11, 21))
            ],
            now=NOW,
        )
        operations.release_payment(account.supplier_id, account.id, credit, part_rub, on=dt.date(2026, 11, 21))


def by_hand(account: Account, actor: User, amount: str, sign: int) -> None:
    adjust(account, str(Decimal(amount) * sign), actor=actor)


def write_off_some(account: Account, actor: User, amount: str, number: int) -> None:
    with contextlib.suppress(MoreThanDebt):
        write_off(account, amount, actor=actor)


def restore_one(account: Account, actor: User, amount: str, number: int) -> None:
    restored = Adjustment.objects.filter(restores__isnull=False).values("restores_id")
    write_offs = list(Adjustment.objects.filter(account=account, kind="write_off").exclude(id__in=restored))
    if write_offs:
        restore(write_offs[number % len(write_offs)], actor=actor)


DO = {
    "charge": charge,
    "charge_upkeep": charge_upkeep,
    "correct": correct,
    "pay": pay,
    "pay_named": pay_named,
    "refund": refund,
    "adjust": by_hand,
    "write_off": write_off_some,
    "restore": restore_one,
}


def assert_every_kopeck_is_accounted_for(account: Account) -> None:
    supplier_id = account.supplier_id
    assert ledger_queries.differences() == []
    assert queries.differences() == []

    own = [("revenue", ""), ("clearing", "test"), ("write_offs", ""), ("penalty_income", ""), ("opening", "")]
    own_rub = sum((ledger_queries.supplier_balance_rub(supplier_id, kind, key) for kind, key in own), ZERO)
    assert ledger_queries.balance_rub(supplier_id, account.id) + own_rub == 0

    for balance in ledger_queries.balances_by_service(supplier_id, account.id):
        unpaid_rub = sum(
            (
                item.amount_rub
                for item in queries.unpaid_charges(supplier_id, account.id)
                if item.service_id == balance.service_id
            ),
            ZERO,
        )
        left_rub = unused_rub(account, balance.service_id)
        assert unpaid_rub - left_rub == balance.balance_rub
        assert not (unpaid_rub and left_rub), "an advance waits although there is something to pay"


def unused_rub(account: Account, service_id: int) -> Decimal:
    """Give what has not settled anything yet of the credits of a service."""
    books = ledger_queries.customer_books(account.supplier_id, [account.id])
    of_service = [book_id for book_id, (_, service) in books.items() if service == service_id]
    credited = ledger_queries.credits_of_books(account.supplier_id, of_service)
    transfer_ids = [credit.transfer_id for credit in credited]
    gone = [
        rows.filter(transfer_id__in=transfer_ids).aggregate(total=Sum("amount_rub"))["total"] or ZERO
        for rows in (Allocation.objects.all(), CreditReturn.objects.all())
    ]
    return sum((credit.amount_rub for credit in credited), ZERO) - sum(gone, ZERO)


@settings(max_examples=25, deadline=None)
@given(st.lists(steps, max_size=12))
def test_every_kopeck_is_accounted_for_after_each_step(story: Sequence[tuple[str, str, int]]):
    account = make_account()
    make_service(account.supplier, Service.MAINTENANCE)
    actor = staff_of(account.supplier)

    for what, amount, number in story:
        DO[what](account, actor, amount, number)

        assert_every_kopeck_is_accounted_for(account)
