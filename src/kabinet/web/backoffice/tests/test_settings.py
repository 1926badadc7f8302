"""Managers set how the cabinet behaves, and two people change where money is sent."""

import pytest
from django.test import Client
from django.urls import reverse

from kabinet.suppliers.models import BankDetailsChange
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db

READINGS = {
    "reading_opens_day": "15",
    "reading_closes_day": "25",
    "max_volume_m3": "5000",
    "plausible_ratio": "4",
    "verification_notice_days": "30",
    "reading_note": "Передавайте до обеда.",
    "reading_photos": "welcome",
    "photo_days": "365",
}
NEW = {
    "channel": "bank",
    "bank_name": "Собинбанк",
    "bic": "044030853",
    "account_number": "40702810900120001210",
    "correspondent_account": "30101810300000000853",
}


@pytest.fixture
def supplier():
    return make_supplier(name="Газ Севера")


def signed_in(role, supplier):
    client = Client()
    client.force_login(make_member(role, supplier))
    return client


def address(name, supplier, *ids):
    return reverse(f"office:{name}", args=[supplier.id, *ids])


@pytest.mark.parametrize(("billing", "is_there"), [("external", True), ("kabinet", False)])
def test_letters_about_registers_are_a_switch_of_those_who_are_billed_elsewhere(billing, is_there):
    supplier = make_supplier(billing=billing)
    client = signed_in("manager", supplier)
    sums = {"own_sum_limit_rub": "15000", "payment_note": "", "announces_imported_charges": "on"}

    client.post(address("supplier_settings_change", supplier, "payment"), sums)

    supplier.refresh_from_db()
    assert (supplier.own_sum_limit_rub, supplier.announces_imported_charges) == (15000, is_there)


def test_a_group_of_switches_is_saved_and_shown(supplier):
    client = signed_in("manager", supplier)
    assert client.get(reverse("office:settings")).headers["location"] == address("supplier_settings", supplier)

    page = text_of(client.post(address("supplier_settings_change", supplier, "readings"), READINGS, follow=True))

    supplier.refresh_from_db()
    assert (supplier.reading_opens_day, supplier.verification_notice_days) == (15, 30)
    assert (supplier.allow_rollover, supplier.lite_submits_readings) == (False, False)
    assert "Сохранено." in page
    assert "Принимать с числа 15" in page
    assert "Передавайте до обеда." in page
    assert "Кто и когда Изменены настройки поставщика" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"reading_opens_day": "0"}, "1"), ({"plausible_ratio": "0.5"}, "1"), ({"max_volume_m3": "много"}, "число")],
)
def test_a_wrong_value_is_answered_at_its_field(supplier, typed, said):
    answer = signed_in("manager", supplier).post(
        address("supplier_settings_change", supplier, "readings"), READINGS | typed
    )

    supplier.refresh_from_db()
    assert (answer.status_code, supplier.reading_opens_day) == (422, 1)
    assert said in text_of(answer)


def test_what_does_not_fit_together_is_said(supplier):
    answer = signed_in("manager", supplier).post(
        address("supplier_settings_change", supplier, "attaching"),
        {"number_example": "702062012", "proof": "none", "access_without_proof": "none"},
    )

    assert (answer.status_code, "подключить счёт не сможет никто" in text_of(answer)) == (422, True)


def test_a_group_that_is_not_there_is_404(supplier):
    assert signed_in("manager", supplier).get(address("supplier_settings_change", supplier, "inn")).status_code == 404


def test_bank_details_go_through_two_pairs_of_hands(supplier):
    stands = make_bank_details(supplier, account_number="40702810000000000001")
    accountant, manager = signed_in("accountant", supplier), signed_in("manager", supplier)
    page = address("bank_details_replace", supplier, stands.pk)

    check = text_of(accountant.post(page, NEW))
    assert "Деньги плательщиков пойдут на этот счёт." in check
    assert not BankDetailsChange.objects.exists()
    said = text_of(accountant.post(page, NEW | {"confirmed": "1"}, follow=True))
    assert "Ждёт второго сотрудника" in said
    assert "Подтвердить смену" not in said
    change = BankDetailsChange.objects.get()
    confirm = address("bank_details_confirm", supplier, change.pk)
    assert "Эту смену реквизитов начали Вы" in text_of(accountant.post(confirm))

    assert "Подтвердить смену" in text_of(manager.get(address("bank_details", supplier)))
    assert "Вступит в силу" in text_of(manager.post(confirm, follow=True))

    said = text_of(accountant.post(address("bank_details_withdraw", supplier, change.pk), follow=True))
    assert "реквизиты прежние" in said


def test_a_wrong_digit_is_answered_before_the_second_page(supplier):
    answer = signed_in("accountant", supplier).post(
        address("bank_details_add", supplier), NEW | {"account_number": "40702810800120001210", "confirmed": "1"}
    )

    assert (answer.status_code, "контрольный ключ" in text_of(answer)) == (422, True)
    assert not BankDetailsChange.objects.exists()
