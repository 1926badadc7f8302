"""What penalties of many accounts are counted from."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import operations
from kabinet.charges.models import Charge
from kabinet.charges.queries.penalties import penalty_cases
from kabinet.charges.rules.penalties import Overdue, PenaltyCase, Settlement, penalty_lines
from kabinet.charges.tests.documents import adjust, restore, write_off
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.month import Month, months_between
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_payment_term, make_supplier
from kabinet.tariffs.rules import DelayStep, KeyRate, PenaltyLaw

pytestmark = pytest.mark.django_db

LAW = PenaltyLaw(
    key_rates=(KeyRate(dt.date(2020, 1, 1), Decimal("9.5"), ""),),
    steps=(DelayStep(dt.date(2016, 1, 1), 31, 300, ""), DelayStep(dt.date(2016, 1, 1), 91, 130, "")),
)
OCTOBER = Month(2026, 10)
MARCH, DUE = Month(2026, 3), dt.date(2026, 4, 15)


def make_late_account(supplier=None) -> Account:
    account = make_account(supplier or make_supplier())
    if supplier is None:
        make_payment_term(account.supplier, Month(2020, 1))
    return account


def penalty_service(account: Account) -> Service:
    return Service.objects.get(supplier=account.supplier, code=Service.PENALTY)


def cases(*accounts: Account, period: Month = OCTOBER, recheck_months: int = 3) -> dict[int, PenaltyCase]:
    return penalty_cases(
        accounts[0].supplier_id,
        [account.id for account in accounts],
        LAW,
        penalty_service_id=penalty_service(accounts[0]).id,
        period=period,
        earlier=list(months_between(period.plus(-recheck_months), period)),
    )


def paid(on: str, amount: str, released: str | None = None) -> Settlement:
    return Settlement(dt.date.fromisoformat(on), Decimal(amount), dt.date.fromisoformat(released) if released else None)


def test_an_account_that_owes_nothing_late_is_not_there():
    owing_nothing, in_time, in_free_days, young = (
        (account := make_late_account()),
        *(make_late_account(account.supplier) for _ in range(3)),
    )
    make_charge(in_time, "300", period="2026-03")
    make_payment(in_time, "300", on="2026-04-15")
    make_charge(in_free_days, "300", period="2026-08")
    make_payment(in_free_days, "300", on="2026-10-15")  # the thirtieth day after Tuesday the 15th of September
    make_charge(young, "300", period="2026-09")  # due on the 15th of October

    assert cases(owing_nothing, in_time, in_free_days, young) == {}


def test_what_is_unpaid_comes_with_what_was_paid_of_it():
    account = make_late_account()
    make_charge(account, "300", period="2026-03")
    make_charge(account, "200", period="2026-03")
    make_payment(account, "120", on="2026-05-02")
    make_payment(account, "80", on="2026-07-02")

    case = cases(account)[account.id]

    [overdue] = case.overdue
    assert (overdue.period, overdue.due_on, overdue.amount_rub) == (MARCH, DUE, Decimal(500))
    assert sum(part.amount_rub for part in overdue.settlements) == Decimal(200)
    assert {part.paid_on for part in overdue.settlements} == {dt.date(2026, 5, 2), dt.date(2026, 7, 2)}


@pytest.mark.parametrize(("paid_on", "is_there"), [("2026-07-01", True), ("2026-06-30", False)])
def test_what_was_paid_late_matters_while_its_days_are_looked_back_at(paid_on, is_there):
    account = make_late_account()
    make_charge(account, "300", period="2026-03")
    make_payment(account, "300", on=paid_on)

    assert (account.id in cases(account)) is is_there


def test_penalties_themselves_bear_none():
    account = make_late_account()
    make_charge(account, "300", period="2026-03", service=penalty_service(account))

    assert cases(account) == {}


def test_what_was_charged_before_comes_by_the_month_of_its_days():
    account = make_late_account()
    for period, amount in (("2026-09", "10.00"), ("2026-10", "-4.00")):
        make_penalty(account, amount, period=period, for_period=Month(2026, 8))
    make_penalty(account, "7.00", period="2026-07", for_period=Month(2026, 6))

    charged = {Month(2026, 8): Decimal("6.00")}
    assert cases(account)[account.id] == PenaltyCase((), charged, Month(2026, 7))


@pytest.mark.parametrize(
    ("kind", "charged_since"),
    [("metered", Month(2026, 8)), ("imported", None), ("opening", None), ("adjustment", None)],
)
def test_months_are_ours_from_the_first_that_our_rules_have_charged(kind, charged_since):
    account = make_late_account()
    make_charge(account, "300", period="2026-03")
    make_charge(account, "300", period="2026-08", kind=kind)
    make_charge(account, "300", period="2026-10", kind="metered")  # the month that is charged

    assert cases(account)[account.id].charged_since == charged_since


def make_penalty(account: Account, amount: str, *, period: str, for_period: Month) -> None:
    service = penalty_service(account)
    Charge.objects.create(
        supplier_id=account.supplier_id,
        account=account,
        service=service,
        period=Month.parse(period),
        line_no=1,
        kind=Charge.Kind.PENALTY,
        amount_rub=Decimal(amount),
        for_period=for_period,
        charged_on=dt.date(2026, 10, 1),
    )


def test_what_a_correction_of_the_same_month_takes_off_was_never_owed():
    account = make_late_account()
    make_charge(account, "300", period="2026-03")
    make_credit(account, "-100", period="2026-09", for_period=MARCH)

    [overdue] = cases(account)[account.id].overdue

    assert overdue == Overdue(MARCH, DUE, Decimal(300), (paid("2026-03-01", "100"),))


def test_what_a_correction_of_another_month_takes_off_is_paid_on_its_day():
    account = make_late_account()
    make_charge(account, "300", period="2026-03")
    make_credit(account, "-100", period="2026-09", for_period=Month(2026, 8))

    [overdue] = cases(account)[account.id].overdue

    assert overdue.settlements == (paid("2026-10-01", "100"),)


def make_credit(account: Account, amount: str, *, period: str, for_period: Month) -> None:
    make_charge(account, amount, period=period, kind=Charge.Kind.CORRECTION, for_period=for_period)
    with transaction.atomic():
        operations.allocate_advances(account.supplier_id, account.id)


def test_what_went_back_was_paid_while_it_was_here():
    account = make_late_account()
    make_charge(account, "300", period="2026-03")
    make_payment(account, "300", on="2026-06-02")
    [credit] = ledger.credits_of(account.supplier_id, account.id)
    with transaction.atomic():
        operations.release_payment(account.supplier_id, account.id, credit, Decimal(100), on=dt.date(2026, 8, 20))

    [overdue] = cases(account)[account.id].overdue

    assert set(overdue.settlements) == {paid("2026-06-02", "200"), paid("2026-06-02", "100", "2026-08-20")}


def test_a_debt_that_was_written_off_and_restored_bears_none_for_the_days_between():
    account = make_late_account()
    make_charge(account, "300", period="2026-03")
    restore(write_off(account, "300", now=at("2026-06-02 12:00")), now=at("2026-08-20 12:00"))

    [overdue] = cases(account)[account.id].overdue

    assert overdue.settlements == (paid("2026-06-02", "300", "2026-08-20"),)


def test_a_payment_known_late_corrects_what_was_charged():
    account = make_late_account()
    make_charge(account, "2500", period="2026-03")
    make_penalty(account, "42.14", period="2026-07", for_period=Month(2026, 7))
    make_payment(account, "2500", on="2026-07-20")

    lines = penalty_lines(
        cases(account, period=Month(2026, 8))[account.id],
        LAW,
        period=Month(2026, 8),
        earlier=[Month(2026, 7)],
        service_id=penalty_service(account).id,
    )

    # 14 days of 1/300 and 6 of 1/130 remain: 11.0833 + 10.9615 = 22.04.
    assert [(str(line.for_period), line.amount_rub) for line in lines] == [("2026-07", Decimal("-20.10"))]


def test_a_negative_adjustment_lowers_the_base_from_its_day():
    account = make_late_account()
    make_charge(account, "300", period="2026-03")
    adjust(account, "-100", now=at("2026-09-05 12:00"))

    [overdue] = cases(account)[account.id].overdue

    assert overdue.settlements == (paid("2026-09-05", "100"),)


def test_twenty_accounts_cost_as_many_queries_as_one():
    first = make_late_account()
    accounts = [first, *(make_late_account(first.supplier) for _ in range(19))]
    for account in accounts:
        make_charge(account, "300", period="2026-03")
        make_payment(account, "10", on="2026-05-05")

    with CaptureQueriesContext(
        connection,
    ) as alone:
        cases(first)
    with CaptureQueriesContext(connection) as together:
        assert len(cases(*accounts)) == 20

    assert len(together) == len(alone)
