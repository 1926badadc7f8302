"""Staff propose what lowers a debt; it waits, and is approved, declined, withdrawn, or falls away."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges.models import Adjustment, Charge, Proposal
from kabinet.charges.operations.adjusting import ReasonMissing
from kabinet.charges.operations.documents import MoreThanDebt, OpeningSetAlready, TakesTwo
from kabinet.charges.operations.proposing import ProposalIsOver
from kabinet.charges.tests.documents import (
    adjust,
    approve,
    decline,
    propose,
    set_opening,
    staff_of,
    withdraw,
)
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.charges.usecases.adjust_charge import adjust_charge
from kabinet.charges.usecases.approve_document import SamePerson
from kabinet.charges.usecases.decline_document import NoteMissing
from kabinet.charges.usecases.lapse_document import lapse_document
from kabinet.charges.usecases.propose_document import AnotherWaits, LowersNothing
from kabinet.charges.usecases.set_opening_balance import set_opening_balance
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db

WAITS = dt.timedelta(days=14)


def owed(account) -> Decimal:
    return ledger.balance_rub(account.supplier_id, account.id)


def make_debtor(amount: str = "300.00"):
    account = make_account()
    make_charge(account, amount, period="2026-10")
    return account


def lapse(proposal: Proposal, *, now: dt.datetime = NOW) -> Proposal:
    lapse_document(supplier_id=proposal.supplier_id, proposal_id=proposal.id, now=now)
    proposal.refresh_from_db()
    return proposal


def actions() -> list[str]:
    return list(Entry.objects.filter(action__startswith="document.").order_by("id").values_list("action", flat=True))


# --- Proposing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["adjustment", "write_off"])
def test_what_is_proposed_changes_nothing_and_remembers_what_was_owed(kind):
    account = make_debtor()
    charges = Charge.objects.count()

    proposal = propose(account, "-100.00", kind=kind, reason="  Решение № 5 ")

    assert (proposal.state, proposal.amount_rub, proposal.owed_rub, proposal.reason) == (
        "waiting",
        Decimal("-100.00"),
        Decimal("300.00"),
        "Решение № 5",
    )
    assert owed(account) == Decimal("300.00")
    assert Charge.objects.count() == charges
    assert not Adjustment.objects.exists()
    assert actions() == ["document.proposed"]


def test_one_person_alone_lowers_nothing():
    account = make_debtor()
    given = {
        "supplier_id": account.supplier_id,
        "account_id": account.id,
        "service_id": Service.objects.get(supplier=account.supplier, is_main=True).id,
        "amount_rub": Decimal("-0.01"),
        "reason": "Ошибка",
        "request_id": UUID(int=7),
        "actor": staff_of(account.supplier),
        "now": NOW,
    }

    with pytest.raises(TakesTwo):
        adjust_charge(**given)
    with pytest.raises(TakesTwo):
        set_opening_balance(**given, on=NOW.date())

    assert owed(account) == Decimal("300.00")


def test_the_database_refuses_a_document_that_one_person_has_made():
    account = make_debtor()
    document = adjust(account, "-1.00")

    for approved_by_id in (None, document.made_by_id):
        with pytest.raises(IntegrityError, match="adjustment_two_people"), transaction.atomic():
            Adjustment.objects.filter(pk=document.pk).update(approved_by=approved_by_id)


@pytest.mark.parametrize(
    ("amount", "reason", "refusal"),
    [("0", "Ошибка", LowersNothing), ("5", "Ошибка", LowersNothing), ("-1", " ", ReasonMissing)],
)
def test_it_needs_a_sum_below_zero_and_a_reason(amount, reason, refusal):
    account = make_debtor()

    with pytest.raises(refusal):
        propose(account, amount, reason=reason)

    assert not Proposal.objects.exists()


def test_what_does_not_fit_is_not_even_proposed():
    account = make_debtor("300.00")

    with pytest.raises(MoreThanDebt):
        propose(account, "-300.01", kind="write_off")

    assert propose(account, "-300.00", kind="write_off").state == "waiting"


def test_the_same_request_twice_is_one_proposal():
    account, request_id = make_debtor(), UUID(int=7)

    first = propose(account, "-10.00", request_id=request_id)
    again = propose(account, "-10.00", request_id=request_id)

    assert again == first
    assert actions() == ["document.proposed"]


def test_the_form_that_has_made_a_document_may_propose_another():
    account, request_id = make_debtor(), UUID(int=7)
    adjust(account, "25.00", request_id=request_id)

    proposal = propose(account, "-10.00", request_id=request_id)
    approve(proposal)

    assert owed(account) == Decimal("315.00")


def test_one_waits_at_a_time_for_a_service_of_an_account():
    account = make_debtor()
    upkeep = make_service(account.supplier, Service.MAINTENANCE)
    first = propose(account, "-10.00")

    with pytest.raises(AnotherWaits):
        propose(account, "-20.00", kind="write_off")
    propose(account, "-20.00", service=upkeep)
    withdraw(first)
    propose(account, "-30.00")

    assert Proposal.objects.filter(state="waiting").count() == 2


def test_support_may_not_propose_and_a_stranger_is_told_nothing():
    account = make_debtor()

    with pytest.raises(NotAllowed):
        propose(account, "-1", actor=staff_of(account.supplier, "support"))
    with pytest.raises(NotAllowed):
        propose(account, "-1", actor=staff_of(account.supplier, "manager"))
    with pytest.raises(NotFound):
        propose(account, "-1", actor=staff_of(make_account().supplier))

    assert not Proposal.objects.exists()


# --- Approving --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["accountant", "manager"])
def test_a_second_person_lets_the_document_be_written(role):
    account = make_debtor()
    proposal = propose(account, "-100.00")
    second = staff_of(account.supplier, role)

    approve(proposal, actor=second)

    document = Adjustment.objects.get()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.document, proposal.decided_by) == ("approved", document, second)
    assert (document.made_by, document.approved_by, document.amount_rub) == (
        proposal.asked_by,
        second,
        Decimal("-100.00"),
    )
    assert owed(account) == Decimal("200.00")
    assert Entry.objects.get(action="charge.adjusted").actor == second
    assert actions() == ["document.proposed", "document.approved"]


def test_it_counts_in_the_month_in_which_it_is_approved():
    account = make_debtor()
    proposal = propose(account, "-100.00", now=dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC))

    document = approve(proposal, now=dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)).document

    assert document is not None
    assert (str(document.period), str(document.charge.period)) == ("2026-12", "2026-12")


def test_whoever_proposed_it_may_neither_approve_nor_decline_it():
    account = make_debtor()
    first = staff_of(account.supplier)
    proposal = propose(account, "-100.00", actor=first)

    with pytest.raises(SamePerson):
        approve(proposal, actor=first)
    with pytest.raises(SamePerson):
        decline(proposal, "Передумали", actor=first)

    assert owed(account) == Decimal("300.00")


def test_approved_again_it_is_written_once():
    account = make_debtor()
    proposal = propose(account, "-100.00")

    first = approve(proposal).document
    again = approve(proposal).document

    assert again == first
    assert owed(account) == Decimal("200.00")


def test_support_may_not_approve_and_a_stranger_is_told_nothing():
    account = make_debtor()
    proposal = propose(account, "-100.00")
    other = make_account().supplier

    with pytest.raises(NotAllowed):
        approve(proposal, actor=staff_of(account.supplier, "support"))
    with pytest.raises(NotFound):
        approve(proposal, actor=staff_of(other))
    with pytest.raises(NotFound):
        approve(proposal, supplier_id=other.id, actor=staff_of(other))

    assert not Adjustment.objects.exists()


# --- Not approving ----------------------------------------------------------------------------------------------------


def test_a_second_person_declines_it_and_says_why():
    account = make_debtor()
    proposal = propose(account, "-100.00")
    second = staff_of(account.supplier)

    with pytest.raises(NoteMissing):
        decline(proposal, "  ", actor=second)
    decline(proposal, " Нет решения суда ", actor=second)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.note, proposal.decided_by) == ("declined", "Нет решения суда", second)
    assert owed(account) == Decimal("300.00")
    assert actions() == ["document.proposed", "document.declined"]


def test_whoever_proposed_it_takes_it_back_and_nobody_else():
    account = make_debtor()
    proposal = propose(account, "-100.00")

    with pytest.raises(NotFound):
        withdraw(proposal, actor=staff_of(account.supplier))
    withdraw(proposal)

    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert actions() == ["document.proposed", "document.withdrawn"]


def test_what_was_decided_is_decided():
    account = make_debtor()
    proposal = propose(account, "-100.00")
    withdraw(proposal)

    with pytest.raises(ProposalIsOver) as refused:
        approve(proposal)
    assert "отозвано" in str(refused.value)
    with pytest.raises(ProposalIsOver):
        decline(proposal, "Поздно")
    with pytest.raises(ProposalIsOver):
        withdraw(proposal)

    assert owed(account) == Decimal("300.00")


# --- Falling away -----------------------------------------------------------------------------------------------------


def test_a_write_off_of_what_was_paid_meanwhile_falls_away_and_says_so():
    account = make_debtor("300.00")
    proposal = propose(account, "-300.00", kind="write_off")
    make_payment(account, "100.00")

    approve(proposal)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("lapsed", None)
    assert "200,00" in proposal.note
    assert owed(account) == Decimal("200.00")
    assert actions() == ["document.proposed", "document.lapsed"]


def test_a_write_off_that_still_fits_after_a_payment_is_written():
    account = make_debtor("300.00")
    proposal = propose(account, "-200.00", kind="write_off")
    make_payment(account, "100.00")

    approve(proposal)

    assert owed(account) == 0


def test_an_advance_that_an_opening_balance_has_overtaken_falls_away():
    account = make_account()
    proposal = propose(account, "-50.00", kind="opening", on=dt.date(2026, 11, 1))
    set_opening(account, "70.00")

    approve(proposal)

    proposal.refresh_from_db()
    assert proposal.state == "lapsed"
    assert owed(account) == Decimal("70.00")
    with pytest.raises(OpeningSetAlready):
        propose(account, "-50.00", kind="opening", on=dt.date(2026, 11, 1))


def test_it_waits_two_weeks_and_not_a_moment_longer():
    account = make_debtor()
    proposal = propose(account, "-100.00")

    assert lapse(proposal, now=NOW + WAITS - dt.timedelta(seconds=1)).state == "waiting"
    assert approve(proposal, now=NOW + WAITS).state == "lapsed"
    assert owed(account) == Decimal("300.00")


def test_at_night_what_nobody_decided_or_what_no_longer_fits_falls_away():
    overdue = propose(make_debtor(), "-100.00")
    account = make_debtor("300.00")
    paid = propose(account, "-300.00", kind="write_off")
    make_payment(account, "300.00")
    declined = decline(propose(make_debtor(), "-100.00"), "Нет решения")

    assert (lapse(overdue, now=NOW + WAITS).state, lapse(paid).state) == ("lapsed", "lapsed")
    assert (overdue.note, declined.state) == ("Решения не было слишком долго.", "declined")
    assert lapse(declined, now=NOW + WAITS).state == "declined"
