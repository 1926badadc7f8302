"""Staff replace a meter, remove one, install one."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from kabinet.accounts import operations as account_operations
from kabinet.accounts.models import Account, ProofValue
from kabinet.accounts.operations import AccountIsClosed
from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.testing import NOW
from kabinet.meters.models import Meter, MeterScale, Reading
from kabinet.meters.operations.meters import (
    DigitsOutOfRange,
    OutageBeginsLater,
    ReadingMissing,
    ScalesUnclear,
    SerialKnown,
    SerialMissing,
    VerificationOver,
)
from kabinet.meters.operations.readings import (
    DayInFuture,
    MeterRemoved,
    ReadingBelowPrevious,
    ReadingDoesNotFit,
    RolloverNotConfirmed,
    TakenBeforePrevious,
)
from kabinet.meters.rules import NewMeter, NewScale
from kabinet.meters.tests.factories import make_keeper, make_meter, make_outage, make_scale
from kabinet.meters.usecases.install_meter import install_meter
from kabinet.meters.usecases.record_reading import record_reading
from kabinet.meters.usecases.remove_meter import remove_meter
from kabinet.meters.usecases.replace_meter import replace_meter
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


def new_meter(opening: str = "3", **values: Any) -> NewMeter:
    defaults = {"serial_number": "НОВ-77", "digits": 5, "scales": (NewScale("T1", Decimal(opening)),)}
    return NewMeter(**(defaults | values))


def replace(meter: Meter, closing: str | None = "1300", *, on: str = "2026-11-10", **values: Any) -> Meter:
    return replace_meter(
        supplier_id=meter.supplier_id,
        meter_id=meter.id,
        replaced_on=dt.date.fromisoformat(on),
        **(
            {
                "closing_m3": {"T1": Decimal(closing)} if closing is not None else {},
                "new": new_meter(),
                "request_id": UUID(int=1),
                "actor": None,
                "now": NOW,
            }
            | values
        ),
    )


def is_untouched(meter: Meter) -> bool:
    meter.refresh_from_db()
    alone = Meter.objects.filter(account=meter.account).count() == 1
    return alone and meter.removed_on is None and Reading.objects.filter(account=meter.account).count() == 1


def test_the_old_meter_ends_and_the_new_one_begins_without_a_day_between():
    old = make_meter(value="1234", on="2026-10-25")
    keeper = make_keeper(old.supplier)

    new = replace(old, "1300", new=new_meter("3", verification_due_on=dt.date(2036, 11, 10)), actor=keeper)

    old.refresh_from_db()
    closing, opening = Reading.objects.filter(account=old.account).order_by("id")[1:]
    assert old.removed_on == new.installed_on == dt.date(2026, 11, 10)
    assert (closing.meter, closing.source, closing.value_m3, closing.volume_m3) == (
        old,
        "closing",
        Decimal(1300),
        Decimal(66),
    )
    assert (opening.meter, opening.source, opening.value_m3, opening.volume_m3) == (
        new,
        "opening",
        Decimal(3),
        Decimal(0),
    )
    assert (opening.used_from, opening.previous_m3) == (None, None)
    after = record_reading(
        supplier_id=new.supplier_id,
        meter_id=new.id,
        value_m3=Decimal(10),
        taken_on=dt.date(2026, 11, 20),
        request_id=UUID(int=2),
        actor=keeper,
        now=NOW,
    )
    assert (after.used_from, after.volume_m3) == (dt.date(2026, 11, 11), Decimal(7))


def test_the_new_serial_number_proves_who_owns_the_account():
    new = replace(make_meter())

    assert ProofValue.objects.get(account=new.account, source=str(new.id)).kind == "meter_serial"


def test_the_same_request_twice_gives_the_first_meter_back():
    old = make_meter()

    first, again = replace(old), replace(old)

    assert again == first
    assert Meter.objects.filter(account=old.account).count() == 2
    assert Reading.objects.filter(account=old.account).count() == 3
    assert Entry.objects.count() == 1


def test_every_scale_ends_and_begins():
    old = make_meter(value="1234", on="2026-10-25")
    make_scale(old, "T2", "500", on="2026-10-25")
    both = new_meter(scales=(NewScale("T1", Decimal(1)), NewScale("T2", Decimal(2), "ночь")))

    with pytest.raises(ReadingMissing) as refused:
        replace(old, "1300", new=both)
    new = replace(old, new=both, closing_m3={"T1": Decimal(1300), "T2": Decimal(520)})

    assert str(refused.value) == "Укажите показание каждой шкалы счётчика: не хватает шкалы T2."
    closing = Reading.objects.filter(meter=old, source="closing").order_by("scale__zone")
    assert list(closing.values_list("volume_m3", flat=True)) == [Decimal(66), Decimal(20)]
    assert list(MeterScale.objects.filter(meter=new).values_list("zone", "name")) == [("T1", ""), ("T2", "ночь")]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"closing": "1233"}, ReadingBelowPrevious),
        ({"closing": "100000"}, ReadingDoesNotFit),
        ({"closing": None}, ReadingMissing),
        ({"on": "2026-11-23"}, DayInFuture),
        ({"on": "2026-10-24"}, TakenBeforePrevious),
        ({"new": new_meter("100000")}, ReadingDoesNotFit),
        ({"new": new_meter(serial_number=" - ")}, SerialMissing),
        ({"new": new_meter(serial_number="СТАРЫЙ-1")}, SerialKnown),
        ({"new": new_meter(digits=2)}, DigitsOutOfRange),
        ({"new": new_meter(digits=10)}, DigitsOutOfRange),
        ({"new": new_meter(scales=())}, ScalesUnclear),
        ({"new": new_meter(scales=(NewScale("T1", Decimal(1)),) * 2)}, ScalesUnclear),
        ({"new": new_meter(verification_due_on=dt.date(2026, 11, 9))}, VerificationOver),
    ],
)
def test_a_refused_replacement_leaves_the_old_meter_as_it_was(changes, refusal):
    old = make_meter(value="1234", on="2026-10-25", serial_number="СТАРЫЙ-1")

    with pytest.raises(refusal):
        replace(old, **changes)

    assert is_untouched(old)


def test_a_closing_reading_past_zero_has_to_be_confirmed():
    old = make_meter(value="99987")

    with pytest.raises(RolloverNotConfirmed):
        replace(old, "14")
    assert is_untouched(old)
    replace(old, "14", rolled_over=True)

    assert Reading.objects.get(source="closing").volume_m3 == Decimal(27)


def test_a_meter_that_does_not_count_may_go_without_a_closing_reading_and_its_outage_ends():
    old = make_meter(value="1234", on="2026-10-25")
    outage = make_outage(old, "faulty", "2026-11-05")

    replace(old, None)

    outage.refresh_from_db()
    assert outage.valid_until == dt.date(2026, 11, 11)
    assert not Reading.objects.filter(source="closing").exists()


def test_no_meter_ends_before_an_outage_that_is_written():
    old = make_meter(value="1234", on="2026-10-25")
    make_outage(old, "faulty", "2026-11-15")

    with pytest.raises(OutageBeginsLater):
        replace(old)

    assert is_untouched(old)


def test_a_meter_that_is_gone_is_not_replaced_again():
    old = make_meter()
    replace(old)

    with pytest.raises(MeterRemoved):
        replace(old, request_id=UUID(int=2))


def test_a_meter_of_a_closed_account_is_not_replaced():
    with pytest.raises(AccountIsClosed):
        replace(make_meter(make_account(closed_on=dt.date(2026, 11, 10))))


def test_a_stranger_finds_no_meter():
    old = make_meter()

    with pytest.raises(NotFound):
        replace(old, actor=make_keeper(make_supplier()))

    assert is_untouched(old)


def test_a_removed_meter_leaves_its_closing_reading_and_the_same_day_again_writes_nothing():
    meter = make_meter(value="1234", on="2026-10-25")

    def remove(on: str, closing: str = "1300") -> Meter:
        return remove_meter(
            supplier_id=meter.supplier_id,
            meter_id=meter.id,
            closing_m3={"T1": Decimal(closing)},
            removed_on=dt.date.fromisoformat(on),
            request_id=UUID(int=1),
            actor=None,
            now=NOW,
        )

    with pytest.raises(ReadingBelowPrevious):
        remove("2026-11-10", "1000")
    first, again = remove("2026-11-10"), remove("2026-11-10")

    assert again == first
    assert first.removed_on == dt.date(2026, 11, 10)
    assert Reading.objects.filter(meter=meter, source="closing").count() == 1
    with pytest.raises(MeterRemoved):
        remove("2026-11-11")


def test_an_account_without_a_meter_gets_its_first():
    account = make_account()

    def install() -> Meter:
        return install_meter(
            supplier_id=account.supplier_id,
            account_id=account.id,
            new=new_meter("12"),
            installed_on=dt.date(2026, 11, 10),
            request_id=UUID(int=1),
            actor=None,
            now=NOW,
        )

    meter = install()

    assert install() == meter
    opening = Reading.objects.get(account=account)
    assert (opening.meter, opening.value_m3, opening.source) == (meter, Decimal(12), "opening")


def all_at_once(old: Meter, count: int) -> list[Any]:
    """Replace a meter by several others at once, each with a request, thread and connection of its own."""
    start = threading.Barrier(count)

    def one(number: int) -> Any:
        try:
            start.wait(timeout=10)
            replace(old, new=new_meter(serial_number=f"НОВ-{number}"), request_id=UUID(int=number))
        except Refusal as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(1, count + 1)))


@pytest.mark.django_db(transaction=True)
def test_of_two_replacements_at_once_one_is_made():
    old = make_meter()

    met = all_at_once(old, 4)

    assert sorted(met, key=str) == sorted([None] + [MeterRemoved] * 3, key=str)
    assert Meter.objects.filter(account=old.account).count() == 2
    assert Reading.objects.filter(source="closing").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_one_meter_is_replaced_twice(monkeypatch):
    """Proves that the test above could fail: without the account's lock the same presses do replace it twice."""
    monkeypatch.setattr(
        account_operations,
        "lock_account",
        lambda supplier_id, account_id, visible_to=None: Account.objects.get(supplier_id=supplier_id, id=account_id),
    )

    for _attempt in range(20):
        old = make_meter()
        all_at_once(old, 4)
        if Reading.objects.filter(meter=old, source="closing").count() > 1:
            return
    pytest.fail("without the lock the race never showed")
