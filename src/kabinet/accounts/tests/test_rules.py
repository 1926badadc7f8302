"""Masking, proofs and limits, in tables."""

import pytest

from kabinet.accounts import rules


@pytest.mark.parametrize(
    ("kind", "typed", "canonical"),
    [
        ("meter_serial", "0482117", "82117"),
        ("meter_serial", "82117", "82117"),
        ("meter_serial", " № 04-82 117 ", "82117"),
        ("meter_serial", "123", "123"),
        ("meter_serial", "7а-0482б", "0482Б"),
        ("last_charge", "1 234,50", "1234.50"),
        ("last_charge", "1234.5", "1234.50"),
        ("last_charge", "122,50 ₽", "122.50"),
        ("surname", "Королёва", "королева"),
        ("surname", " ПЕТРОВ-Водкин ", "петровводкин"),
        ("surname", "Петров Водкин", "петровводкин"),
    ],
)
def test_a_proof_is_compared_in_one_form(kind, typed, canonical):
    assert rules.canonical_proof(kind, typed) == canonical


@pytest.mark.parametrize(
    ("kind", "typed"), [("meter_serial", " - "), ("last_charge", "сто"), ("last_charge", "1,234"), ("surname", "123")]
)
def test_what_cannot_be_a_proof_is_no_proof(kind, typed):
    with pytest.raises(ValueError):  # noqa: PT011 - any text will do
        rules.canonical_proof(kind, typed)


def test_the_same_proof_of_two_accounts_has_two_hashes():
    assert rules.proof_hash(1, 1, "surname", "петров") != rules.proof_hash(1, 2, "surname", "петров")


def test_a_hash_fits_when_it_is_one_of_the_expected():
    first, second = (rules.proof_hash(1, 1, "meter_serial", serial) for serial in ("82117", "82118"))

    assert rules.is_one_of(second, [first, second])
    assert not rules.is_one_of(second, [first])
    assert not rules.is_one_of(second, [])


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("", ""),
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_a_visitor_is_counted_by_ipv4_address_or_ipv6_network(address, network):
    assert rules.network_of(address) == network


@pytest.mark.parametrize(
    ("numbers", "has_check_digit", "run"),
    [
        ([], False, 0),
        (["702062012"], False, 1),
        (["702062012", "702062013", "702062014"], False, 3),
        (["702062014", "702062012", "702062013"], False, 3),
        (["702062012", "702062015", "702062018"], False, 3),
        (["702062012", "702062016"], False, 1),
        (["702062012", "702026012", "720062012", "702062021"], False, 1),
        (["1234567890", "1234567904", "1234567912"], False, 1),
        (["1234567890", "1234567904", "1234567912"], True, 3),
        (["75ДА000001", "75ДА000002"], False, 2),
    ],
)
def test_numbers_close_to_each_other_are_a_run(numbers, has_check_digit, run):
    assert rules.longest_run(numbers, has_check_digit=has_check_digit) == run


@pytest.mark.parametrize(
    ("access_without_proof", "asks_proof", "has_full_holder", "level"),
    [
        ("lite", False, False, "lite"),
        ("lite", True, False, "lite"),
        ("full", False, False, "full"),
        ("full", False, True, "full"),
        ("full", True, False, "full"),
        ("full", True, True, "lite"),
    ],
)
def test_a_second_person_gets_full_access_by_proof_where_there_is_one(
    access_without_proof, asks_proof, has_full_holder, level
):
    given = rules.level_without_proof(access_without_proof, asks_proof=asks_proof, has_full_holder=has_full_holder)

    assert given == level


def test_without_full_access_the_payer_is_an_initial_and_the_address_ends_with_the_house():
    assert rules.payer_name("Петров", "Иван", "Сергеевич", is_full=False) == "П."
    assert rules.payer_name("Петров", "Иван", "Сергеевич", is_full=True) == "Петров Иван Сергеевич"
    assert rules.payer_name("", "", "", is_full=False) == ""
    assert rules.place("г. Гатчина", "ул. Лесная, д. 14", "7", is_full=False) == "г. Гатчина, ул. Лесная, д. 14"
    assert rules.place("г. Гатчина", "ул. Лесная, д. 14", "7", is_full=True) == "г. Гатчина, ул. Лесная, д. 14, кв. 7"
    assert rules.place("с. Лесное", "д. 3", "", is_full=True) == "с. Лесное, д. 3"


def test_an_address_is_masked_so_that_the_family_knows_it():
    assert rules.masked_email("ivan.petrov@mail.ru") == "i•••@mail.ru"
