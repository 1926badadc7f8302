"""Staff write down who lives at an account, who was away, and what a norm counts there."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from kabinet.accounts import queries
from kabinet.accounts.models import Absence, Account, NormUnits, Residence
from kabinet.accounts.operations import AccountIsClosed, BeforeOpening, DayInFuture
from kabinet.accounts.tests.factories import make_account
from kabinet.accounts.usecases.note_absence import (
    AbsenceKnown,
    AbsenceWithoutDays,
    DocumentMissing,
    MoreAwayThanLive,
    NobodyAway,
    note_absence,
)
from kabinet.accounts.usecases.set_norm_units import UnitCodeMalformed, UnitsBelowZero, set_norm_units
from kabinet.accounts.usecases.set_residents import AreaNotAboveZero, ResidentsBelowZero, set_residents
from kabinet.accounts.usecases.withdraw_absence import withdraw_absence
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def make_family(**values: Any) -> Account:
    """Make an account of two people on 60 m², open since 2020."""
    return make_account(**({"opened_on": day("2020-01-01"), "residents_count": 2, "area_m2": Decimal(60)} | values))


def residents(account: Account, since: str, count: int, area: str | None = None, **values: Any) -> Residence:
    return set_residents(
        supplier_id=account.supplier_id,
        account_id=account.id,
        since=day(since),
        residents_count=count,
        area_m2=None if area is None else Decimal(area),
        **({"document": "справка", "actor": None, "now": NOW} | values),
    )


def absence(account: Account, since: str, until: str, count: int = 1, **values: Any) -> Absence:
    return note_absence(
        supplier_id=account.supplier_id,
        account_id=account.id,
        since=day(since),
        until=day(until),
        residents_count=count,
        **({"document": "билеты", "actor": None, "now": NOW} | values),
    )


def units(account: Account, since: str, count: str, code: str = "cow", **values: Any) -> None:
    set_norm_units(
        supplier_id=account.supplier_id,
        account_id=account.id,
        unit_code=code,
        units_count=Decimal(count),
        since=day(since),
        **({"actor": None, "now": NOW} | values),
    )


def lived(account: Account) -> list[tuple[str, str | None, int, Decimal | None]]:
    [rows] = queries.residences_of(account.supplier_id, [account.id]).values()
    return [
        (str(row.days.since), row.days.until and str(row.days.until), row.residents_count, row.area_m2) for row in rows
    ]


def counted(account: Account) -> list[tuple[str, str | None, Decimal]]:
    [rows] = queries.norm_units_of(account.supplier_id, [account.id]).values()
    return [(str(row.days.since), row.days.until and str(row.days.until), row.units_count) for row in rows]


def test_an_account_without_rows_has_what_it_says_itself():
    assert lived(make_family()) == [("2020-01-01", None, 2, Decimal(60))]
    assert lived(make_account()) == [("0001-01-01", None, None, None)]


def test_days_between_rows_have_what_the_account_says():
    account = make_family()
    Residence.objects.create(
        supplier=account.supplier,
        account=account,
        valid_from=day("2026-03-01"),
        valid_until=day("2026-05-01"),
        residents_count=5,
    )

    assert lived(account) == [
        ("2020-01-01", "2026-03-01", 2, Decimal(60)),
        ("2026-03-01", "2026-05-01", 5, None),
        ("2026-05-01", None, 2, Decimal(60)),
    ]


def test_from_a_day_on_others_live_there_and_the_days_before_keep_what_they_had():
    account = make_family()

    residents(account, "2026-11-01", 3)

    account.refresh_from_db()
    assert lived(account) == [("2020-01-01", "2026-11-01", 2, Decimal(60)), ("2026-11-01", None, 3, Decimal(60))]
    assert (account.residents_count, account.area_m2) == (3, Decimal(60))
    assert Entry.objects.get().details["residents_before"] == 2


def test_a_change_in_the_past_holds_until_the_next_one_and_today_stays_as_it_is():
    account = make_family()
    residents(account, "2026-11-01", 3)

    residents(account, "2026-10-01", 4, "72.50")

    account.refresh_from_db()
    assert lived(account) == [
        ("2020-01-01", "2026-10-01", 2, Decimal(60)),
        ("2026-10-01", "2026-11-01", 4, Decimal("72.50")),
        ("2026-11-01", None, 3, Decimal(60)),
    ]
    assert (account.residents_count, account.area_m2) == (3, Decimal(60))


def test_the_same_day_again_corrects_and_the_same_again_writes_nothing():
    account = make_family()

    residents(account, "2026-11-01", 3)
    residents(account, "2026-11-01", 4)
    residents(account, "2026-11-01", 4)

    assert lived(account)[1:] == [("2026-11-01", None, 4, Decimal(60))]
    assert Entry.objects.count() == 2


def test_the_first_day_of_the_account_may_be_corrected():
    account = make_family()

    residents(account, "2020-01-01", 1)

    assert lived(account) == [("2020-01-01", None, 1, Decimal(60))]


@pytest.mark.parametrize(
    ("since", "count", "area", "refusal"),
    [
        ("2026-11-23", 3, None, DayInFuture),
        ("2019-12-31", 3, None, BeforeOpening),
        ("2026-11-16", 3, None, AccountIsClosed),
        ("2026-11-01", -1, None, ResidentsBelowZero),
        ("2026-11-01", 3, "0", AreaNotAboveZero),
    ],
)
def test_residents_that_cannot_be_are_refused(since, count, area, refusal):
    account = make_family(closed_on=day("2026-11-16"))

    with pytest.raises(refusal):
        residents(account, since, count, area)

    assert not Residence.objects.exists()
    assert not Entry.objects.exists()


def test_nobody_may_live_there():
    account = make_family()

    residents(account, "2026-11-01", 0)

    assert lived(account)[-1] == ("2026-11-01", None, 0, Decimal(60))


def test_an_absence_that_was_a_mistake_is_withdrawn_and_its_days_are_free_again():
    account = make_family()
    mistaken = absence(account, "2026-10-05", "2026-10-20")
    withdrawal = {"supplier_id": account.supplier_id, "absence_id": mistaken.id, "actor": None, "now": NOW}

    withdraw_absence(**withdrawal)
    absence(account, "2026-10-05", "2026-10-15")

    assert [str(row.valid_until) for row in Absence.objects.all()] == ["2026-10-15"]
    entry = Entry.objects.get(action="account.absence_withdrawn")
    assert entry.details == {"since": "2026-10-05", "until": "2026-10-20", "residents": 1, "document": "билеты"}
    with pytest.raises(NotFound):
        withdraw_absence(**withdrawal)


def test_an_absence_is_withdrawn_by_those_who_keep_the_accounts_of_its_supplier():
    noted = absence(make_family(), "2026-10-05", "2026-10-20")

    for supplier_id, actor in [(noted.supplier_id, make_user()), (make_supplier().id, None)]:
        with pytest.raises(NotFound):
            withdraw_absence(supplier_id=supplier_id, absence_id=noted.id, actor=actor, now=NOW)

    assert Absence.objects.count() == 1


def test_absences_stand_beside_and_the_same_one_twice_is_one():
    account = make_family()

    absence(account, "2026-10-05", "2026-10-20")
    absence(account, "2026-10-05", "2026-10-20")
    absence(account, "2026-10-20", "2026-10-21", 2)

    [rows] = queries.absences_of(account.supplier_id, [account.id]).values()
    assert [(str(row.days.since), str(row.days.until), row.residents_count) for row in rows] == [
        ("2026-10-05", "2026-10-20", 1),
        ("2026-10-20", "2026-10-21", 2),
    ]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"until": "2026-10-10"}, AbsenceWithoutDays),
        ({"count": 0}, NobodyAway),
        ({"count": 3}, MoreAwayThanLive),
        ({"document": " "}, DocumentMissing),
        ({"since": "2026-09-30"}, AbsenceKnown),
        ({"since": "2019-12-31", "until": "2020-01-02"}, BeforeOpening),
    ],
)
def test_an_absence_that_cannot_be_is_refused(changes, refusal):
    account = make_family()
    absence(account, "2026-09-25", "2026-10-01")

    with pytest.raises(refusal):
        absence(account, **({"since": "2026-10-10", "until": "2026-10-20"} | changes))

    assert Absence.objects.count() == 1


def test_units_come_change_and_go():
    account = make_family()

    units(account, "2026-03-01", "1")
    units(account, "2026-06-01", "3")
    units(account, "2026-10-01", "0")
    units(account, "2026-10-01", "0")

    assert counted(account) == [("2026-03-01", "2026-06-01", Decimal(1)), ("2026-06-01", "2026-10-01", Decimal(3))]
    assert Entry.objects.count() == 3


def test_units_of_the_past_hold_until_the_next_change():
    account = make_family()
    units(account, "2026-06-01", "3")

    units(account, "2026-03-01", "1")
    units(account, "2026-06-01", "2")

    assert counted(account) == [("2026-03-01", "2026-06-01", Decimal(1)), ("2026-06-01", None, Decimal(2))]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code": ""}, UnitCodeMalformed),
        ({"code": "корова"}, UnitCodeMalformed),
        ({"count": "-1"}, UnitsBelowZero),
        ({"since": "2026-11-23"}, DayInFuture),
    ],
)
def test_units_that_cannot_be_are_refused(changes, refusal):
    account = make_family()

    with pytest.raises(refusal):
        units(account, **({"since": "2026-11-01", "count": "1"} | changes))

    assert not NormUnits.objects.exists()


def test_strangers_find_no_account():
    account = make_family()
    stranger = make_user(is_staff=True)
    StaffRole.objects.create(user=stranger, supplier=make_supplier(), role="accountant")

    with pytest.raises(NotFound):
        residents(account, "2026-11-01", 3, actor=stranger)
    with pytest.raises(NotFound):
        absence(account, "2026-10-05", "2026-10-20", actor=stranger)
    with pytest.raises(NotFound):
        units(account, "2026-11-01", "1", actor=stranger)
    assert not Entry.objects.exists()


def test_many_accounts_cost_as_many_queries_as_one(django_assert_num_queries):
    supplier = make_supplier()
    ids = [make_account(supplier).id for _ in range(3)]

    with django_assert_num_queries(4):
        queries.residences_of(supplier.id, ids)
        queries.absences_of(supplier.id, ids)
        queries.norm_units_of(supplier.id, ids)


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_go_one_after_another_and_leave_no_gap():
    account = make_family()
    start = threading.Barrier(4)

    def one(month: int) -> None:
        try:
            start.wait(timeout=10)
            residents(account, f"2026-0{month}-01", month)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, (3, 4, 5, 6)))

    assert lived(account)[1:] == [
        ("2026-03-01", "2026-04-01", 3, Decimal(60)),
        ("2026-04-01", "2026-05-01", 4, Decimal(60)),
        ("2026-05-01", "2026-06-01", 5, Decimal(60)),
        ("2026-06-01", None, 6, Decimal(60)),
    ]
