"""Rules about people, without a database."""

import datetime as dt
import re

import pytest

from kabinet.common.testing import NOW, at
from kabinet.people.rules.addresses import AddressProblem, canonical_email, masked_email, network_of
from kabinet.people.rules.days import end_of, last_day_of_link
from kabinet.people.rules.guessing import is_site_under_attack, wait_after
from kabinet.people.rules.links import LinkKind, LinkParts, link_parts, link_token, mailed_code, token_hash
from kabinet.people.rules.names import NotAName, tidy_name
from kabinet.people.rules.passwords import ORIGIN, STRONG, PasswordProblem, password_problem
from kabinet.people.rules.phones import NotAPhone, kept_phone, shown_phone
from kabinet.people.rules.robots import number_said
from kabinet.people.rules.sessions import CUSTOMER_SESSION, STAFF_SESSION, is_session_over


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("ivanov@example.ru", "ivanov@example.ru"),
        (" Ivanov@Example.RU ", "ivanov@example.ru"),
        ("ivanov@почта.рф", "ivanov@xn--80a1acny.xn--p1ai"),
        ("ivanov@ПОЧТА.рф", "ivanov@xn--80a1acny.xn--p1ai"),
        ("ｉvanov@example.ru", "ivanov@example.ru"),  # a full-width letter
        ("ivanov@ＥＸＡＭＰＬＥ.ru", "ivanov@example.ru"),
    ],
)
def test_addresses_are_compared_by_one_form(typed, canonical):
    assert canonical_email(typed) == canonical


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("ivanov", "malformed"),
        ("@example.ru", "malformed"),
        ("ivanov@", "malformed"),
        ("ivanov@-.ru", "malformed"),
        ("ivanov@sbеrbank.ru", "mixed-script"),  # the «е» is Cyrillic
        ("ivanov@gοοgle.com", "mixed-script"),  # the «ο» are Greek
    ],
)
def test_what_is_no_address_is_refused(typed, problem):
    with pytest.raises(AddressProblem, match=problem):
        canonical_email(typed)


@pytest.mark.parametrize(
    ("address", "shown"), [("ivanov@example.ru", "i•••v@example.ru"), ("ab@example.ru", "a•••@example.ru")]
)
def test_an_address_is_masked_for_strangers(address, shown):
    assert masked_email(address) == shown


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_a_visitor_is_an_ipv4_address_or_half_of_an_ipv6_one(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("abc1", PasswordProblem.TOO_SHORT),
        ("abc12", None),
        ("ABCdef1234", None),
        ("ABCdef12345", PasswordProblem.TOO_LONG),
        ("пароль1", PasswordProblem.ALPHABET),
        ("abc 12", PasswordProblem.ALPHABET),
        ("abc12!", PasswordProblem.ALPHABET),
        ("abc12\n", PasswordProblem.ALPHABET),
        ("abc１２", PasswordProblem.ALPHABET),  # full-width digits
    ],
)
def test_the_origin_policy_wants_5_to_10_latin_letters_or_digits(password, problem):
    assert password_problem(password, policy=ORIGIN, has_second_factor=False, is_common=True) == problem


@pytest.mark.parametrize(
    ("length", "has_second_factor", "is_common", "problem"),
    [
        (14, False, False, PasswordProblem.TOO_SHORT),
        (15, False, False, None),
        (128, False, False, None),
        (129, False, False, PasswordProblem.TOO_LONG),
        (7, True, False, PasswordProblem.TOO_SHORT),
        (8, True, False, None),
        (15, False, True, PasswordProblem.COMMON),
    ],
)
def test_the_strong_policy_wants_15_or_8_with_a_second_factor(length, has_second_factor, is_common, problem):
    password = ("слон и кот " * 20)[:length]

    assert (
        password_problem(password, policy=STRONG, has_second_factor=has_second_factor, is_common=is_common) == problem
    )


@pytest.mark.parametrize(
    ("wrong", "wait_s"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (99, 900)]
)
def test_each_wrong_password_after_the_fourth_makes_one_wait_longer(wrong, wait_s):
    assert wait_after(wrong) == dt.timedelta(seconds=wait_s)


@pytest.mark.parametrize(
    ("tries", "wrong", "is_attack"), [(99, 99, False), (100, 50, False), (100, 51, True), (1000, 400, False)]
)
def test_a_site_is_under_attack_when_most_of_many_sign_ins_are_wrong(tries, wrong, is_attack):
    assert is_site_under_attack(tries=tries, wrong=wrong) is is_attack


