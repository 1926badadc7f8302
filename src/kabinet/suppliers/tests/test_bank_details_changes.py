"""Bank details are changed by two people, are told of by letters, and take effect a day later."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.letters.tasks.suppliers import send_bank_details_change
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import BankDetails, BankDetailsChange
from kabinet.suppliers.operations import AccountKeyWrong, ChangedByTwo
from kabinet.suppliers.operations.changes import ChangeIsOver, DetailsAreThere
from kabinet.suppliers.queries.details_changes import due_changes
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier
from kabinet.suppliers.usecases.apply_bank_details_change import apply_bank_details_change
from kabinet.suppliers.usecases.ask_bank_details_change import ChangeWaits, ask_bank_details_change
from kabinet.suppliers.usecases.confirm_bank_details_change import PAUSE, SamePerson, confirm_bank_details_change
from kabinet.suppliers.usecases.save_bank_details import save_bank_details
from kabinet.suppliers.usecases.withdraw_bank_details_change import withdraw_bank_details_change

pytestmark = pytest.mark.django_db

NEW = {
    "channel": "bank",
    "bank_name": "филиал «Санкт-Петербург» ОАО «Собинбанк»",
    "bic": "044030853",
    "account_number": "40702810900120001210",
    "correspondent_account": "30101810300000000853",
}
AGENT = NEW | {"channel": "agent", "account_number": "40821810800120000001"}
SECOND = dt.timedelta(seconds=1)
FACT = "00000000-0000-4000-8000-000000000007"


def make_member(role, supplier, **fields):
    user = make_user(is_staff=True, **fields)
    StaffRole.objects.create(user=user, role=role, supplier=supplier)
    return user


@pytest.fixture
def supplier():
    return make_supplier(email="gaz@example.ru", name="Газ Севера")


@pytest.fixture
def manager(supplier):
    return make_member("manager", supplier, given_name="Лидия", surname="Громова")


@pytest.fixture
def accountant(supplier):
    return make_member("accountant", supplier, given_name="Вера", surname="Орлова")


def ask(supplier, actor, *, replaced=None, **values):
    replaced_id = replaced.pk if replaced else None
    given = NEW | values
    return ask_bank_details_change(supplier_id=supplier.id, replaced_id=replaced_id, actor=actor, now=NOW, **given)


def decide(usecase, change, actor, now=NOW):
    return usecase(supplier_id=change.supplier_id, change_id=change.pk, actor=actor, now=now)


def apply(change, now):
    apply_bank_details_change(supplier_id=change.supplier_id, change_id=change.pk, now=now)


def test_asked_confirmed_and_a_day_later_true(supplier, manager, accountant):
    stands = make_bank_details(supplier, account_number="40702810000000000001")
    change = ask(supplier, accountant, replaced=stands)

    confirmed = decide(confirm_bank_details_change, change, manager)
    apply(change, NOW + PAUSE - SECOND)
    assert BankDetails.objects.get().account_number == "40702810000000000001"
    assert due_changes(NOW + PAUSE - SECOND) == []

    assert confirmed.due_at == NOW + PAUSE
    assert due_changes(NOW + PAUSE) == [(supplier.id, change.pk)]
    apply(change, NOW + PAUSE)
    apply(change, NOW + PAUSE)

    now_true = BankDetails.objects.get()
    assert (now_true.pk, now_true.account_number) == (stands.pk, NEW["account_number"])
    assert [entry.action for entry in Entry.objects.order_by("id")] == [
        "bank_details.change_asked",
        "bank_details.change_confirmed",
        "bank_details.changed",
    ]


def test_details_are_added_beside_the_others(supplier, manager, accountant):
    make_bank_details(supplier)
    change = ask(supplier, accountant, **AGENT)
    decide(confirm_bank_details_change, change, manager)

    apply(change, NOW + PAUSE)

    assert BankDetails.objects.filter(supplier=supplier).count() == 2


def test_nothing_happens_without_the_second_person(supplier, accountant):
    change = ask(supplier, accountant)

    apply(change, NOW + dt.timedelta(days=365))

    assert not BankDetails.objects.exists()
    with pytest.raises(SamePerson):
        decide(confirm_bank_details_change, change, accountant)


def test_the_database_knows_of_the_two_people_too(supplier, accountant):
    change = ask(supplier, accountant)

    for values in ({"confirmed_by": accountant, "due_at": NOW}, {"due_at": NOW}, {"applied_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BankDetailsChange.objects.filter(pk=change.pk).update(**values)


def test_one_person_is_enough_to_stop_it_within_the_day(supplier, manager, accountant):
    change = ask(supplier, accountant)
    decide(confirm_bank_details_change, change, manager)

    decide(withdraw_bank_details_change, change, accountant, NOW + PAUSE - SECOND)
    apply(change, NOW + PAUSE)

    assert not BankDetails.objects.exists()
    for act in (confirm_bank_details_change, withdraw_bank_details_change):
        with pytest.raises(ChangeIsOver):
            decide(act, change, manager)


def test_confirming_again_does_not_begin_the_day_anew(supplier, manager, accountant):
    change = ask(supplier, accountant)
    decide(confirm_bank_details_change, change, manager)

    assert decide(confirm_bank_details_change, change, manager, NOW + SECOND).due_at == NOW + PAUSE


def test_one_change_at_a_time(supplier, accountant, manager):
    change = ask(supplier, accountant)

    with pytest.raises(ChangeWaits):
        ask(supplier, manager, **AGENT)
    decide(withdraw_bank_details_change, change, manager)
    assert ask(supplier, manager, **AGENT).waits


def test_digits_that_do_not_fit_and_accounts_that_are_there_are_refused(supplier, accountant):
    there = make_bank_details(supplier, account_number=NEW["account_number"], bic=NEW["bic"])

    with pytest.raises(AccountKeyWrong):
        ask(supplier, accountant, account_number="40702810800120001210")
    with pytest.raises(DetailsAreThere):
        ask(supplier, accountant)
    assert not BankDetailsChange.objects.exists()

    assert ask(supplier, accountant, replaced=there, bank_name="Другое название").waits


def test_details_that_came_meanwhile_leave_nothing_to_change(supplier, manager, accountant):
    change = ask(supplier, accountant)
    decide(confirm_bank_details_change, change, manager)
    make_bank_details(supplier, account_number=NEW["account_number"], bic=NEW["bic"])

    apply(change, NOW + PAUSE)

    change.refresh_from_db()
    assert (change.applied_at, change.withdrawn_at) == (None, NOW + PAUSE)


def test_support_may_not_and_strangers_find_nothing(supplier, accountant):
    other = make_supplier()
    foreign = make_bank_details(other)
    change = ask(supplier, accountant)

    with pytest.raises(NotAllowed):
        decide(confirm_bank_details_change, change, make_member("support", supplier))
    stranger = make_member("manager", other)
    for act in (confirm_bank_details_change, withdraw_bank_details_change):
        with pytest.raises(NotFound):
            decide(act, change, stranger)
    with pytest.raises(NotFound):
        ask(other, accountant)
    decide(withdraw_bank_details_change, change, accountant)
    with pytest.raises(NotFound):
        ask(supplier, accountant, replaced=foreign)


def test_the_supplier_and_its_keepers_are_told_while_it_can_be_stopped(supplier, manager, accountant, mailoutbox):
    make_member("support", supplier)
    change = ask(supplier, accountant)

    send_bank_details_change(supplier_id=supplier.id, change_id=change.pk, fact_id=FACT)
    decide(confirm_bank_details_change, change, manager)
    send_bank_details_change(supplier_id=supplier.id, change_id=change.pk, fact_id=FACT)

    asked, told = mailoutbox[:3], mailoutbox[3:]
    assert sorted(letter.to[0] for letter in asked) == sorted([manager.email, accountant.email, "gaz@example.ru"])
    assert "Вера Орлова меняет реквизиты, по которым платят поставщику «Газ Севера»" in asked[0].body
    assert f"Новый счёт: {NEW['account_number']}" in asked[0].body
    assert "Смену подтвердил второй сотрудник: Лидия Громова" in told[0].body
    assert "23.11.2026 12:00" in told[0].body


def test_a_letter_about_what_is_over_is_not_sent(supplier, accountant, mailoutbox):
    change = ask(supplier, accountant)
    decide(withdraw_bank_details_change, change, accountant)

    send_bank_details_change(supplier_id=supplier.id, change_id=change.pk, fact_id=FACT)

    assert mailoutbox == []


def test_once_there_are_people_for_it_the_administrator_changes_nothing_alone(supplier, accountant):
    with pytest.raises(ChangedByTwo):
        save_bank_details(details=BankDetails(supplier=supplier, **NEW), actor=None, now=NOW)

    assert not BankDetails.objects.exists()


def test_asked_twice_at_once_one_waits(transactional_db):
    supplier = make_supplier()
    people = [make_member("accountant", supplier), make_member("manager", supplier)]
    outcomes, start = [], threading.Barrier(2)

    def press(actor):
        start.wait()
        try:
            outcomes.append(ask(supplier, actor))
        except ChangeWaits as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert BankDetailsChange.objects.count() == 1
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BankDetailsChange", "ChangeWaits"]
