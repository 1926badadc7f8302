"""The operator sets a supplier up: a card, what is charged for, what the gas goes on."""

import pytest

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers import queries
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.operations import InnCheckDigitWrong, NumberExampleDoesNotFit
from kabinet.suppliers.operations.cards import CARD, CardIncomplete, SupplierCodeTaken
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.suppliers.usecases.add_supplier import add_supplier
from kabinet.suppliers.usecases.change_supplier import change_supplier
from kabinet.suppliers.usecases.name_usage_purpose import PurposeCodeTaken, name_usage_purpose
from kabinet.suppliers.usecases.save_supplier_settings import SWITCHES

pytestmark = pytest.mark.django_db

VALUES = {
    "name": "Рассвет-Газ",
    "full_name": "ООО «Рассвет-Газ»",
    "inn": "7838016481",
    "billing": "kabinet",
    "number_pattern": r"\d{6}",
    "number_example": "100001",
}


def make_staff(role, supplier=None):
    user = make_user(f"{role}@example.ru", is_staff=True)
    StaffRole.objects.create(user=user, role=role, supplier=supplier)
    return user


@pytest.fixture
def operator():
    return make_staff("operator")


def add(operator, code="rassvet", **values):
    return add_supplier(code=code, values=VALUES | values, actor=operator, now=NOW)


def name(operator, supplier, code="cooking", said="Приготовление пищи"):
    return name_usage_purpose(supplier_id=supplier.id, code=code, name=said, actor=operator, now=NOW)


def test_a_new_supplier_has_what_charges_and_penalties_are_put_on(operator):
    supplier = add(operator)

    assert [service.code for service in queries.services(supplier.id)] == ["gas", "maintenance", "penalty"]
    assert queries.main_service_id(supplier.id) == queries.services(supplier.id)[0].id
    assert queries.supplier_card(supplier.id).number_problem("100001") is None
    assert Entry.objects.get(action="supplier.added").supplier_id == supplier.id


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"inn": "7838016482"}, InnCheckDigitWrong),
        ({"number_example": "12"}, NumberExampleDoesNotFit),
        ({"name": ""}, CardIncomplete),
        ({"code": "два слова"}, CardIncomplete),
        ({"code": ""}, CardIncomplete),
    ],
)
def test_a_card_that_does_not_fit_is_refused_whole(operator, values, refusal):
    with pytest.raises(refusal):
        add(operator, **values)
    assert not Supplier.objects.exists()


def test_a_code_is_had_by_one(operator):
    add(operator)

    with pytest.raises(SupplierCodeTaken):
        add(operator)


def test_a_card_is_changed_and_keeps_the_rest(operator):
    supplier = add(operator)
    Supplier.objects.filter(id=supplier.id).update(phone="+7 812 000-00-00")

    changed = change_supplier(supplier_id=supplier.id, values=VALUES | {"kpp": "783801001"}, actor=operator, now=NOW)

    card = queries.supplier_card(supplier.id)
    assert (changed, card.kpp, card.phone) == (["kpp"], "783801001", "+7 812 000-00-00")
    assert Entry.objects.get(action="supplier.changed").details == {"kpp": ["", "783801001"]}


def test_a_direction_is_named_once(operator):
    supplier, other = add(operator), add(operator, "zakat")
    name(operator, supplier)
    name(operator, other)

    assert queries.usage_purposes(supplier.id) == [("cooking", "Приготовление пищи")]
    with pytest.raises(PurposeCodeTaken):
        name(operator, supplier)


def test_a_suppliers_own_staff_set_up_none(operator):
    supplier = add(operator)
    manager = make_staff("manager", supplier)

    with pytest.raises(NotAllowed):
        add(manager, "zakat")
    with pytest.raises(NotAllowed):
        change_supplier(supplier_id=supplier.id, values={"kpp": ""}, actor=manager, now=NOW)
    with pytest.raises(NotAllowed):
        name(manager, supplier)
    with pytest.raises(NotFound):
        add(make_user("customer@example.ru"), "zakat")


def test_what_the_installation_writes_and_what_the_supplier_sets_is_the_whole_card():
    fields = {field.name for field in Supplier._meta.fields} - {"id", "code", "name_key"}

    assert fields - CARD - SWITCHES == set()
    assert CARD.intersection(SWITCHES) == {"number_example"}


def test_there_is_no_supplier_to_change(operator):
    gone = make_supplier().id + 1

    with pytest.raises(NotFound):
        change_supplier(supplier_id=gone, values=VALUES, actor=operator, now=NOW)
