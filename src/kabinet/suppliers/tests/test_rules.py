"""Check digits and number formats, in tables; the values of the printed notice among them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.common.month import Month
from kabinet.suppliers import rules
from kabinet.suppliers.rules import Problem

NOTICE_BIC = "044030853"


@pytest.mark.parametrize("inn", ["7838016481", "7707083893", "500100732259"])
def test_an_inn_whose_check_digits_fit_is_accepted(inn):
    assert rules.inn_problem(inn) is None


@pytest.mark.parametrize(
    ("inn", "problem"),
    [
        ("", Problem("inn-characters")),
        ("78380164a1", Problem("inn-characters")),
        ("٧838016481", Problem("inn-characters")),
        ("783801648", Problem("inn-length", {"length": 9})),
        ("78380164811", Problem("inn-length", {"length": 11})),
        ("7838016482", Problem("inn-check-digit", {"position": 10, "digit": "2", "expected": 1})),
        ("7838016491", Problem("inn-check-digit", {"position": 10, "digit": "1", "expected": 9})),
        ("500100732269", Problem("inn-check-digit", {"position": 11, "digit": "6", "expected": 5})),
        ("500100732258", Problem("inn-check-digit", {"position": 12, "digit": "8", "expected": 9})),
        ("6200098765", Problem("inn-check-digit", {"position": 10, "digit": "5", "expected": 3})),
    ],
)
def test_an_inn_is_refused_with_the_digit_that_is_wrong(inn, problem):
    assert rules.inn_problem(inn) == problem


@pytest.mark.parametrize(
    ("kpp", "fits"), [("783801001", True), ("7838AB001", True), ("78380100", False), ("7838ab001", False)]
)
def test_a_kpp_has_nine_signs_two_of_which_may_be_capitals(kpp, fits):
    assert (rules.kpp_problem(kpp) is None) == fits


@pytest.mark.parametrize(
    ("bic", "problem"),
    [
        (NOTICE_BIC, None),
        ("O44030853", Problem("bic-characters")),
        ("04403085", Problem("bic-length", {"length": 8})),
        ("144030853", Problem("bic-country", {"digits": "14"})),
    ],
)
def test_a_bic_has_nine_digits_that_begin_with_04(bic, problem):
    assert rules.bic_problem(bic) == problem


def test_the_right_accounts_of_the_printed_notice_are_accepted():
    assert rules.account_problem("40702810900120001210", NOTICE_BIC) is None
    assert rules.agent_account_problem("40821810800120000001", NOTICE_BIC) is None
    assert rules.correspondent_problem("30101810300000000853", NOTICE_BIC) is None


def test_the_misprinted_account_of_the_printed_notice_has_19_digits():
    assert rules.account_problem("4070281005230178256", NOTICE_BIC) == Problem("account-length", {"length": 19})


def test_the_misprinted_correspondent_account_of_the_printed_notice_is_of_another_bank():
    problem = rules.correspondent_problem("30101810500000000653", NOTICE_BIC)

    assert problem == Problem("correspondent-bank", {"digits": "653", "expected": "853", "bic": NOTICE_BIC})
    assert rules.correspondent_problem("30101810500000000653", "044030653") is None


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        ("40702810900120001211", Problem("account-key", {"position": 9, "digit": 9, "expected": 2, "bic": NOTICE_BIC})),
        ("40702810800120001210", Problem("account-key", {"position": 9, "digit": 8, "expected": 9, "bic": NOTICE_BIC})),
        ("4070281090012000121O", Problem("account-characters")),
        ("40702Z10900120001210", Problem("account-characters")),
        ("407028109001200012100", Problem("account-length", {"length": 21})),
    ],
)
def test_an_account_is_refused_with_its_own_reason(account, problem):
    assert rules.account_problem(account, NOTICE_BIC) == problem


def test_an_account_of_another_bank_does_not_fit_the_key():
    assert rules.account_problem("40702810900120001210", "044525225").reason == "account-key"


@pytest.mark.parametrize(("digit", "letter"), list(enumerate("ABCEHKMPTX")))
def test_a_clearing_letter_in_the_sixth_place_counts_as_its_digit(letter, digit):
    in_digits = "40702" + str(digit) + "10900120001210"
    in_letters = "40702" + letter + "10900120001210"

    assert rules.account_problem(in_letters, NOTICE_BIC) == rules.account_problem(in_digits, NOTICE_BIC)


def test_money_that_agents_take_goes_to_an_account_of_group_40821_only():
    problem = rules.agent_account_problem("40702810900120001210", NOTICE_BIC)

    assert problem == Problem("agent-account-group", {"digits": "40702"})


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        ("3010181030000000085", Problem("correspondent-length", {"length": 19})),
        ("40102810300000000853", Problem("correspondent-group", {"digits": "401"})),
        (
            "30101810400000000853",
            Problem("correspondent-key", {"position": 9, "digit": 4, "expected": 3, "bic": NOTICE_BIC}),
        ),
    ],
)
def test_a_correspondent_account_is_refused_with_its_own_reason(account, problem):
    assert rules.correspondent_problem(account, NOTICE_BIC) == problem


@given(place=st.integers(0, 19), shift=st.integers(1, 9))
def test_no_single_wrong_digit_of_an_account_passes(place, shift):
    right = "40702810900120001210"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    assert rules.account_problem(wrong, NOTICE_BIC) is not None


@pytest.mark.parametrize(
    ("typed", "kept", "number"),
    [
        ("702062012", "", "702062012"),
        (" 702 062 012 ", "", "702062012"),
        ("702\u00a0062\u202f012", "", "702062012"),
        ("л/с № 702-062-012", "", "702062012"),
        ("Лицевой счёт: 702062012", "", "702062012"),
        ("№702062012", "", "702062012"),
        ("７０２０６２０１２", "", "702062012"),
        ("000012345", "", "000012345"),
        ("12345–678−90", "-", "12345-678-90"),
        ("12345-678-90", "", "1234567890"),
        ("75да533315", "", "75ДА533315"),
        ("702062012'); --", "", "702062012');"),
        ("", "", ""),
    ],
)
def test_a_number_is_understood_as_people_type_it(typed, kept, number):
    assert rules.number_normalised(typed, kept) == number


@pytest.mark.parametrize(
    ("number", "check", "problem"),
    [
        ("702062012", "none", None),
        ("70206201", "none", Problem("number-length", {"length": 8, "expected": 9})),
        ("7020620122", "none", Problem("number-length", {"length": 10, "expected": 9})),
        ("70206201A", "none", Problem("number-pattern")),
        ("70206201٢", "none", Problem("number-pattern")),
        ("702062019", "luhn", None),
        ("702062012", "luhn", Problem("number-check-digit")),
        ("702062010", "mod11", Problem("number-check-digit")),
        ("702062018", "mod11", None),
    ],
)
def test_a_number_that_breaks_its_suppliers_format_is_told_how(number, check, problem):
    assert rules.number_problem(number, pattern=r"\d{9}", length=9, check=check) == problem


@pytest.mark.parametrize(
    "pattern", [r"\d{9}", r"\d{6,12}", "[0-9]{8}[А-Я]{2}", r"\d{5}-\d{3}-\d{2}", "5[12]\\d{7}|7\\d{8}"]
)
def test_a_pattern_of_signs_sets_and_counts_is_accepted(pattern):
    assert rules.pattern_problem(pattern) is None


@pytest.mark.parametrize("pattern", ["", r"(\d+)+", r"\d+", r"\d*", "[0-9", "[9-0]", r"\d?\d?\d?\d?", r"\d{1,2,3}"])
def test_a_pattern_that_could_be_slow_or_wrong_is_refused(pattern):
    assert rules.pattern_problem(pattern) == Problem("number-pattern-form")


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (dt.date(2026, 1, 9), dt.date(2026, 1, 9)),
        (dt.date(2026, 1, 10), dt.date(2026, 1, 12)),
        (dt.date(2026, 1, 11), dt.date(2026, 1, 12)),
        (dt.date(2026, 1, 12), dt.date(2026, 1, 12)),
    ],
)
def test_a_term_on_a_weekend_moves_to_monday(day, moved):
    assert rules.moved_to_working_day(day) == moved


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (dt.date(2026, 1, 8), dt.date(2026, 1, 12)),
        (dt.date(2026, 11, 3), dt.date(2026, 11, 3)),
        (dt.date(2026, 11, 4), dt.date(2026, 11, 5)),
        (dt.date(2025, 11, 1), dt.date(2025, 11, 1)),
    ],
)
def test_a_term_knows_holidays_and_saturdays_that_are_worked(day, moved):
    days_off = {dt.date(2026, 1, 8), dt.date(2026, 1, 9), dt.date(2026, 11, 4)}

    assert rules.moved_to_working_day(day, days_off=days_off, working_days={dt.date(2025, 11, 1)}) == moved


def test_the_31st_of_a_shorter_month_is_its_last_day():
    assert rules.day_of_month(Month(2026, 2), 31) == dt.date(2026, 2, 28)
    assert rules.day_of_month(Month(2026, 3), 31) == dt.date(2026, 3, 31)
