"""The operator of an empty installation sets its first supplier up, without the terminal."""

import pytest
from django.urls import reverse

from kabinet.suppliers.models import Supplier, UsagePurpose
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db

CARD = {
    "name": "Рассвет-Газ",
    "full_name": "ООО «Рассвет-Газ»",
    "code": "rassvet",
    "inn": "7838016481",
    "kpp": "783801001",
    "billing": "kabinet",
    "time_zone": "Europe/Moscow",
    "form_name": "",
    "number_pattern": r"\d{6}",
    "number_length": "",
    "number_kept": "",
    "number_check": "none",
    "number_example": "100001",
}


@pytest.fixture
def operator(client):
    client.force_login(make_member("operator"))
    return client


def add(client, **typed):
    return client.post(reverse("office:supplier_add"), CARD | typed, follow=True)


def test_an_empty_installation_says_where_to_begin(operator):
    assert "Поставщиков ещё нет" in text_of(operator.get(reverse("office:suppliers")))


def test_a_supplier_is_set_up(operator):
    page = text_of(add(operator))
    supplier = Supplier.objects.get()
    operator.post(
        reverse("office:supplier_purpose_add", args=[supplier.id]), {"code": "cooking", "name": "Приготовление пищи"}
    )

    assert "Рассвет-Газ rassvet" in page
    assert "ещё нет руководителя" in page
    assert "Газ gas" in page
    assert "Приготовление пищи cooking" in text_of(operator.get(reverse("office:supplier", args=[supplier.id])))
    assert "Рассвет-Газ" in text_of(operator.get(reverse("office:suppliers")))


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"inn": "7838016482"}, "inn"), ({"code": "два слова"}, "code"), ({"number_example": "12"}, "number_example")],
)
def test_what_does_not_fit_is_said_beside_its_field(operator, typed, field):
    answer = add(operator, **typed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Supplier.objects.exists()


def test_a_card_is_changed(operator):
    add(operator)
    supplier = Supplier.objects.get()
    make_member("manager", supplier)
    typed = {name: value for name, value in CARD.items() if name != "code"}

    page = text_of(
        operator.post(
            reverse("office:supplier_change", args=[supplier.id]), typed | {"form_name": "2А ГАЗ 012"}, follow=True
        )
    )

    assert "Название бланка 2А ГАЗ 012" in page
    assert "ещё нет руководителя" not in page


def test_a_direction_that_is_there_is_not_named_again(operator):
    add(operator)
    address = reverse("office:supplier_purpose_add", args=[Supplier.objects.get().id])
    operator.post(address, {"code": "cooking", "name": "Приготовление пищи"})

    answer = operator.post(address, {"code": "cooking", "name": "Готовка"})

    assert list(answer.context["form"].errors) == ["code"]
    assert UsagePurpose.objects.count() == 1
