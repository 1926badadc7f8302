"""The act of reconciliation over any months."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.db import transaction

from kabinet.accounts.queries import FullAccessRequired
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills import queries
from kabinet.bills.tests.papers import page_count, words_of
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.errors import NotFound
from kabinet.common.month import Month, months_between
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.ledger.operations import Movement, customer_book, post, reverse_sources, supplier_book
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_service

pytestmark = pytest.mark.django_db

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, month) for month in (8, 9, 10, 11))


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def account(user):
    """Three months: 300 and 400 for gas, 120 for maintenance, 250 and 500 paid."""
    account = make_account(number="702062012")
    make_access(user, account)
    upkeep = make_service(account.supplier, Service.MAINTENANCE, name="Обслуживание")
    make_charge(account, "300", period="2026-08", formula="30 м³ × 10 ₽/м³ = 300,00 ₽")
    make_charge(account, "400", period="2026-09")
    make_charge(account, "120", period="2026-09", service=upkeep)
    make_payment(account, "250", on="2026-09-12")
    make_payment(account, "500", on="2026-10-12")
    return account


def statement(account, user, since, last):
    return queries.account_statement(account.supplier_id, account.id, since=since, last=last, visible_to=user, now=NOW)


def test_each_movement_stands_under_its_month_and_the_sums_add_up(account, user):
    act = statement(account, user, AUGUST, OCTOBER)

    assert [(month.period, len(month.lines), month.closing_rub) for month in act.months] == [
        (AUGUST, 1, Decimal(300)),
        (SEPTEMBER, 3, Decimal(570)),
        (OCTOBER, 1, Decimal(70)),
    ]
    assert (act.opening_rub, act.charged_rub, act.paid_rub, act.closing_rub) == (0, 820, 750, 70)
    [first] = act.months[0].lines
    assert (first.kind, first.service_name, first.note) == ("charge", "Газ", "30 м³ × 10 ₽/м³ = 300,00 ₽")


def test_it_begins_with_what_the_months_before_left(account, user):
    act = statement(account, user, OCTOBER, OCTOBER)

    assert (act.opening_rub, act.charged_rub, act.paid_rub, act.closing_rub) == (570, 0, 500, 70)


def test_any_period_agrees_with_the_statement_by_month(account, user):
    months = list(months_between(Month(2026, 7), Month(2026, 12)))

    for since, last in itertools.combinations_with_replacement(months, 2):
        act = statement(account, user, since, last)
        by_month = ledger.statement(account.supplier_id, account.id, since=since, until=last.next())
        assert (act.opening_rub, act.closing_rub) == (by_month[0].opening_rub, by_month[-1].closing_rub)
        assert [month.closing_rub for month in act.months] == [month.closing_rub for month in by_month]


def test_the_paper_names_both_sides_and_each_movement(account, user):
    pdf = queries.account_statement_pdf(
        account.supplier_id, account.id, since=AUGUST, last=NOVEMBER, visible_to=user, now=NOW
    )

    words = words_of(pdf)
    for part in (
        "Акт сверки расчётов",
        "За период с 1 августа 2026 по 22 ноября 2026 года",
        "702062012",
        "Петров Иван Сергеевич",
        "Долг на 1 августа 2026 0,00 ₽",
        "Начисление · Обслуживание 120,00",
        "12.09.2026 Оплата · Газ 250,00",
        "Всего за период 820,00 750,00",
        "Долг на конец 22 ноября 2026 70,00 ₽",
    ):
        assert part in words


def test_a_payment_of_a_register_that_was_undone_is_paid_less_and_not_charged_more(account, user):
    gas = Service.objects.get(supplier_id=account.supplier_id, is_main=True)
    with transaction.atomic():
        payment = Movement(
            debit_book_id=supplier_book(account.supplier_id, "bank"),
            credit_book_id=customer_book(account.supplier_id, account.id, gas.id),
            amount_rub=Decimal(90),
            kind="payment",
            period=NOVEMBER,
            occurred_on=dt.date(2026, 11, 3),
        )
        source = {"supplier_id": account.supplier_id, "source_kind": "outside_payment"}
        post(**source, source_id="7", movements=[payment], now=NOW)
        reverse_sources(**source, source_ids=["7"], on=dt.date(2026, 11, 4), now=NOW)

    act = statement(account, user, NOVEMBER, NOVEMBER)

    assert [(line.kind, line.charged_rub, line.paid_rub) for line in act.months[0].lines] == [
        ("payment", 0, 90),
        ("reversal", 0, -90),
    ]
    assert (act.charged_rub, act.paid_rub) == (0, 0)


def test_a_month_that_is_over_is_told_of_to_its_end(account, user):
    assert statement(account, user, AUGUST, OCTOBER).last_day == dt.date(2026, 10, 31)


def test_a_long_one_goes_on_over_more_sheets(account, user):
    for month in months_between(Month(2022, 1), Month(2026, 1)):
        make_charge(account, "10", period=str(month))
        make_payment(account, "10", on=f"{month}-12")

    pdf = queries.account_statement_pdf(
        account.supplier_id, account.id, since=Month(2022, 1), last=OCTOBER, visible_to=user, now=NOW
    )

    assert page_count(pdf) > 1


def test_only_a_full_holder_may_see_it(account):
    lite = make_user()
    make_access(lite, account, "lite")

    with pytest.raises(FullAccessRequired):
        statement(account, lite, AUGUST, OCTOBER)
    with pytest.raises(NotFound):
        statement(account, make_user(), AUGUST, OCTOBER)


def test_it_takes_the_same_number_of_queries_however_much_happened(account, user, django_assert_num_queries):
    with django_assert_num_queries(5):
        statement(account, user, AUGUST, OCTOBER)
    for month in range(1, 8):
        make_charge(account, "10", period=f"2026-{month:02}")
    with django_assert_num_queries(5):
        statement(account, user, Month(2026, 1), OCTOBER)
