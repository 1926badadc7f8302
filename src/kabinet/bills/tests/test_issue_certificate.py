"""A customer takes a certificate that nothing is owed."""

import contextlib
import threading
from decimal import Decimal

import pytest
from django.db import connection

from kabinet.accounts.queries import FullAccessRequired
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills import queries
from kabinet.bills.models import Certificate
from kabinet.bills.tests.papers import symbols_in, words_of
from kabinet.bills.usecases.issue_certificate import HasDebt, NothingCharged, issue_certificate
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db


def issue(account, user, *, now=NOW):
    return issue_certificate(supplier_id=account.supplier_id, account_id=account.id, actor=user, now=now)


def held_account(level="full", **values):
    user, account = make_user(), make_account(**values)
    make_access(user, account, level)
    return user, account


def paid_account(**values):
    user, account = held_account(**values)
    make_charge(account, "122.50", period="2026-10")
    make_payment(account, "122.50")
    return user, account


def test_it_says_that_nothing_is_owed_today_and_keeps_what_was_printed():
    user, account = paid_account(number="702062012")

    certificate = issue(account, user)

    assert (str(certificate.stated_on), certificate.charged_period) == ("2026-11-22", Month(2026, 10))
    assert (certificate.account_number, certificate.payer_name) == ("702062012", "Петров Иван Сергеевич")
    assert certificate.address == "г. Гатчина, ул. Лесная, д. 14, кв. 7"
    assert (certificate.advance_rub, certificate.issued_to, certificate.issued_at) == (Decimal(0), user, NOW)


def test_the_same_day_again_gives_the_same_one_and_the_next_day_another():
    user, account = paid_account()
    first = issue(account, user)

    assert issue(account, user, now=at("2026-11-22 23:59")) == first
    assert issue(account, user, now=at("2026-11-23 00:00")) != first
    assert Certificate.objects.count() == 2


def test_two_holders_share_the_one_of_the_day():
    user, account = paid_account()
    other = make_user()
    make_access(other, account)

    assert issue(account, other) == issue(account, user)


def test_a_kopeck_of_debt_refuses_it_with_the_sum():
    user, account = paid_account()
    make_charge(account, "0.01", period="2026-10")

    with pytest.raises(HasDebt, match=r"долг 0,01 ₽\. Оплатите его"):
        issue(account, user)

    assert not Certificate.objects.exists()


def test_what_is_paid_ahead_for_one_service_is_no_payment_for_another():
    user, account = held_account()
    upkeep = make_service(account.supplier, Service.MAINTENANCE, name="Обслуживание")
    make_charge(account, "100", service=upkeep)
    make_payment(account, "500")

    with pytest.raises(HasDebt, match=r"долг 100,00 ₽"):
        issue(account, user)


def test_a_debt_that_came_later_the_same_day_gives_no_second_copy():
    user, account = paid_account()
    issue(account, user)
    make_charge(account, "50", period="2026-10")

    with pytest.raises(HasDebt):
        issue(account, user)


def test_an_advance_stands_on_it():
    user, account = paid_account()
    make_payment(account, "77.50")

    assert issue(account, user).advance_rub == Decimal("77.50")


def test_an_account_that_was_never_charged_has_nothing_to_certify():
    user, account = held_account()

    with pytest.raises(NothingCharged):
        issue(account, user)


def test_less_than_full_access_is_not_enough_and_a_stranger_finds_nothing():
    user, account = held_account("lite")
    make_charge(account, "100")
    make_payment(account, "100")

    with pytest.raises(FullAccessRequired):
        issue(account, user)
    with pytest.raises(NotFound):
        issue(account, make_user())

    assert not Certificate.objects.exists()


def test_the_paper_shows_what_was_kept_and_a_symbol_that_leads_to_its_check(settings):
    settings.PUBLIC_URL = "https://lk.example.ru"
    user, account = paid_account(number="702062012")
    certificate = issue(account, user)

    pdf = queries.certificate_pdf(account.supplier_id, account.id, certificate.id, visible_to=user)

    words = words_of(pdf)
    [card] = queries.certificates_of(account.supplier_id, account.id, visible_to=user)
    for part in (
        "Справка об отсутствии задолженности",
        "На 22 ноября 2026 года задолженности по лицевому счёту нет.",
        "Начисления учтены по октябрь 2026 года.",
        "Долг 0,00 ₽",
        "702062012",
        "Петров Иван Сергеевич",
        card.written_code,
        "lk.example.ru/check/",
    ):
        assert part in words
    assert symbols_in(pdf) == [f"https://lk.example.ru/check/{card.written_code}/".encode()]


def test_a_paper_of_another_account_and_for_somebody_else_is_not_there():
    user, account = paid_account()
    other, another = paid_account()
    certificate = issue(account, user)

    for asked_by, of_account in ((other, account), (other, another), (user, another)):
        with pytest.raises(NotFound):
            queries.certificate_pdf(of_account.supplier_id, of_account.id, certificate.id, visible_to=asked_by)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_certificate():
    user, account = paid_account()
    barrier = threading.Barrier(2)
    codes = []

    def press():
        barrier.wait(timeout=10)
        with contextlib.suppress(HasDebt):
            codes.append(issue(account, user).code)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert len(codes) == 2
    assert len(set(codes)) == 1
    assert Certificate.objects.count() == 1
