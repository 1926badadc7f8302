"""Somebody who holds a paper asks whether it is ours."""

import datetime as dt
from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.bills.formats import check_code
from kabinet.bills.tests.factories import make_certificate
from kabinet.bills.usecases.check_certificate import check_certificate
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.operations.counters import CODES_WINDOW, WRONG_CODES_FROM_NETWORK, TooManyCodes

CODE, UNKNOWN = "7K2M9QXD04TBHN5R", "0000000000000000"


def issued(**values):
    return make_certificate(make_account(number="702062012"), code=CODE, **values)


def check(code, *, ip="192.0.2.7", now=NOW):
    return check_certificate(code=code, ip=ip, now=now)


@pytest.mark.django_db
def test_it_tells_what_the_paper_says_without_the_person_and_with_a_masked_number():
    certificate = issued()

    told = check(CODE)

    assert (told.written_code, told.debt_rub) == ("7K2M-9QXD-04TB-HN5R", Decimal("0.00"))
    assert (told.stated_on, told.charged_period) == (certificate.stated_on, Month(2026, 10))
    assert told.account_number == "•••••2012"
    assert told.supplier_name == certificate.supplier.name
    assert not [word for word in ("Петров", "Лесная") if word in repr(told)]


@pytest.mark.django_db
def test_a_short_number_is_not_shown_by_more_than_half():
    issued(account_number="123456")

    assert check(CODE).account_number == "•••456"


@pytest.mark.django_db
def test_a_code_that_we_never_gave_out_is_nobodys():
    issued()

    assert check(UNKNOWN) is None


@pytest.mark.django_db
def test_too_many_wrong_codes_close_the_door_for_their_network_and_for_a_while():
    issued()
    for _ in range(WRONG_CODES_FROM_NETWORK):
        assert check(UNKNOWN) is None

    with pytest.raises(TooManyCodes):
        check(CODE)
    assert check(CODE, ip="192.0.2.8") is not None
    with pytest.raises(TooManyCodes):
        check(CODE, now=NOW + CODES_WINDOW - dt.timedelta(seconds=1))
    assert check(CODE, now=NOW + CODES_WINDOW) is not None


@pytest.mark.django_db
def test_right_codes_are_not_counted():
    issued()

    for _ in range(WRONG_CODES_FROM_NETWORK + 5):
        assert check(CODE) is not None


@pytest.mark.parametrize(
    "typed",
    [
        "7K2M-9QXD-04TB-HN5R",
        "7k2m9qxd04tbhn5r",
        " 7K2M 9QXD 04TB HN5R ",
        "7K2M–9QXD—04TB−HN5R",
        "7K2M-9QXD-O4TB-HN5R",
        "7К2М-9QХD-О4ТВ-НN5R",
    ],
)
def test_a_code_is_read_as_people_type_it(typed):
    assert check_code.read(typed) == CODE


@pytest.mark.parametrize("typed", ["", "7K2M", CODE + "1", "7K2M-9QXD-04TB-HN5!", "7K2M-9QXD-04TB-HN5U", "٧" * 16])
def test_what_cannot_be_a_code_is_none(typed):
    assert check_code.read(typed) is None


def test_codes_are_long_and_never_alike():
    codes = {check_code.new_code() for _ in range(100)}

    assert len(codes) == 100
    assert {check_code.read(check_code.written(code)) for code in codes} == codes
