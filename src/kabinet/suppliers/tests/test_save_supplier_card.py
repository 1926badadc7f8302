"""An operator saves a supplier's card."""

import pytest
from django.db import IntegrityError

from kabinet.audit.models import Entry
from kabinet.common.testing import NOW
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.operations import (
    InnCheckDigitWrong,
    InnNotDigits,
    InnWrongLength,
    KppMalformed,
    NumberExampleDoesNotFit,
    NumberPatternRefused,
    ProofNotNamed,
    TimeZoneUnknown,
)
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.suppliers.usecases.save_supplier_card import save_supplier_card

pytestmark = pytest.mark.django_db

RIGHT = {
    "code": "gmr-spb",
    "name": "Газпром межрегионгаз Санкт-Петербург",
    "full_name": "ЗАО «Газпром межрегионгаз Санкт-Петербург»",
    "inn": "7838016481",
    "number_pattern": r"\d{9}",
    "number_length": 9,
    "number_example": "702062012",
}


def save(**values):
    return save_supplier_card(supplier=Supplier(**(RIGHT | values)), actor=None, now=NOW)


def test_the_supplier_of_the_printed_notice_is_accepted():
    supplier = save()

    assert Supplier.objects.get() == supplier
    assert Entry.objects.get().action == "supplier.added"


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"inn": "783801648"}, InnWrongLength, "inn"),
        ({"inn": "78380l6481"}, InnNotDigits, "inn"),
        ({"inn": "7838016482"}, InnCheckDigitWrong, "inn"),
        ({"kpp": "78380100"}, KppMalformed, "kpp"),
        ({"time_zone": "Europe/Gatchina"}, TimeZoneUnknown, "time_zone"),
        ({"number_pattern": r"(\d+)+"}, NumberPatternRefused, "number_pattern"),
        ({"number_example": "70206201"}, NumberExampleDoesNotFit, "number_example"),
        ({"number_check": "luhn"}, NumberExampleDoesNotFit, "number_example"),
        ({"proof": "none", "access_without_proof": "none"}, ProofNotNamed, "proof"),
    ],
)
def test_each_wrong_detail_has_its_own_answer_at_its_field(values, refusal, field):
    with pytest.raises(refusal) as caught:
        save(**values)

    assert caught.value.field == field
    assert not Supplier.objects.exists()


def test_a_wrong_inn_says_which_digit():
    with pytest.raises(InnCheckDigitWrong) as caught:
        save(inn="7838016482")

    assert "контрольная цифра на месте 10 — 2, а по остальным цифрам должна быть 1" in str(caught.value)


def test_a_change_is_noted_as_a_change():
    supplier = make_supplier()
    supplier.phone = "+7 812 000-00-00"

    save_supplier_card(supplier=supplier, actor=None, now=NOW)

    assert Entry.objects.get().action == "supplier.changed"


def test_the_database_refuses_a_supplier_that_nobody_could_attach_to():
    with pytest.raises(IntegrityError):
        make_supplier(proof="none", access_without_proof="none")
