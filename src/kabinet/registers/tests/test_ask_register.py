"""Staff ask for a file by the button, and the worker makes it."""

import datetime as dt

import pytest
from django.db import OperationalError

from kabinet.accounts.tests.factories import make_account
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.registers import queries
from kabinet.registers.models import Dispatch, OutgoingRegister
from kabinet.registers.operations import making
from kabinet.registers.queries.dispatches import asked_dispatches
from kabinet.registers.usecases.ask_register import ask_register
from kabinet.registers.usecases.make_asked_register import make_asked_register
from kabinet.registers.usecases.make_due_register import make_due_register
from kabinet.registers.usecases.make_register import BasisMissing, make_register
from kabinet.registers.usecases.resume_asked_registers import resume_asked_registers
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(minutes=1)


@pytest.fixture
def supplier():
    supplier = make_supplier(billing="external")
    make_reading(make_meter(make_account(supplier)), "1250", on="2026-11-20")
    return supplier


@pytest.fixture
def accountant(supplier):
    return make_staff_of(supplier, role="accountant")


def ask(supplier, accountant, kind="readings"):
    return ask_register(supplier_id=supplier.id, kind=kind, actor=accountant, now=NOW)


def make(supplier, kind="readings"):
    return make_asked_register(supplier_id=supplier.id, kind=kind, now=LATER)


def card(supplier, kind="readings"):
    return queries.dispatch_card(supplier.id, kind)


def test_nothing_is_made_before_the_worker_comes(supplier, accountant):
    assert ask(supplier, accountant)

    asked = card(supplier)
    assert (asked.is_being_made, asked.asked_by, asked.is_set) == (True, accountant.email, False)
    assert not OutgoingRegister.objects.exists()

    register = make(supplier)

    made = card(supplier)
    assert (made.is_being_made, made.asked_by, made.problem) == (False, "", "")
    assert (register.made_by, register.made_at, register.lines_count) == (accountant, LATER, 1)


def test_asked_twice_it_is_made_once(supplier, accountant):
    ask(supplier, accountant)
    ask(supplier, accountant)

    assert run_jobs(only="registers.") == 1
    assert make(supplier) is None
    assert OutgoingRegister.objects.count() == 1


def test_where_all_has_left_nobody_is_asked(supplier, accountant):
    make_register(supplier_id=supplier.id, kind="readings", actor=None, now=NOW)

    assert not ask(supplier, accountant)

    assert asked_dispatches() == []
    assert run_jobs(only="registers.") == 0


def test_what_left_by_itself_meanwhile_is_not_made_again(supplier, accountant):
    ask(supplier, accountant)
    make_register(supplier_id=supplier.id, kind="readings", actor=None, now=NOW)

    assert make(supplier) is None

    assert not card(supplier).is_being_made
    assert OutgoingRegister.objects.count() == 1


def test_what_is_refused_is_said_until_it_is_asked_for_again(supplier, accountant):
    ask(supplier, accountant)
    StaffRole.objects.filter(user=accountant).update(role="support")

    assert make(supplier) is None

    assert "роль этого не позволяет" in card(supplier).problem
    StaffRole.objects.filter(user=accountant).update(role="accountant")
    ask(supplier, accountant)
    assert (card(supplier).problem, card(supplier).is_being_made) == ("", True)


def test_what_breaks_is_said_and_no_longer_waited_for(supplier, accountant, monkeypatch):
    ask(supplier, accountant)

    def break_down(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(making, "_write", break_down)
    with pytest.raises(ZeroDivisionError):
        make(supplier)

    assert "ошибки программы" in card(supplier).problem
    assert asked_dispatches() == []
    assert not OutgoingRegister.objects.exists()


def test_a_database_that_is_away_is_waited_for(supplier, accountant, monkeypatch):
    ask(supplier, accountant)

    def lose_connection(*args):
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as away:
        away.setattr(making, "_write", lose_connection)
        with pytest.raises(OperationalError):
            make(supplier)

    assert asked_dispatches() == [(supplier.id, "readings")]
    assert make(supplier)


def test_a_job_that_is_gone_is_asked_for_again(supplier, accountant):
    ask(supplier, accountant)
    run_jobs(only="registers.make_asked")
    Dispatch.objects.update(asked_at=NOW)  # as if the worker had died before it wrote the answer

    resume_asked_registers()
    run_jobs(only="registers.make_asked")

    assert asked_dispatches() == []
    assert OutgoingRegister.objects.count() == 1


def test_to_ask_chooses_no_schedule(supplier, accountant):
    ask(supplier, accountant)

    kept = Dispatch.objects.get(kind="readings")
    assert (kept.changed_at, kept.rhythm) == (None, "by_hand")


def test_a_schedule_that_is_served_leaves_what_was_asked_for(supplier, accountant):
    ask(supplier, accountant)
    Dispatch.objects.update(rhythm="daily")

    assert make_due_register(supplier_id=supplier.id, kind="readings", now=NOW)

    assert card(supplier).is_being_made
    assert Dispatch.objects.get().last_due_on is not None


def test_contacts_wait_for_their_document(supplier, accountant):
    with pytest.raises(BasisMissing):
        ask(supplier, accountant, "contacts")

    assert not Dispatch.objects.exists()


def test_strangers_and_other_roles_ask_for_nothing(supplier):
    with pytest.raises(NotAllowed):
        ask(supplier, make_staff_of(supplier, role="manager"))
    with pytest.raises(NotFound):
        ask(supplier, make_staff_of(make_supplier(), role="accountant"))

    assert not Dispatch.objects.exists()


def test_a_kind_that_the_supplier_does_not_get_does_not_exist():
    supplier = make_supplier(billing="kabinet")

    with pytest.raises(NotFound):
        ask(supplier, make_staff_of(supplier, role="accountant"), "payments")
