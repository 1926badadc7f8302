"""A person attaches an account."""

import datetime as dt

import pytest

from kabinet.accounts import operations, queries
from kabinet.accounts.models import AccountAccess, AttachAttempt, AttachingLock
from kabinet.accounts.operations import (
    AttachingIsLocked,
    NumberTriedTooOften,
    ProofMalformed,
    ProofOfNought,
    TooManyTries,
    TooManyTriesFromHere,
)
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.accounts.usecases.attach_account import (
    AccountUnknown,
    AlreadyAttached,
    NumberAndProofDoNotFit,
    NumberCheckDigitWrong,
    NumberMalformed,
    NumberWrongLength,
    ProofNeeded,
    TooManyAccounts,
    attach_account,
)
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.testing import NOW
from kabinet.outbox.models import RecordedFact
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


def attach(supplier, number, *, proof="", actor=None, address="203.0.113.7", now=NOW):
    return attach_account(
        supplier_id=supplier.id, number=number, proof=proof, actor=actor or make_user(), address=address, now=now
    )


def refused(refusal, supplier, number, **values):
    with pytest.raises(refusal):
        attach(supplier, number, **values)


def wrong_numbers(count):
    return [str(100_000_000 + 1_000 * index) for index in range(count)]


def with_surname(supplier, number, surname="Петров"):
    account = make_account(supplier, number=number)
    operations.record_proof(supplier.id, account.id, "surname", surname)
    return account


# --- What it brings ---------------------------------------------------------------------------------------------------


def test_a_number_is_enough_where_the_supplier_says_so():
    supplier, person = make_supplier(access_without_proof="full", proof="none"), make_user()
    account = make_account(supplier, number="702062012")

    access = attach(supplier, "702062012", actor=person)

    assert (access.account_id, access.user_id, access.level, access.attached_at) == (account.id, person.id, "full", NOW)


def test_without_a_proof_access_is_lite_by_default():
    supplier = make_supplier(access_without_proof="lite", proof="surname")
    with_surname(supplier, "702062012")

    assert attach(supplier, "702062012").level == "lite"


def test_a_proof_that_fits_brings_full_access():
    supplier = make_supplier(access_without_proof="lite", proof="surname")
    with_surname(supplier, "702062012", surname="Королёва")

    assert attach(supplier, "702062012", proof="КОРОЛЕВА").level == "full"


def test_any_of_two_meters_of_an_account_proves_it():
    supplier = make_supplier(access_without_proof="none", proof="meter_serial")
    account = make_account(supplier, number="702062012")
    operations.record_proof(supplier.id, account.id, "meter_serial", "0482117", source="1")
    operations.record_proof(supplier.id, account.id, "meter_serial", "0999555", source="2")

    assert attach(supplier, "702062012", proof="82117").level == "full"
    assert attach(supplier, "702062012", proof="99555").level == "full"


def test_the_newest_charge_proves_and_the_one_before_does_not():
    supplier = make_supplier(access_without_proof="none", proof="last_charge")
    account = make_account(supplier, number="702062012")
    operations.record_proof(supplier.id, account.id, "last_charge", "100.00")
    operations.record_proof(supplier.id, account.id, "last_charge", "122.50")

    refused(NumberAndProofDoNotFit, supplier, "702062012", proof="100,00")
    assert attach(supplier, "702062012", proof="122,5").level == "full"


def test_one_account_is_in_several_cabinets():
    supplier = make_supplier(access_without_proof="full", proof="none")
    account = make_account(supplier, number="702062012")

    attach(supplier, "702062012")
    attach(supplier, "702062012")

    assert [holder.level for holder in queries.holders(supplier.id, account.id)] == ["full", "full"]


def test_a_second_person_without_a_proof_gets_lite_access_where_a_proof_could_be_given():
    supplier = make_supplier(access_without_proof="full", proof="surname")
    with_surname(supplier, "702062012")

    assert attach(supplier, "702062012").level == "full"
    assert attach(supplier, "702062012").level == "lite"


def test_a_new_account_stands_last_in_the_list():
    supplier, person = make_supplier(), make_user()
    for number in ("702062012", "702062999"):
        make_account(supplier, number=number)

    attach(supplier, "702062999", actor=person)
    attach(supplier, "702062012", actor=person)

    assert [account.number for account in queries.accounts_of(person)] == ["702062999", "702062012"]


