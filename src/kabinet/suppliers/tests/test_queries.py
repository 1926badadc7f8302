"""What other apps ask about suppliers."""

import datetime as dt

import pytest

from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.suppliers import queries
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import (
    make_bank_details,
    make_calendar_day,
    make_payment_term,
    make_service,
    make_statutory_term,
    make_supplier,
)

pytestmark = pytest.mark.django_db


def test_a_card_is_one_query_and_has_every_detail(django_assert_num_queries):
    supplier = make_supplier(time_zone="Asia/Yekaterinburg")

    with django_assert_num_queries(1):
        card = queries.supplier_card(supplier.id)

    assert card.code == supplier.code
    assert str(card.zone) == "Asia/Yekaterinburg"


def test_there_is_no_card_of_a_supplier_that_is_not_there():
    with pytest.raises(NotFound):
        queries.supplier_card(10**9)
    with pytest.raises(NotFound):
        queries.main_service_id(10**9)


def test_suppliers_are_listed_by_name_with_yo_as_ye(django_assert_num_queries):
    for name in ("Яргаз", "Ёлкингаз", "Жаргаз", "Еремгаз"):
        make_supplier(name=name)
    make_supplier(name="Скрытый", is_listed=False)

    with django_assert_num_queries(1):
        names = [option.name for option in queries.listed_suppliers()]

    assert names == ["Ёлкингаз", "Еремгаз", "Жаргаз", "Яргаз"]


def test_a_supplier_that_is_not_listed_cannot_be_chosen():
    supplier = make_supplier(is_listed=False)

    assert queries.supplier_card(supplier.id).id == supplier.id
    with pytest.raises(NotFound):
        queries.listed_supplier_card(supplier.id)


def test_advances_go_to_the_main_service():
    supplier = make_supplier()
    make_service(supplier, "maintenance", name="ТО", position=5)

    main = queries.main_service_id(supplier.id)

    assert [(service.code, service.id == main) for service in queries.services(supplier.id)] == [
        ("gas", True),
        ("maintenance", False),
        ("penalty", False),
    ]


def test_bank_details_of_both_kinds_stand_in_the_suppliers_order():
    supplier = make_supplier()
    make_bank_details(supplier, channel="agent", account_number="40821810800120000001", position=2)
    make_bank_details(supplier, position=1)

    assert [details.is_for_agents for details in queries.bank_details(supplier.id)] == [False, True]


def test_a_month_is_paid_by_the_term_that_held_then():
    supplier = make_supplier()
    make_payment_term(supplier, Month(2015, 1), pay_by_day=10)
    make_payment_term(supplier, Month(2026, 3), pay_by_day=15)

    assert queries.pay_by(supplier.id, Month(2026, 2)) == dt.date(2026, 3, 10)
    assert queries.pay_by(supplier.id, Month(2026, 3)) == dt.date(2026, 4, 15)


def test_a_term_on_a_weekend_ends_on_monday():
    supplier = make_supplier()
    make_payment_term(supplier, Month(2015, 1), pay_by_day=10)

    assert queries.pay_by(supplier.id, Month(2025, 12)) == dt.date(2026, 1, 12)


def test_a_term_on_a_moved_day_off_ends_on_the_next_working_day():
    supplier = make_supplier()
    make_payment_term(supplier, Month(2015, 1), pay_by_day=9)
    make_calendar_day("2026-01-09")
    make_calendar_day("2026-01-12")

    assert queries.pay_by(supplier.id, Month(2025, 12)) == dt.date(2026, 1, 13)


def test_a_term_on_a_saturday_that_is_worked_stays():
    supplier = make_supplier()
    make_payment_term(supplier, Month(2015, 1), bill_by_day=1, pay_by_day=10)
    make_calendar_day("2025-11-01", is_working=True)

    assert queries.bill_by(supplier.id, Month(2025, 10)) == dt.date(2025, 11, 1)


def test_a_term_at_the_end_of_a_month_moves_into_the_next_one():
    supplier = make_supplier()
    make_payment_term(supplier, Month(2015, 1), pay_by_day=31)
    make_calendar_day("2025-12-31")
    for day in range(1, 9):
        make_calendar_day(f"2026-01-0{day}")

    assert queries.pay_by(supplier.id, Month(2025, 11)) == dt.date(2026, 1, 9)


def test_a_month_is_billed_by_the_5th_and_paid_by_the_15th_where_the_law_says_so():
    supplier = make_supplier()

    assert queries.bill_by(supplier.id, Month(2026, 9)) == dt.date(2026, 10, 5)
    assert queries.pay_by(supplier.id, Month(2026, 9)) == dt.date(2026, 10, 15)


def test_the_law_changes_for_those_who_have_no_term_of_their_own():
    by_law, by_contract = make_supplier(), make_supplier()
    make_payment_term(by_contract, Month(2022, 1), pay_by_day=25)
    make_statutory_term(Month(2026, 3), pay_by_day=20)

    assert queries.pay_by(by_law.id, Month(2026, 2)) == dt.date(2026, 3, 16)
    assert queries.pay_by(by_law.id, Month(2026, 3)) == dt.date(2026, 4, 20)
    assert queries.pay_by(by_contract.id, Month(2026, 3)) == dt.date(2026, 4, 27)
    assert queries.pay_by(by_contract.id, Month(2021, 12)) == dt.date(2022, 1, 17)


def test_a_term_is_one_query(django_assert_num_queries):
    supplier = make_supplier()

    with django_assert_num_queries(1):
        queries.pay_by(supplier.id, Month(2026, 9))


def test_without_any_term_the_day_is_not_guessed():
    with pytest.raises(queries.TermUnknown, match="load_reference"):
        queries.pay_by(make_supplier().id, Month(2005, 2))


def test_the_day_is_the_suppliers_own():
    east = make_supplier(time_zone="Asia/Kamchatka")

    assert queries.local_day(at("2026-11-22 20:00"), east) == dt.date(2026, 11, 23)
    assert queries.local_day(at("2026-11-22 20:00"), queries.supplier_card(east.id)) == dt.date(2026, 11, 23)


def test_the_sort_key_follows_the_name():
    supplier = make_supplier(name="Ёлкингаз")

    Supplier.objects.filter(id=supplier.id).update(name="Подъёмгаз")

    assert Supplier.objects.get(id=supplier.id).name_key == "подъемгаз"
