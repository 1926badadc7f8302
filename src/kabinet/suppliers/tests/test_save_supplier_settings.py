"""A manager sets how the cabinet behaves for the supplier's customers."""

from decimal import Decimal

import pytest

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.operations import NumberExampleDoesNotFit, ProofNotNamed
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.suppliers.usecases.save_supplier_settings import SWITCHES, ValueOutOfRange, save_supplier_settings

pytestmark = pytest.mark.django_db


def make_member(role, supplier):
    user = make_user(is_staff=True)
    StaffRole.objects.create(user=user, role=role, supplier=supplier)
    return user


@pytest.fixture
def supplier():
    return make_supplier()


def save(supplier, actor=None, **values):
    actor = actor or make_member("manager", supplier)
    return save_supplier_settings(supplier_id=supplier.id, values=values, actor=actor, now=NOW)


def test_what_has_changed_is_written_with_what_it_was(supplier):
    changed = save(supplier, reading_closes_day=25, allow_rollover=True)

    supplier.refresh_from_db()
    assert (changed, supplier.reading_closes_day) == (["reading_closes_day"], 25)
    entry = Entry.objects.get()
    assert (entry.action, entry.details) == ("supplier.set", {"reading_closes_day": ["31", "25"]})


def test_the_same_again_writes_nothing(supplier):
    assert save(supplier, reading_closes_day=31) == []
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reading_opens_day": 0}, "reading_opens_day"),
        ({"reading_closes_day": 32}, "reading_closes_day"),
        ({"verification_notice_days": 366}, "verification_notice_days"),
        ({"max_volume_m3": Decimal("0.000")}, None),
        ({"plausible_ratio": Decimal("0.99")}, None),
        ({"own_sum_limit_rub": Decimal("0.99")}, None),
        ({"pause_note": "а" * 501}, "pause_note"),
        ({"proof": "a-word"}, "proof"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_a_value_out_of_range_is_refused_and_nothing_is_written(supplier, values, field):
    with pytest.raises(ValueOutOfRange) as refused:
        save(supplier, phone="8 800", **values)

    assert refused.value.field == field
    assert Supplier.objects.get().phone == supplier.phone


def test_what_does_not_fit_together_is_refused(supplier):
    with pytest.raises(ProofNotNamed):
        save(supplier, proof="none", access_without_proof="none")
    with pytest.raises(NumberExampleDoesNotFit):
        save(supplier, number_example="12")


@pytest.mark.parametrize("name", ["inn", "code", "billing", "number_pattern", "time_zone", "name"])
def test_what_is_the_installations_cannot_be_set(supplier, name):
    assert name not in SWITCHES
    with pytest.raises(ValueError, match=name):
        save(supplier, **{name: "x"})


def test_others_of_the_staff_may_not_and_strangers_find_nothing(supplier):
    for role in ("accountant", "support"):
        with pytest.raises(NotAllowed):
            save(supplier, make_member(role, supplier), phone="1")
    with pytest.raises(NotFound):
        save(supplier, make_member("manager", make_supplier()), phone="1")