def test_spaces_and_dashes_in_a_number_do_not_matter():
    supplier = make_supplier()
    account = make_account(supplier, number="702062012")

    assert attach(supplier, " л/с № 702 062-012 ").account_id == account.id


def test_a_closed_account_can_be_attached_for_its_history():
    supplier = make_supplier()
    make_account(supplier, number="702062012", closed_on=dt.date(2025, 3, 1))

    assert attach(supplier, "702062012").level == "full"


def test_it_is_a_fact_with_ids_only():
    supplier, person = make_supplier(), make_user()
    account = make_account(supplier, number="702062012")

    attach(supplier, "702062012", actor=person)

    fact = RecordedFact.objects.get()
    assert fact.name == "accounts.AccountAttached"
    assert fact.payload == {"supplier_id": supplier.id, "account_id": account.id, "user_id": person.id}


# --- Each wrong number has its own answer -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("70206201", NumberWrongLength),
        ("7020620122", NumberWrongLength),
        ("", NumberWrongLength),
        ("70206201O", NumberMalformed),
        ("702062012", NumberCheckDigitWrong),
        ("702062019", AccountUnknown),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong_with_it(number, refusal):
    refused(refusal, make_supplier(number_check="luhn", number_example="702062019"), number)

    assert not AccountAccess.objects.exists()


def test_a_malformed_number_is_no_guess():
    supplier, person = make_supplier(), make_user()

    refused(NumberWrongLength, supplier, "7", actor=person)

    assert not AttachAttempt.objects.exists()


def test_the_same_number_of_another_supplier_is_unknown():
    make_account(make_supplier(), number="702062012")

    refused(AccountUnknown, make_supplier(), "702062012")


def test_an_account_that_is_attached_already_stays_as_it_was():
    supplier, person = make_supplier(), make_user()
    make_account(supplier, number="702062012")
    first = attach(supplier, "702062012", actor=person)

    refused(AlreadyAttached, supplier, "702062012", actor=person)

    assert list(AccountAccess.objects.all()) == [first]


def test_a_supplier_that_is_not_listed_does_not_exist():
    supplier = make_supplier(is_listed=False)
    make_account(supplier, number="702062012")

    refused(NotFound, supplier, "702062012")


# --- Proofs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "is_there"), [("702062012", True), ("702062777", False)])
def test_where_a_proof_is_required_nothing_is_said_before_it_fits(number, is_there):
    supplier = make_supplier(access_without_proof="none", proof="surname")
    with_surname(supplier, "702062012")

    refused(ProofNeeded, supplier, number)
    refused(NumberAndProofDoNotFit, supplier, number, proof="Сидоров")
    assert not AccountAccess.objects.exists()


def test_the_answer_to_a_wrong_proof_costs_the_same_queries_whether_the_account_is_there(
    django_assert_num_queries,
):
    supplier = make_supplier(access_without_proof="none", proof="surname")
    with_surname(supplier, "702062012")

    for number in ("702062012", "702062777"):
        person = make_user()
        with django_assert_num_queries(16):
            refused(NumberAndProofDoNotFit, supplier, number, proof="Сидоров", actor=person)


def test_a_proof_that_is_given_must_fit_even_where_none_is_required():
    supplier = make_supplier(access_without_proof="lite", proof="surname")
    with_surname(supplier, "702062012")

    refused(NumberAndProofDoNotFit, supplier, "702062012", proof="Сидоров")

    assert not AccountAccess.objects.exists()


def test_an_account_whose_proof_is_not_known_yet_cannot_be_proven():
    supplier = make_supplier(access_without_proof="none", proof="surname")
    make_account(supplier, number="702062012", surname="Петров")

    refused(NumberAndProofDoNotFit, supplier, "702062012", proof="Петров")


def test_a_proof_that_is_no_sum_is_no_guess():
    supplier = make_supplier(access_without_proof="none", proof="last_charge")

    refused(ProofMalformed, supplier, "702062012", proof="сто рублей")

    assert not AttachAttempt.objects.exists()


@pytest.mark.parametrize("typed", ["0", "0,00", "-0"])
def test_a_bill_of_nought_proves_nothing_since_anybody_can_tell_it(typed):
    supplier = make_supplier(access_without_proof="none", proof="last_charge")
    account = make_account(supplier, number="702062012")
    operations.record_proof(supplier.id, account.id, "last_charge", "0.00")

    refused(ProofOfNought, supplier, "702062012", proof=typed)


