"""The first page of the office names what a supplier still needs before its first month, and the way to each."""

import pytest
from django.test import Client
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import AccrualRun
from kabinet.charges.tests.factories import make_accrual_policy
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.meters.tests.factories import make_meter
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import staff_card
from kabinet.suppliers.models import BankDetailsChange
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier, make_usage_purpose
from kabinet.tariffs.models import TermsProposal
from kabinet.tariffs.tests.factories import make_norm, make_tariff
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.backoffice.views.first_month import missing
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db

HEADING = "Что ещё нужно для первого месяца"


@pytest.fixture
def supplier():
    """A supplier of whom nothing is set; whoever pays there pays by the bill."""
    return make_supplier(name="Рассвет-Газ", accepts_payments=False)


def titles(member):
    return [step.title for at in missing(staff_card(member)) for step in at.steps]


def page_for(member):
    client = Client()
    client.force_login(member)
    with shown_on("2026-11-22"):
        return client.get(reverse("office:home"))


def set_up(supplier):
    """Set all that an accountant is asked for."""
    make_bank_details(supplier)
    make_tariff(supplier, "9.97")
    make_norm(supplier, "13")
    make_accrual_policy(supplier)
    make_meter(make_account(supplier))


def test_a_new_supplier_has_all_of_it_before_it(supplier):
    accountant = make_member("accountant", supplier)

    page = page_for(accountant)

    assert titles(accountant) == ["Банковские реквизиты", "Цены", "Нормативы", "Порядок начисления", "Лицевые счета"]
    assert HEADING in text_of(page)
    assert "Всё разобрано" not in text_of(page)
    for name in ("bank_details", "tariff_prices", "tariff_norms", "tariff_policies"):
        assert reverse(f"office:{name}", args=[supplier.id]) in page.content.decode()


def test_each_line_goes_when_its_thing_is_there(supplier):
    accountant = make_member("accountant", supplier)
    expected = ["Банковские реквизиты", "Цены", "Нормативы", "Порядок начисления", "Лицевые счета"]
    steps = [
        lambda: make_bank_details(supplier),
        lambda: make_tariff(supplier, "9.97"),
        lambda: make_norm(supplier, "13"),
        lambda: make_accrual_policy(supplier),
    ]

    for step in steps:
        step()
        expected = expected[1:]
        assert titles(accountant) == expected

    account = make_account(supplier)
    assert titles(accountant) == ["Счётчики"]
    make_meter(account)
    assert titles(accountant) == []


def test_with_all_of_it_there_is_no_list(supplier):
    set_up(supplier)

    words = text_of(page_for(make_member("accountant", supplier)))

    assert HEADING not in words
    assert "Всё разобрано" in words


def test_accounts_without_a_direction_are_missed_where_there_are_directions(supplier):
    set_up(supplier)
    accountant, support = make_member("accountant", supplier), make_member("support", supplier)
    assert titles(accountant) == []

    make_usage_purpose(supplier)

    assert titles(accountant) == titles(support) == ["Направления у лицевых счетов"]


def test_a_manager_is_asked_for_people_contacts_and_bank_details(supplier):
    manager = make_member("manager", supplier)
    make_member("accountant", supplier)
    assert titles(manager) == ["Два бухгалтера", "Телефон и почта", "Банковские реквизиты"]

    make_member("accountant", supplier)
    supplier.phone = "8 800 100-00-00"
    supplier.save()

    assert titles(manager) == ["Банковские реквизиты"]


def test_an_operator_is_asked_for_the_first_supplier_then_for_its_manager():
    operator = make_member("operator")
    assert [(at.supplier_name, at.steps[0].title) for at in missing(staff_card(operator))] == [("", "Поставщик")]

    supplier = make_supplier(name="Рассвет-Газ")
    assert [(at.supplier_name, at.steps[0].title) for at in missing(staff_card(operator))] == [
        ("Рассвет-Газ", "Руководитель")
    ]

    make_member("manager", supplier)
    assert titles(operator) == []


@pytest.mark.parametrize("role", ["support", "helpdesk"])
def test_who_sets_nothing_sees_no_list(supplier, role):
    assert HEADING not in text_of(page_for(make_member(role, None if role == "helpdesk" else supplier)))


def test_what_waits_for_a_second_person_says_so_and_leads_there(supplier):
    accountant = make_member("accountant", supplier)
    TermsProposal.objects.create(supplier=supplier, kind="order", values={}, asked_by=accountant, asked_at=NOW)
    BankDetailsChange.objects.create(
        supplier=supplier, bic="044030853", account_number="1", asked_by=accountant, asked_at=NOW
    )

    [at] = missing(staff_card(accountant))

    waiting = {step.title: step.url for step in at.steps if step.waits}
    assert waiting == {
        "Банковские реквизиты": reverse("office:bank_details", args=[supplier.id]),
        "Цены": reverse("office:tariff_proposals", args=[supplier.id]),
    }


def test_who_is_billed_elsewhere_needs_no_prices_and_no_meters():
    supplier = make_supplier(billing="external", accepts_payments=False)

    assert titles(make_member("accountant", supplier)) == ["Банковские реквизиты", "Лицевые счета"]


def test_after_the_first_month_only_the_way_of_money_is_still_asked_for(supplier):
    AccrualRun.objects.create(supplier=supplier, period=Month(2026, 10), asked_at=NOW, state="released")
    accountant = make_member("accountant", supplier)

    assert titles(accountant) == ["Банковские реквизиты"]
    assert "Что ещё не настроено" in text_of(page_for(accountant))

    make_bank_details(supplier)
    assert titles(accountant) == []


def test_lines_of_several_suppliers_stand_under_their_names_and_others_suppliers_are_not_there(supplier):
    second = make_supplier(name="Закат-Газ")
    make_supplier(name="Чужой-Газ")
    accountant = make_member("accountant", supplier)
    StaffRole.objects.create(user=accountant, supplier=second, role="manager")

    found = {at.supplier_name: [step.title for step in at.steps] for at in missing(staff_card(accountant))}

    words = text_of(page_for(accountant))
    assert set(found) == {"Рассвет-Газ", "Закат-Газ"}
    assert "Закат-Газ: что ещё нужно для первого месяца" in words
    assert "Чужой-Газ" not in words
    assert "Цены" in found["Рассвет-Газ"]
    assert "Цены" not in found["Закат-Газ"]


@pytest.mark.parametrize("suppliers_count", [1, 3])
def test_the_list_costs_as_many_queries_whatever_the_number_of_suppliers(suppliers_count, django_assert_num_queries):
    member = make_member("accountant", make_supplier())
    for _ in range(suppliers_count - 1):
        StaffRole.objects.create(user=member, supplier=make_supplier(), role="accountant")
    staff = staff_card(member)

    with django_assert_num_queries(6):
        missing(staff)
