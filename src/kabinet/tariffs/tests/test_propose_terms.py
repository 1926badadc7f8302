"""Staff propose prices, norms, factors, benefits; they hold when a second person has approved them."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier, make_usage_purpose
from kabinet.tariffs import queries
from kabinet.tariffs.models import Benefit, Norm, Tariff, TermsProposal, VolumeFactor
from kabinet.tariffs.operations import NormProfileMissing, PriceNotPositive, TariffOverlaps
from kabinet.tariffs.operations.proposing import OrderDoesNotFit, TermsProposalIsOver
from kabinet.tariffs.tests.factories import make_accountant, make_manager, make_support, make_tariff
from kabinet.tariffs.tests.test_load_price_order import HEAD, ORDER
from kabinet.tariffs.usecases.approve_terms import Approved, SamePerson, approve_terms
from kabinet.tariffs.usecases.decline_terms import NoteMissing, decline_terms
from kabinet.tariffs.usecases.lapse_terms import lapse_terms
from kabinet.tariffs.usecases.propose_terms import propose_terms
from kabinet.tariffs.usecases.try_terms import try_terms
from kabinet.tariffs.usecases.withdraw_terms import withdraw_terms

pytestmark = pytest.mark.django_db

WAITS = dt.timedelta(days=14)


@pytest.fixture
def supplier() -> Supplier:
    supplier = make_supplier()
    make_usage_purpose(supplier, "cooking")
    make_usage_purpose(supplier, "heating")
    return supplier


def price(supplier: Supplier, printed: str = "10.5", *, since: str = "2026-12-01", **values: Any) -> dict[str, Any]:
    return {
        "service_id": Service.objects.get(supplier=supplier, is_main=True).id,
        "usage_purpose_code": "cooking",
        "zone": "",
        "above_m3": Decimal(0),
        "printed_price": Decimal(printed),
        "printed_unit": "m3",
        "valid_from": dt.date.fromisoformat(since),
        "valid_until": None,
        "source": "Приказ № 15",
        "replaces": False,
    } | values


def norm() -> dict[str, Any]:
    return {
        "region_code": "",
        "usage_purpose_code": "cooking",
        "unit": "person",
        "unit_code": "",
        "unit_name": "",
        "printed_value": Decimal(120),
        "printed_period": "year",
        "profile": [Decimal(20)] * 6 + [Decimal(0)] * 6,
        "valid_from": dt.date(2026, 12, 1),
        "valid_until": dt.date(2027, 12, 1),
        "source": "Приказ о нормативах",
        "replaces": False,
    }


def factor() -> dict[str, Any]:
    return {
        "region_code": "kaluga",
        "factor": Decimal("1.06"),
        "valid_from": dt.date(2026, 12, 1),
        "valid_until": None,
        "source": "Приказ № 7",
        "replaces": False,
    }


def benefit(supplier: Supplier) -> dict[str, Any]:
    return {
        "benefit_id": None,
        "service_id": Service.objects.get(supplier=supplier, is_main=True).id,
        "code": "veteran",
        "name": "Ветеран труда",
        "share_percent": Decimal(50),
        "limit_m3": Decimal("20.5"),
        "is_limit_per_head": True,
        "monthly_rub": None,
        "funded_by": "",
        "source": "Закон № 1",
    }


def order(text: str = ORDER) -> dict[str, Any]:
    return {"content": text.encode(), "encoding": "utf-8", "replaces": False, "file_name": "prices.csv"}


def propose(supplier: Supplier, kind: str, given: dict[str, Any], **values: Any) -> TermsProposal:
    defaults = {"actor": values.get("actor") or make_accountant(supplier), "now": NOW}
    return propose_terms(supplier_id=supplier.id, kind=kind, given=given, **(defaults | values))


def approve(proposal: TermsProposal, *, actor: User | None = None, now: dt.datetime = NOW) -> Approved:
    actor = actor or make_accountant(proposal.supplier)
    return approve_terms(supplier_id=proposal.supplier_id, proposal_id=proposal.id, actor=actor, now=now)


def price_of(supplier: Supplier, day: dt.date) -> Decimal | None:
    service_id = Service.objects.get(supplier=supplier, is_main=True).id
    price = queries.price_on(supplier.id, service_id, "cooking", day=day)
    return price and price.price_rub_per_m3


def test_until_it_is_approved_the_price_before_holds(supplier):
    make_tariff(supplier, "9", since="2026-01-01", usage_purpose_code="cooking")
    proposal = propose(supplier, "price", price(supplier))

    assert (proposal.state, Tariff.objects.count()) == ("waiting", 1)
    assert price_of(supplier, dt.date(2026, 12, 1)) == Decimal(9)

    approve(proposal)

    assert price_of(supplier, dt.date(2026, 11, 30)) == Decimal(9)
    assert price_of(supplier, dt.date(2026, 12, 1)) == Decimal("10.5")


@pytest.mark.parametrize("role", ["accountant", "manager"])
def test_the_second_person_is_named_in_the_trail(supplier, role):
    first = make_accountant(supplier)
    second = make_accountant(supplier) if role == "accountant" else make_manager(supplier)
    proposal = propose(supplier, "price", price(supplier), actor=first)

    approve(proposal, actor=second)

    entries = Entry.objects.filter(subject=f"terms_proposal:{proposal.id}").order_by("id")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("terms.proposed", first),
        ("terms.approved", second),
    ]
    assert Entry.objects.get(action="tariff.set").actor == second


def test_a_norm_a_factor_and_a_benefit_are_set_to_the_letter(supplier):
    approve(propose(supplier, "norm", norm()))
    approve(propose(supplier, "factor", factor()))
    approve(propose(supplier, "benefit", benefit(supplier)))

    set_norm, set_factor, set_benefit = Norm.objects.get(), VolumeFactor.objects.get(), Benefit.objects.get()
    assert (set_norm.monthly_m3[0], set_norm.printed_value) == (Decimal(20), Decimal(120))
    assert (set_norm.valid_from, set_norm.valid_until) == (dt.date(2026, 12, 1), dt.date(2027, 12, 1))
    assert (set_factor.region_code, set_factor.factor) == ("kaluga", Decimal("1.06"))
    assert (set_benefit.share_percent, set_benefit.limit_m3, set_benefit.is_limit_per_head) == (
        Decimal(50),
        Decimal("20.5"),
        True,
    )


def test_an_order_is_approved_as_a_whole(supplier):
    proposal = propose(supplier, "order", order())
    assert not Tariff.objects.exists()

    approve(proposal)

    assert Tariff.objects.count() == 4
    assert Entry.objects.get(action="price_order.loaded").details["new"] == 4


def test_an_order_with_a_line_that_does_not_fit_is_not_even_proposed(supplier):
    with pytest.raises(OrderDoesNotFit) as refused:
        propose(supplier, "order", order(HEAD + "gas;cooking;;;0;м³;01.01.2028;;Приказ № 7\r\n"))

    assert "Строка 2" in str(refused.value)
    assert not TermsProposal.objects.exists()


@pytest.mark.parametrize(
    ("kind", "given", "refusal"),
    [
        ("price", lambda supplier: price(supplier, "0"), PriceNotPositive),
        ("norm", lambda _supplier: norm() | {"profile": None}, NormProfileMissing),
    ],
)
def test_what_could_not_be_set_is_refused_at_once(supplier, kind, given, refusal):
    with pytest.raises(refusal):
        propose(supplier, kind, given(supplier))

    assert not TermsProposal.objects.exists()


def test_the_same_press_twice_is_one_proposal(supplier):
    first = propose(supplier, "price", price(supplier))
    again = propose(supplier, "price", price(supplier))

    assert again == first
    assert propose(supplier, "price", price(supplier, "11")) != first


def test_months_that_are_over_are_named_when_it_is_approved(supplier):
    proposal = propose(supplier, "price", price(supplier, since="2026-09-01"))

    tried = try_terms(supplier_id=supplier.id, proposal_id=proposal.id, actor=make_support(supplier), now=NOW)
    assert tried.affected_since == Month(2026, 9)
    assert not Tariff.objects.exists()
    assert approve(proposal).affected_since == Month(2026, 9)


def test_whoever_proposed_it_neither_approves_nor_declines_it(supplier):
    first = make_accountant(supplier)
    proposal = propose(supplier, "price", price(supplier), actor=first)

    with pytest.raises(SamePerson):
        approve(proposal, actor=first)
    with pytest.raises(SamePerson):
        decline_terms(supplier_id=supplier.id, proposal_id=proposal.id, note="Нет", actor=first, now=NOW)

    assert not Tariff.objects.exists()


def test_support_does_neither_and_a_stranger_is_told_nothing(supplier):
    proposal = propose(supplier, "price", price(supplier))

    with pytest.raises(NotAllowed):
        propose(supplier, "price", price(supplier), actor=make_support(supplier))
    with pytest.raises(NotAllowed):
        propose(supplier, "price", price(supplier), actor=make_manager(supplier))
    with pytest.raises(NotAllowed):
        approve(proposal, actor=make_support(supplier))
    with pytest.raises(NotFound):
        approve(proposal, actor=make_accountant(make_supplier()))
    other = make_supplier()
    with pytest.raises(NotFound):
        approve_terms(supplier_id=other.id, proposal_id=proposal.id, actor=make_accountant(other), now=NOW)


def test_it_is_declined_with_a_reason_or_taken_back_and_then_it_is_over(supplier):
    declined, withdrawn = (propose(supplier, "price", price(supplier, printed)) for printed in ("10", "11"))
    about = {"supplier_id": supplier.id, "now": NOW}
    second = make_accountant(supplier)

    with pytest.raises(NoteMissing):
        decline_terms(**about, proposal_id=declined.id, note=" ", actor=second)
    decline_terms(**about, proposal_id=declined.id, note="Приказ отменён", actor=second)
    with pytest.raises(NotFound):
        withdraw_terms(**about, proposal_id=withdrawn.id, actor=second)
    withdraw_terms(**about, proposal_id=withdrawn.id, actor=withdrawn.asked_by)

    for proposal, state in ((declined, "declined"), (withdrawn, "withdrawn")):
        proposal.refresh_from_db()
        assert proposal.state == state
        with pytest.raises(TermsProposalIsOver):
            approve(proposal)
    assert not Tariff.objects.exists()


def test_what_other_prices_have_overtaken_falls_away_and_says_so(supplier):
    first, second = (propose(supplier, "price", price(supplier, printed)) for printed in ("10", "11"))
    approve(first)

    decided = approve(second).proposal

    assert (decided.state, "цена уже задана" in decided.note) == ("lapsed", True)
    assert price_of(supplier, dt.date(2026, 12, 1)) == Decimal(10)


def test_it_waits_two_weeks_and_not_a_moment_longer(supplier):
    waits, overdue = (propose(supplier, "price", price(supplier, printed)) for printed in ("10", "11"))

    lapse_terms(supplier_id=supplier.id, proposal_id=waits.id, now=NOW + WAITS - dt.timedelta(seconds=1))
    lapse_terms(supplier_id=supplier.id, proposal_id=overdue.id, now=NOW + WAITS)

    waits.refresh_from_db()
    overdue.refresh_from_db()
    assert (waits.state, overdue.state) == ("waiting", "lapsed")
    assert approve(waits, now=NOW + WAITS).proposal.state == "lapsed"
    assert not Tariff.objects.exists()


def test_approved_again_it_is_set_once(supplier):
    proposal = propose(supplier, "price", price(supplier))

    approve(proposal)
    again = approve(proposal)

    assert (again.proposal.state, Tariff.objects.count()) == ("approved", 1)


# --- Two at once ------------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], Any]) -> list[str]:
    outcomes, together = [], threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        together.wait(timeout=10)
        try:
            outcomes.append(act().proposal.state)
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


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_set_one_price(supplier):
    proposal = propose(supplier, "price", price(supplier))
    approvers = [make_accountant(supplier), make_manager(supplier)]

    outcomes = at_once(*(lambda who=who: approve(proposal, actor=who) for who in approvers))

    assert outcomes == ["approved", "approved"]
    assert Tariff.objects.count() == 1
    assert Entry.objects.filter(action="terms.approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_database_refuses_the_second_price(supplier):
    proposal = propose(supplier, "price", price(supplier))
    approvers = [make_accountant(supplier), make_manager(supplier)]
    all_have_looked, create = threading.Barrier(2, timeout=10), Tariff.objects.create
    one_by_one = threading.Lock()  # at the same moment each would wait for the other, and one be done again

    def create_after_all_have_looked(**values: Any) -> Tariff:
        all_have_looked.wait()
        with one_by_one:
            return create(**values)

    with (
        mock.patch.object(Supplier.objects, "select_for_update", return_value=Supplier.objects.all()),
        mock.patch.object(Tariff.objects, "create", create_after_all_have_looked),
    ):
        outcomes = at_once(*(lambda who=who: approve(proposal, actor=who) for who in approvers))

    assert "refused by the database" in outcomes
    assert Tariff.objects.count() == 1


def test_overlapping_terms_are_refused_when_they_are_proposed(supplier):
    approve(propose(supplier, "price", price(supplier)))

    with pytest.raises(TariffOverlaps):
        propose(supplier, "price", price(supplier, "11"))
