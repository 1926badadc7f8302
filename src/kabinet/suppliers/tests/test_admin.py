"""Staff keep suppliers in the admin; the rules of the use-cases hold there."""

import pytest
from django.forms import model_to_dict
from django.urls import reverse

from kabinet.audit.models import Entry
from kabinet.people.tests.factories import make_staff, make_user
from kabinet.suppliers.models import BankDetails, Supplier
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db(transaction=True)

NOTICE = {
    "channel": "bank",
    "bank_name": "филиал «Санкт-Петербург» ОАО «Собинбанк»",
    "bic": "044030853",
    "account_number": "40702810900120001210",
    "correspondent_account": "30101810300000000853",
    "position": "0",
}


@pytest.fixture
def staff(client):
    person = make_staff()
    client.force_login(person)
    return person


def add_bank_details(client, **values):
    form = {"supplier": make_supplier().id, **NOTICE, **values}
    return client.post(reverse("admin:suppliers_bankdetails_add"), form)


def test_the_right_details_of_the_notice_are_saved_by_the_use_case(client, staff):
    assert add_bank_details(client).status_code == 302

    assert BankDetails.objects.get().account_number == "40702810900120001210"
    assert (Entry.objects.get().action, Entry.objects.get().actor) == ("bank_details.added", staff)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"account_number": "4070281005230178256"}, "account_number"),
        ({"correspondent_account": "30101810500000000653"}, "correspondent_account"),
    ],
)
def test_the_misprinted_details_of_the_notice_are_refused_at_their_field(client, staff, values, field):
    response = add_bank_details(client, **values)

    assert list(response.context["adminform"].form.errors) == [field]
    assert not BankDetails.objects.exists()


def test_a_card_with_a_wrong_inn_is_refused_at_its_field(client, staff):
    supplier = make_supplier()
    values = {name: value for name, value in model_to_dict(supplier).items() if value not in (None, False)}

    response = client.post(
        reverse("admin:suppliers_supplier_change", args=[supplier.id]), values | {"inn": "7838016482"}
    )

    assert list(response.context["adminform"].form.errors) == ["inn"]
    assert Supplier.objects.get().inn == "7838016481"


def test_customers_do_not_enter(client):
    client.force_login(make_user())

    assert client.get(reverse("admin:suppliers_supplier_changelist")).status_code in (302, 403)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_strangers_are_sent_to_the_cabinets_own_sign_in(client):
    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain[-1][0].startswith(reverse("cabinet:sign_in"))
