"""An operator saves a supplier's bank details. The values are those of the printed notice, misprints and all."""

import pytest

from kabinet.audit.models import Entry
from kabinet.common.testing import NOW
from kabinet.suppliers.models import BankDetails
from kabinet.suppliers.operations import (
    AccountKeyWrong,
    AccountWrongLength,
    BicWrongLength,
    CorrespondentOfAnotherBank,
    NotAnAgentAccount,
)
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier
from kabinet.suppliers.usecases.save_bank_details import save_bank_details

pytestmark = pytest.mark.django_db

RIGHT = {
    "channel": "bank",
    "bank_name": "филиал «Санкт-Петербург» ОАО «Собинбанк»",
    "bic": "044030853",
    "account_number": "40702810900120001210",
    "correspondent_account": "30101810300000000853",
}


def save(**values):
    details = BankDetails(supplier=make_supplier(), **(RIGHT | values))
    return save_bank_details(details=details, actor=None, now=NOW)


def refused(refusal, **values):
    with pytest.raises(refusal) as caught:
        save(**values)
    assert not BankDetails.objects.exists()
    return caught.value.field, str(caught.value)


def test_the_settlement_account_of_the_notice_is_accepted():
    assert save().pk
    assert Entry.objects.get().action == "bank_details.added"


def test_the_special_account_of_the_notice_is_accepted_for_agents():
    assert save(channel="agent", account_number="40821810800120000001").pk


def test_the_misprinted_account_of_the_notice_is_refused_for_its_19_digits():
    field, sentence = refused(AccountWrongLength, account_number="4070281005230178256")

    assert field == "account_number"
    assert sentence == "Длина счёта — 19, а должна быть 20. Проверьте, не пропущена ли и не повторена ли цифра."


def test_the_misprinted_correspondent_account_of_the_notice_is_refused_for_the_bank_it_names():
    field, sentence = refused(CorrespondentOfAnotherBank, correspondent_account="30101810500000000653")

    assert field == "correspondent_account"
    assert sentence == (
        "Корреспондентский счёт не подходит к БИК 044030853: его последние три цифры — 653, а у БИК — 853. Сверьте оба."
    )


def test_a_wrong_key_says_which_digit_it_is_and_which_it_should_be():
    field, sentence = refused(AccountKeyWrong, account_number="40702810800120001210")

    assert field == "account_number"
    assert "на месте 9 — 8, а должен быть 9" in sentence


def test_a_bic_that_is_too_short_is_told_at_the_bic():
    assert refused(BicWrongLength, bic="04403085")[0] == "bic"


def test_money_of_agents_goes_to_40821_only():
    assert refused(NotAnAgentAccount, channel="agent")[0] == "account_number"


def test_a_change_that_does_not_fit_leaves_the_details_as_they_were():
    details = make_bank_details(make_supplier())
    details.bic = "044525225"

    with pytest.raises(AccountKeyWrong):
        save_bank_details(details=details, actor=None, now=NOW)

    assert BankDetails.objects.get().bic == "044030853"
