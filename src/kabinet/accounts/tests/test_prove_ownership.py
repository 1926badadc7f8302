"""A person with lite access proves that the account is theirs."""

import pytest

from kabinet.accounts import operations, queries
from kabinet.accounts.models import AccountAccess
from kabinet.accounts.operations import NumberTriedTooOften, ProofMalformed
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.attach_account import NumberAndProofDoNotFit
from kabinet.accounts.usecases.prove_ownership import NothingToProveBy, prove_ownership
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user()


@pytest.fixture
def account(person):
    supplier = make_supplier(proof="last_charge", access_without_proof="lite")
    account = make_account(supplier)
    operations.record_proof(supplier.id, account.id, "last_charge", "122.50")
    make_access(person, account, level="lite")
    return account


def prove(account, actor, proof):
    return prove_ownership(
        supplier_id=account.supplier_id, account_id=account.id, proof=proof, actor=actor, address="", now=NOW
    )


def test_a_proof_that_fits_raises_access_to_full(account, person):
    prove(account, person, "122,50")

    assert queries.account_card(account.supplier_id, account.id, visible_to=person).is_full


def test_a_kopeck_less_does_not(account, person):
    with pytest.raises(NumberAndProofDoNotFit):
        prove(account, person, "122,49")

    assert not queries.account_card(account.supplier_id, account.id, visible_to=person).is_full


def test_a_proof_once_given_is_not_asked_again(account, person):
    prove(account, person, "122,50")

    assert prove(account, person, "1").is_full


def test_a_proof_that_is_no_sum_is_told_so(account, person):
    with pytest.raises(ProofMalformed):
        prove(account, person, "много")


def test_wrong_proofs_of_all_cabinets_count_together(account, person):
    for _cabinet in range(3):
        other = make_user()
        make_access(other, account, level="lite")
        with pytest.raises(NumberAndProofDoNotFit):
            prove(account, other, "1,00")

    with pytest.raises(NumberTriedTooOften):
        prove(account, person, "122,50")


def test_a_stranger_is_told_there_is_no_such_account(account):
    with pytest.raises(NotFound):
        prove(account, make_user(), "122,50")

    assert not AccountAccess.objects.filter(level="full").exists()


def test_a_supplier_without_proofs_has_nothing_to_prove_by(person):
    account = make_account(make_supplier(proof="none", access_without_proof="lite"))
    make_access(person, account, level="lite")

    with pytest.raises(NothingToProveBy):
        prove(account, person, "122,50")
