"""Support lets a cabinet attach accounts again."""

import datetime as dt

import pytest

from kabinet.accounts.models import AttachingLock
from kabinet.accounts.operations import AttachingIsLocked
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.attach_account import AccountUnknown, attach_account
from kabinet.accounts.usecases.lift_attaching_lock import lift_attaching_lock
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db

NEIGHBOURS = [str(number) for number in range(702062010, 702062015)]


@pytest.fixture
def supplier():
    return make_supplier()


@pytest.fixture
def person():
    return make_user("curious@example.ru")


def member(role, supplier=None):
    user = make_user(f"{role}@example.ru", is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role=role)
    return user


def attach(supplier, number, person, now=NOW):
    return attach_account(
        supplier_id=supplier.id, number=number, proof="", actor=person, address="203.0.113.7", now=now
    )


def locked(supplier, person, now=NOW):
    for number in NEIGHBOURS[:-1]:
        with pytest.raises(AccountUnknown):
            attach(supplier, number, person, now)
    with pytest.raises(AttachingIsLocked):
        attach(supplier, NEIGHBOURS[-1], person, now)


def lift(person, actor, supplier=None, reason="Свои квартиры"):
    lift_attaching_lock(user_id=person.id, supplier_id=supplier and supplier.id, reason=reason, actor=actor, now=NOW)


def test_at_once_the_next_number_is_taken_though_it_is_a_neighbour_too(supplier, person):
    make_account(supplier, number=NEIGHBOURS[-1])
    locked(supplier, person)

    lift(person, member("helpdesk"))

    assert attach(supplier, NEIGHBOURS[-1], person).level == "full"


def test_whoever_goes_on_counting_is_locked_again(supplier, person):
    locked(supplier, person)
    lift(person, member("helpdesk"))

    locked(supplier, person, NOW + dt.timedelta(minutes=1))

    assert AttachingLock.objects.get(user=person).lifted_at is None


def test_it_is_noted_who_did_it_and_why(supplier, person):
    make_access(person, make_account(supplier))
    support = member("support", supplier)
    locked(supplier, person)

    lift(person, support, supplier, reason="Свои квартиры в одном доме")

    entry = Entry.objects.get(action="attaching.unlocked")
    assert (entry.actor, entry.subject, entry.supplier_id) == (support, f"user:{person.id}", supplier.id)
    assert entry.details == {"reason": "Свои квартиры в одном доме"}


def test_a_cabinet_that_is_open_stays_as_it_is(person):
    lift(person, member("helpdesk"))

    assert not AttachingLock.objects.exists()
    assert not Entry.objects.filter(action="attaching.unlocked").exists()


def test_a_suppliers_support_lets_its_own_customers_alone(supplier, person):
    locked(supplier, person)
    support = member("support", supplier)

    with pytest.raises(NotFound):
        lift(person, support, supplier)
    with pytest.raises(NotAllowed):
        lift(person, support)

    assert AttachingLock.objects.filter(user=person, lifted_at=None).exists()


def test_who_does_not_answer_customers_lifts_nothing(supplier, person):
    make_access(person, make_account(supplier))
    locked(supplier, person)

    with pytest.raises(NotAllowed):
        lift(person, member("accountant", supplier), supplier)