def test_a_link_says_what_it_is_for_and_nothing_else_passes_for_it():
    parts = LinkParts(LinkKind.CONFIRMATION, 4711, 2)

    token = link_token(parts, key=b"secret")

    assert link_parts(token) == parts
    assert link_token(parts, key=b"secret") == token
    assert len({token, *(link_token(LinkParts(kind, 4711, 2), key=b"secret") for kind in LinkKind)}) == len(LinkKind)
    assert link_token(LinkParts(LinkKind.CONFIRMATION, 4711, 3), key=b"secret") != token
    assert link_token(parts, key=b"another") != token
    assert re.fullmatch(r"[0-9a-f]{64}", token_hash(token))


@pytest.mark.parametrize(
    "token",
    ["", "c", "c1-1", "x1-1-" + "A" * 43, "c1-1-" + "A" * 42, "cя-1-" + "A" * 43, "c" + "1" * 16 + "-1-" + "A" * 43],
)
def test_what_cannot_be_a_link_has_no_parts(token):
    assert link_parts(token) is None


def test_a_mailed_code_has_six_digits_and_is_the_same_again():
    codes = [mailed_code(number, key=b"secret") for number in range(50)]

    assert all(re.fullmatch(r"\d{6}", code) for code in codes)
    assert mailed_code(7, key=b"secret") == codes[7]
    assert len(set(codes)) > 45


def test_a_link_works_to_the_end_of_its_last_day_where_the_installation_is():
    late_evening = at("2026-11-22 23:59")

    last_day = last_day_of_link(late_evening, days=3, zone_name="Europe/Moscow")

    assert last_day == dt.date(2026, 11, 25)
    assert end_of(last_day, zone_name="Europe/Moscow") == at("2026-11-26 00:00")
    assert last_day_of_link(late_evening, days=3, zone_name="Asia/Vladivostok") == dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("limits", "started_ago", "seen_ago", "is_over"),
    [
        (CUSTOMER_SESSION, {"days": 30}, {"days": 29, "hours": 23}, False),
        (CUSTOMER_SESSION, {"days": 30}, {"days": 30}, True),
        (CUSTOMER_SESSION, {"days": 89}, {}, False),
        (CUSTOMER_SESSION, {"days": 90}, {}, True),
        (STAFF_SESSION, {"hours": 1}, {"minutes": 29}, False),
        (STAFF_SESSION, {"hours": 1}, {"minutes": 30}, True),
        (STAFF_SESSION, {"hours": 12}, {}, True),
    ],
)
def test_a_session_ends_when_idle_or_old(limits, started_ago, seen_ago, is_over):
    started_at, seen_at = NOW - dt.timedelta(**started_ago), NOW - dt.timedelta(**seen_ago)

    assert is_session_over(limits, started_at=started_at, last_seen_at=seen_at, now=NOW) is is_over


@pytest.mark.parametrize(
    ("typed", "number"),
    [("10", 10), (" Десять ", 10), ("ten", 10), ("восемнадцать", 18), ("", None), ("десят", None), ("²", None)],
)
def test_a_number_may_be_typed_in_digits_or_as_a_word(typed, number):
    assert number_said(typed) == number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("Анна", "Анна"),
        ("  Анна   Мария ", "Анна Мария"),
        ("Римский-Корсаков", "Римский-Корсаков"),
        ("О’Нил", "О’Нил"),
        ("Ё", "Ё"),
        ("Е\u0308лкин", "Ёлкин"),  # two characters become the letter
        ("А. С.", "А. С."),
        ("Çelik", "Çelik"),
    ],
)
def test_a_name_is_letters_with_single_spaces(typed, kept):
    assert tidy_name(typed) == kept


@pytest.mark.parametrize("typed", ["12", "Анна2", "anna@example.ru", "<b>Анна</b>", "-", "Анна\u202eаннА", "=1+1"])
def test_what_has_other_characters_is_no_name(typed):
    with pytest.raises(NotAName):
        tidy_name(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "+79123456789",
        "+7 (912) 345-67-89",
        "8 912 345 67 89",
        "7.912.345.67.89",
        "9123456789",
        "8\u00a0912\u2013345\u201167\u201189",
        "８９１２３４５６７８９",  # full-width digits
    ],
)
def test_a_phone_is_kept_in_one_form(typed):
    assert kept_phone(typed) == "+79123456789"


@pytest.mark.parametrize(
    "typed",
    [
        "345-67-89",
        "912345678",
        "891234567890",
        "+8 912 345 67 89",
        "+44 20 7946 0018",
        "0123456789",
        "нет",
        "٩١٢٣٤٥٦٧٨٩",
    ],
)
def test_what_is_no_number_of_the_russian_plan_is_refused(typed):
    with pytest.raises(NotAPhone):
        kept_phone(typed)


@pytest.mark.parametrize(("kept", "shown"), [("+79123456789", "+7 912 345-67-89"), ("", "")])
def test_a_phone_is_shown_in_groups(kept, shown):
    assert shown_phone(kept) == shown
