"""Two members of staff, or two presses of one, make a document at the same moment."""

import threading
from collections.abc import Callable
from decimal import Decimal
from unittest import mock
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import Adjustment, Charge, Proposal
from kabinet.charges.tests.documents import adjust, approve, decline, propose, restore, set_opening, staff_of, write_off
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import Refusal
from kabinet.ledger import queries as ledger
from kabinet.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Adjustment | Proposal]) -> list[str]:
    """Do each in a thread and connection of its own; tell what each met, sorted."""
    outcomes, together = [], threading.Barrier(len(acts))

    def run(act: Callable[[], Adjustment | Proposal]) -> None:
        together.wait(timeout=10)
        try:
            outcomes.append(f"document {act().id}")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        except IntegrityError:
            outcomes.append("refused by the database")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def without_the_lock(model, *acts: Callable[[], Adjustment | Proposal]) -> list[str]:
    """Do them at once where nobody waits: each creates its row after all have looked."""
    all_have_looked, create = threading.Barrier(len(acts), timeout=10), model.objects.create

    def create_after_all_have_looked(**values):
        all_have_looked.wait()
        return create(**values)

    with (
        mock.patch.object(Account.objects, "select_for_update", return_value=Account.objects.all()),
        mock.patch.object(model.objects, "create", create_after_all_have_looked),
    ):
        return at_once(*acts)


def assert_the_book_is_true() -> None:
    assert ledger.differences() == []
    assert queries.differences() == []


def make_debtor(amount: str = "300.00") -> tuple[Account, dict]:
    account = make_account()
    make_charge(account, amount)
    return account, {"actor": staff_of(account.supplier)}


def approve_by(approver: User, proposal: Proposal) -> Callable[[], Adjustment]:
    def act() -> Adjustment:
        document = approve(proposal, actor=approver).document
        assert document is not None
        return document

    return act


def test_two_who_approve_at_once_write_one_document():
    account, by = make_debtor()
    proposal = propose(account, "-300.00", kind="write_off", **by)
    approvers = [staff_of(account.supplier), staff_of(account.supplier, "manager")]

    outcomes = at_once(*(approve_by(approver, proposal) for approver in approvers))

    assert outcomes == [f"document {Adjustment.objects.get().id}"] * 2
    assert ledger.balance_rub(account.supplier_id, account.id) == 0
    assert_the_book_is_true()


def test_control_without_the_lock_the_database_refuses_the_second_document():
    account, by = make_debtor()
    proposal = propose(account, "-300.00", kind="write_off", **by)
    approvers = [staff_of(account.supplier), staff_of(account.supplier)]

    outcomes = without_the_lock(Adjustment, *(approve_by(approver, proposal) for approver in approvers))

    assert outcomes == [f"document {Adjustment.objects.get().id}", "refused by the database"]
    assert_the_book_is_true()


def test_what_one_approves_and_another_declines_ends_one_way():
    account, by = make_debtor()
    proposal = propose(account, "-300.00", kind="write_off", **by)
    approver, decliner = staff_of(account.supplier), staff_of(account.supplier)

    outcomes = at_once(approve_by(approver, proposal), lambda: decline(proposal, "Нет решения", actor=decliner))

    proposal.refresh_from_db()
    is_written = Adjustment.objects.exists()
    assert (proposal.state == "approved") == is_written
    assert outcomes[1] == "proposal-over"
    assert ledger.balance_rub(account.supplier_id, account.id) == (0 if is_written else Decimal("300.00"))


def test_two_who_propose_at_once_leave_one_that_waits():
    account, by = make_debtor()

    outcomes = at_once(lambda: propose(account, "-10.00", **by), lambda: propose(account, "-20.00", **by))

    assert outcomes == [f"document {Proposal.objects.get().id}", "proposal-another-waits"]


def test_two_presses_are_one_adjustment():
    account, by = make_debtor()

    def press() -> Adjustment:
        return adjust(account, "-50.00", request_id=UUID(int=7), **by)

    outcomes = at_once(press, press)

    assert outcomes == [f"document {Adjustment.objects.get().id}"] * 2
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("250.00")


def test_two_adjustments_are_two_lines():
    account, by = make_debtor()

    at_once(lambda: adjust(account, "-50.00", **by), lambda: adjust(account, "10.00", **by))

    assert sorted(Charge.objects.filter(kind="adjustment").values_list("line_no", flat=True)) == [1, 2]
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("260.00")
    assert_the_book_is_true()


def test_a_write_off_is_restored_once():
    account, by = make_debtor()
    document = write_off(account, "300.00", **by)

    outcomes = at_once(lambda: restore(document, **by), lambda: restore(document, **by))

    assert outcomes[0] == "debt-restored-already" or outcomes[1] == "debt-restored-already"
    assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("300.00")
    assert_the_book_is_true()


def test_an_opening_balance_is_set_once():
    account = make_account()
    by = {"actor": staff_of(account.supplier)}

    outcomes = at_once(lambda: set_opening(account, "100.00", **by), lambda: set_opening(account, "70.00", **by))

    assert outcomes == [f"document {Adjustment.objects.get().id}", "opening-set-already"]


def test_control_without_the_lock_the_database_refuses_the_second_opening_of_a_month():
    account = make_account()
    by = {"actor": staff_of(account.supplier)}

    outcomes = without_the_lock(
        Charge, lambda: set_opening(account, "100.00", **by), lambda: set_opening(account, "70.00", **by)
    )

    assert "refused by the database" in outcomes
    assert_the_book_is_true()