def test_a_proof_of_a_supplier_that_asks_none_is_left_aside():
    supplier = make_supplier(access_without_proof="full", proof="none")
    make_account(supplier, number="702062012")

    assert attach(supplier, "702062012", proof="Петров").level == "full"


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_after_ten_wrong_numbers_a_cabinet_waits_for_a_day():
    supplier, person = make_supplier(), make_user()
    make_account(supplier, number="702062012")
    for number in wrong_numbers(10):
        refused(AccountUnknown, supplier, number, actor=person)

    refused(TooManyTries, supplier, "702062012", actor=person, now=NOW + DAY - dt.timedelta(seconds=1))
    assert attach(supplier, "702062012", actor=person, now=NOW + DAY).level == "full"


def test_after_nine_wrong_numbers_the_right_one_is_still_taken():
    supplier, person = make_supplier(), make_user()
    make_account(supplier, number="702062012")
    for number in wrong_numbers(9):
        refused(AccountUnknown, supplier, number, actor=person)

    assert attach(supplier, "702062012", actor=person).level == "full"


def test_after_thirty_wrong_numbers_an_address_waits_whichever_cabinet_it_uses():
    supplier = make_supplier()
    make_account(supplier, number="702062012")
    for cabinet in range(3):
        person = make_user()
        for number in wrong_numbers(10):
            refused(AccountUnknown, supplier, number, actor=person, address=f"2001:db8:1:2::{cabinet}")

    refused(TooManyTriesFromHere, supplier, "702062012", address="2001:db8:1:2::ffff")
    assert attach(supplier, "702062012", address="2001:db8:1:3::1").level == "full"


def test_after_three_wrong_proofs_a_number_waits_in_every_cabinet():
    supplier = make_supplier(access_without_proof="none", proof="surname")
    with_surname(supplier, "702062012")
    for cabinet in range(3):
        refused(NumberAndProofDoNotFit, supplier, "702062012", proof="Сидоров", address=f"203.0.113.{cabinet}")

    refused(NumberTriedTooOften, supplier, "702062012", proof="Петров")
    assert attach(supplier, "702062012", proof="Петров", now=NOW + DAY).level == "full"


def test_a_number_that_does_not_exist_waits_after_three_wrong_proofs_too():
    supplier = make_supplier(access_without_proof="none", proof="surname")
    for _cabinet in range(3):
        refused(NumberAndProofDoNotFit, supplier, "702062012", proof="Сидоров")

    refused(NumberTriedTooOften, supplier, "702062012", proof="Сидоров")


def test_a_cabinet_holds_twenty_accounts():
    supplier, person = make_supplier(), make_user()
    for position in range(19):
        make_access(person, make_account(supplier), position=position)
    for number in ("702062012", "802062012"):
        make_account(supplier, number=number)

    attach(supplier, "702062012", actor=person)
    refused(TooManyAccounts, supplier, "802062012", actor=person)


def test_the_fifth_neighbouring_number_locks_attaching_until_support_lifts_the_lock():
    supplier, person = make_supplier(), make_user()
    make_account(supplier, number="702062014")
    for number in ("702062010", "702062012", "702062011", "702062013"):
        refused(AccountUnknown, supplier, number, actor=person)

    refused(AttachingIsLocked, supplier, "702062014", actor=person)
    refused(AttachingIsLocked, supplier, "802062014", actor=person, now=NOW + 30 * DAY)
    assert RecordedFact.objects.filter(name="accounts.AttachingLocked").count() == 1

    AttachingLock.objects.filter(user=person).update(lifted_at=NOW)
    assert attach(supplier, "702062014", actor=person, now=NOW + MINUTE).level == "full"


def test_neighbouring_numbers_that_exist_are_a_run_as_well():
    supplier, person = make_supplier(access_without_proof="lite"), make_user()
    for number in range(702062010, 702062015):
        make_account(supplier, number=str(number))
    for number in range(702062010, 702062014):
        attach(supplier, str(number), actor=person)

    refused(AttachingIsLocked, supplier, "702062014", actor=person)


def test_every_refusal_is_a_whole_sentence():
    for refusal in (
        NumberWrongLength(length=8, expected=9),
        TooManyAccounts(limit=20),
        AccountUnknown(),
        ProofNeeded(),
    ):
        assert isinstance(refusal, Refusal)
        assert "%(" not in str(refusal)
        assert str(refusal).endswith(".")
