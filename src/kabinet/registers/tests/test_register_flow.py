"""A register goes from its upload to a decision by people."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges.models import Charge
from kabinet.common.errors import NotFound
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.registers import queries
from kabinet.registers.formats.profile import ProfileInvalid
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.operations.incoming import AnotherRegister
from kabinet.registers.tests.incoming import Desk, counts, profile_for
from kabinet.registers.usecases.apply_register import apply_register
from kabinet.registers.usecases.approve_recall import NotRecalled, SamePersonRecalls, approve_recall
from kabinet.registers.usecases.approve_register import (
    BeyondLimits,
    ChangedSince,
    NotChecked,
    ReadAgain,
    SamePerson,
    approve_register,
)
from kabinet.registers.usecases.cancel_register import TooLateToCancel, cancel_register
from kabinet.registers.usecases.check_register import check_register
from kabinet.registers.usecases.read_register import read_register
from kabinet.registers.usecases.recall_register import LaterApplied, RecallWaits, recall_register
from kabinet.registers.usecases.save_format_profile import NameTaken, save_format_profile
from kabinet.registers.usecases.set_register_limits import set_register_limits
from kabinet.registers.usecases.stop_register import stop_register
from kabinet.registers.usecases.undo_register import undo_register
from kabinet.registers.usecases.upload_register import BilledHere, FileEmpty, FileKnown
from kabinet.registers.usecases.withdraw_recall import withdraw_recall
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db(transaction=True)

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
CHARGES = "number;period;amount_rub\n702062012;10.2026;100,00\n702062013;10.2026;50,00\n"


@pytest.fixture
def desk():
    made = Desk()
    make_account(made.supplier, number="702062012")
    make_account(made.supplier, number="702062013")
    return made


def approve(desk, register, *, actor=None, note="", now=NOW):
    return approve_register(**desk.key(register), note=note, actor=actor or desk.second, now=now)


def set_limits(desk, **values):
    usual = {
        "sum_percent": Decimal(30),
        "sum_rub": Decimal(0),
        "count_percent": Decimal(10),
        "lines_count": 0,
        "line_rub": Decimal(100_000),
    }
    set_register_limits(
        **{"supplier_id": desk.supplier.id, "kind": "charges", "actor": desk.second, "now": NOW, **usual, **values}
    )


def test_a_file_twice_is_refused(desk):
    first = desk.upload("charges", CHARGES)

    with pytest.raises(FileKnown) as refused:
        desk.upload("charges", CHARGES, now=LATER)

    assert str(first.number) in str(refused.value)
    cancel_register(**desk.key(first), actor=desk.first, now=LATER)
    assert desk.upload("charges", CHARGES, now=LATER).number == 2


def test_an_empty_file_is_refused(desk):
    with pytest.raises(FileEmpty):
        desk.upload("charges", b"")


def test_charges_are_no_matter_of_files_where_we_bill():
    desk = Desk(billing="kabinet")

    with pytest.raises(BilledHere):
        desk.upload("charges", CHARGES)
    assert desk.upload("accounts", "number\n702062012\n").number == 1


def test_strangers_and_those_without_the_right_are_kept_out(desk):
    with pytest.raises(NotFound):
        desk.upload("charges", CHARGES, actor=make_user("stranger@example.ru"))
    support = make_user("support@example.ru", is_staff=True)
    StaffRole.objects.create(user=support, supplier=desk.supplier, role="support")
    with pytest.raises(NotAllowed):
        desk.upload("charges", CHARGES, actor=support)


def test_whoever_brought_a_file_that_changes_money_does_not_apply_it(desk):
    register = desk.check("charges", CHARGES)

    with pytest.raises(SamePerson):
        approve(desk, register, actor=desk.first)

    assert approve(desk, register).state == "applying"
    accounts = desk.check("accounts", "number;flat\n702062012;8\n")
    with pytest.raises(AnotherRegister):
        approve(desk, accounts, actor=desk.first)


def test_only_what_was_checked_is_applied(desk):
    register = desk.upload("charges", CHARGES)

    with pytest.raises(NotChecked):
        approve(desk, register)


def test_only_what_was_looked_at_is_applied(desk):
    """Between the look and the press of one person another one has had the same file read by other rules."""
    register = desk.check("charges", CHARGES)
    seen_at = register.checked_at
    profile = profile_for("charges", ["number", "period", "amount_rub"], money_unit="kopeck")
    read_register(**desk.key(register), profile=profile, profile_name="Другой", actor=desk.first, now=LATER)
    check_register(**desk.key(register), now=LATER)

    with pytest.raises(ReadAgain):
        approve_register(**desk.key(register), seen_at=seen_at, note="", actor=desk.second, now=LATER)

    register.refresh_from_db()
    assert register.state == "checked"
    approve_register(**desk.key(register), seen_at=register.checked_at, note="", actor=desk.second, now=LATER)


def test_a_check_is_out_of_date_when_another_was_applied_since(desk):
    register = desk.check("charges", CHARGES)
    desk.load("accounts", "number;flat\n702062012;8\n", now=LATER)

    with pytest.raises(ChangedSince):
        approve(desk, register, now=LATER)


def test_two_new_accounts_of_a_small_supplier_stop_nothing(desk):
    desk.load("charges", CHARGES)
    make_account(desk.supplier, number="702062014")
    november = CHARGES.replace("10.2026", "11.2026") + "702062014;11.2026;900,00\n"

    register = desk.check("charges", november, now=LATER)

    assert approve(desk, register, now=LATER).state == "applying"


def test_a_sum_far_from_the_last_one_needs_a_word(desk):
    set_limits(desk, sum_rub=Decimal(0))
    desk.load("charges", CHARGES)
    register = desk.check("charges", CHARGES.replace("10.2026", "11.2026").replace("50,00", "96,00"), now=LATER)

    with pytest.raises(BeyondLimits):
        approve(desk, register, now=LATER)

    report = queries.register_report(desk.supplier.id, register.id)
    assert [(limit.code, limit.was, limit.now) for limit in report.broken_limits] == [
        ("sum", Decimal("150.00"), Decimal("196.00"))
    ]
    assert approve(desk, register, note="холодный ноябрь", now=LATER).note == "холодный ноябрь"


def test_the_limits_are_the_suppliers_own(desk):
    desk.load("charges", CHARGES)
    set_limits(desk, sum_percent=Decimal(50), count_percent=Decimal(0), line_rub=Decimal(95))

    register = desk.check("charges", CHARGES.replace("10.2026", "11.2026").replace("50,00", "96,00"), now=LATER)

    report = queries.register_report(desk.supplier.id, register.id)
    assert [(limit.code, limit.now) for limit in report.broken_limits] == [("line", Decimal("100.00"))]


def test_a_file_that_cannot_be_read_is_refused_whole(desk):
    register = desk.upload("charges", "number;amount_rub\n702062012;1,00\n")
    profile = profile_for("charges", ["number", "period", "amount_rub"])

    read_register(**desk.key(register), profile=profile, profile_name="Тест", actor=desk.first, now=NOW)
    assert check_register(**desk.key(register), now=NOW) is False

    register.refresh_from_db()
    assert register.state == "refused"
    assert "period" in register.problem
    assert not RegisterLine.objects.exists()


def test_another_format_is_tried_on_the_same_file(desk):
    register = desk.check("charges", CHARGES)
    profile = profile_for("charges", ["number", "period", "amount_rub"], decimal_mark=".")

    read_register(**desk.key(register), profile=profile, profile_name="С точкой", actor=desk.first, now=LATER)
    check_register(**desk.key(register), now=LATER)

    register.refresh_from_db()
    assert (counts(register), register.profile_name) == ((0, 0, 0, 2), "С точкой")
    assert RegisterLine.objects.count() == 2


def test_an_applied_register_is_undone_and_not_cancelled(desk):
    register = desk.load("charges", CHARGES)

    with pytest.raises(TooLateToCancel):
        cancel_register(**desk.key(register), actor=desk.first, now=LATER)


def test_a_register_that_others_were_counted_over_is_not_undone(desk):
    first = desk.load("charges", CHARGES)
    desk.load("charges", CHARGES.replace("100,00", "110,00"), now=LATER)

    with pytest.raises(LaterApplied):
        recall_register(**desk.key(first), reason="ошибка", actor=desk.second, now=LATER)


class TestMoneyIsUndoneByTwo:
    """Undoing what thousands owe takes two people, as applying it does."""

    @pytest.fixture
    def register(self, desk):
        register = desk.load("charges", CHARGES)
        recall_register(**desk.key(register), reason="не тот месяц", actor=desk.second, now=LATER)
        register.refresh_from_db()
        return register

    def test_asking_changes_nothing_by_itself(self, desk, register):
        assert (register.state, register.recalled_by, register.undo_reason) == ("applied", desk.second, "не тот месяц")
        assert undo_register(**desk.key(register), now=LATER) is False
        assert Charge.objects.count() == 2

    def test_whoever_asked_does_not_decide(self, desk, register):
        with pytest.raises(SamePersonRecalls):
            approve_recall(**desk.key(register), actor=desk.second, now=LATER)

        register.refresh_from_db()
        assert register.state == "applied"

    def test_the_database_refuses_one_person_as_well(self, desk, register):
        with pytest.raises(IntegrityError, match="register_undo_two_people"), transaction.atomic():
            Register.objects.filter(pk=register.pk).update(state="undoing", undone_by=desk.second)
        with pytest.raises(IntegrityError, match="register_undo_is_asked_for"), transaction.atomic():
            Register.objects.filter(pk=register.pk).update(state="undone", recalled_at=None, recalled_by=None)

    def test_another_person_lets_it_be_undone_once(self, desk, register):
        approve_recall(**desk.key(register), actor=desk.first, now=LATER)
        approve_recall(**desk.key(register), actor=desk.first, now=LATER)
        undo_register(**desk.key(register), now=LATER)

        register.refresh_from_db()
        assert (register.state, register.undone_by) == ("undone", desk.first)
        actions = (
            Entry.objects.filter(subject=f"register:{register.id}").order_by("id").values_list("action", flat=True)
        )
        assert list(actions)[-3:] == ["register.recall_asked", "register.recalled", "register.undone"]

    def test_asked_twice_it_waits_once(self, desk, register):
        with pytest.raises(RecallWaits):
            recall_register(**desk.key(register), reason="ещё раз", actor=desk.first, now=LATER)

    @pytest.mark.parametrize("who", ["first", "second"])
    def test_a_register_that_is_not_to_be_undone_stands(self, desk, register, who):
        withdraw_recall(**desk.key(register), actor=getattr(desk, who), now=LATER)

        with pytest.raises(NotRecalled):
            approve_recall(**desk.key(register), actor=desk.first, now=LATER)
        assert Charge.objects.count() == 2
        assert (
            recall_register(**desk.key(register), reason="и всё же", actor=desk.first, now=LATER).recalled_at == LATER
        )

    def test_what_was_applied_over_it_meanwhile_stands_in_the_way(self, desk, register):
        desk.load("charges", CHARGES.replace("100,00", "110,00"), now=LATER)

        with pytest.raises(LaterApplied):
            approve_recall(**desk.key(register), actor=desk.first, now=LATER)

    @pytest.mark.parametrize("act", [approve_recall, withdraw_recall])
    def test_staff_without_the_right_decide_nothing(self, desk, register, act):
        with pytest.raises(NotAllowed):
            act(**desk.key(register), actor=make_staff_of(desk.supplier, role="support"), now=LATER)

    def test_what_changes_no_money_one_person_undoes(self, desk):
        register = desk.load("accounts", "number;flat\n702062012;8\n", now=LATER)

        recall_register(**desk.key(register), reason="не тот файл", actor=desk.second, now=LATER)

        register.refresh_from_db()
        assert (register.state, register.recalled_by) == ("undoing", None)


def test_the_same_steps_twice_change_nothing(desk):
    register = desk.load("charges", CHARGES)

    assert check_register(**desk.key(register), now=LATER) is False
    assert approve(desk, register, now=LATER).state == "applied"
    assert apply_register(**desk.key(register), now=LATER) is True
    assert Charge.objects.count() == 2


def test_what_people_did_is_in_the_trail(desk):
    register = desk.load("charges", CHARGES)

    actions = Entry.objects.filter(subject=f"register:{register.id}").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["register.uploaded", "register.read", "register.approved", "register.applied"]


def test_two_workers_apply_a_register_once(desk):
    register = desk.check("charges", CHARGES)
    approve(desk, register)

    def work():
        try:
            apply_register(**desk.key(register), now=LATER)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Charge.objects.count() == 2


HALVES = "SELECT (SELECT count(*) FROM charges_charge), (SELECT count(*) FROM ledger_transfer)"


def test_a_reader_sees_all_of_a_register_or_nothing(desk):
    """Asked after each statement of applying. The control: whoever applies it sees halves at the same moments."""
    register = desk.check("charges", CHARGES)
    approve(desk, register)
    reader = connection.copy()
    seen_by_reader, seen_by_writer = set(), set()

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        with reader.cursor() as cursor:
            seen_by_reader.add(cursor.execute(HALVES).fetchone())
        with connection.connection.cursor() as cursor:
            seen_by_writer.add(cursor.execute(HALVES).fetchone())
        return result

    with connection.execute_wrapper(watch):
        apply_register(**desk.key(register), now=LATER)

    with reader.cursor() as cursor:
        assert cursor.execute(HALVES).fetchone() == (2, 2)
    reader.close()
    assert seen_by_reader == {(0, 0)}
    assert seen_by_writer == {(0, 0), (2, 0), (2, 2)}


def test_the_name_of_a_format_is_taken_once(desk):
    def save(**values):
        profile = profile_for("charges", ["number", "period", "amount_rub"])
        return save_format_profile(
            supplier_id=desk.supplier.id, name="Из 1С", profile=profile, actor=desk.first, now=NOW, **values
        )

    saved = save()
    with pytest.raises(NameTaken):
        save()

    assert save(profile_id=saved.id).version == 2


class TestWorkThatBreaks:
    """Work that breaks for good goes back to people, and keeps no other register waiting."""

    def broken(self, desk, register):
        """Have the worker meet a register that it cannot work on."""
        Register.objects.filter(id=register.id).update(profile={"kind": "charges"})
        with pytest.raises(ProfileInvalid):
            run_jobs(only="registers.")
        register.refresh_from_db()
        return register

    def test_one_that_was_to_be_applied_waits_for_a_decision_again(self, desk):
        register = desk.check("charges", CHARGES)
        approve(desk, register)

        self.broken(desk, register)

        assert (register.state, register.problem[:32]) == ("checked", "Работа прервалась из-за ошибки п")
        assert not Charge.objects.exists()
        assert Entry.objects.get(action="register.stopped").subject == f"register:{register.id}"
        assert cancel_register(**desk.key(register), actor=desk.first, now=NOW).state == "cancelled"

    def test_one_that_was_to_be_read_is_refused(self, desk):
        register = desk.upload("charges", CHARGES)
        profile = profile_for("charges", ["number", "period", "amount_rub"])
        read_register(**desk.key(register), profile=profile, profile_name="Тест", actor=desk.first, now=NOW)

        assert self.broken(desk, register).state == "refused"

    def test_one_that_was_to_be_undone_stands_as_it_was(self, desk):
        register = desk.load("charges", CHARGES)
        recall_register(**desk.key(register), reason="ошибка", actor=desk.second, now=NOW)
        approve_recall(**desk.key(register), actor=desk.first, now=NOW)

        assert self.broken(desk, register).state == "applied"
        assert Charge.objects.count() == 2

    def test_those_whose_work_it_was_get_a_letter_each(self, desk, mailoutbox):
        register = desk.check("charges", CHARGES)
        approve(desk, register)
        run_jobs(only="letters.")
        mailoutbox.clear()

        self.broken(desk, register)
        run_jobs(only="letters.")

        assert sorted(letter.to[0] for letter in mailoutbox) == [desk.first.email, desk.second.email]
        assert mailoutbox[0].subject == f"Работа с реестром № {register.number} прервалась"

    def test_a_stopped_register_is_not_stopped_again(self, desk):
        register = desk.check("charges", CHARGES)

        stop_register(**desk.key(register), now=NOW)

        register.refresh_from_db()
        assert (register.state, register.problem) == ("checked", "")
