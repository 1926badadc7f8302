"""Save bank details of a supplier: whoever pays by them must reach the supplier's own account."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.suppliers import rules
from kabinet.suppliers.models import BankDetails

if TYPE_CHECKING:
    from kabinet.people.models import User


class BicNotDigits(Refusal):
    code = "bic-characters"
    field = "bic"
    message = _("БИК состоит из одних цифр. Уберите другие знаки.")


class BicWrongLength(Refusal):
    code = "bic-length"
    field = "bic"
    message = _("Длина БИК — %(length)s, а должна быть 9.")


class BicNotRussian(Refusal):
    code = "bic-country"
    field = "bic"
    message = _("БИК начинается с %(digits)s, а у российского банка первые две цифры — 04.")


class AccountWrongLength(Refusal):
    code = "account-length"
    field = "account_number"
    message = _("Длина счёта — %(length)s, а должна быть 20. Проверьте, не пропущена ли и не повторена ли цифра.")


class AccountWrongCharacters(Refusal):
    code = "account-characters"
    field = "account_number"
    message = _(
        "Счёт состоит из цифр; буква (A, B, C, E, H, K, M, P, T, X) бывает только на шестом месте, в коде валюты."
    )


class AccountKeyWrong(Refusal):
    code = "account-key"
    field = "account_number"
    message = _(
        "Счёт не подходит к БИК %(bic)s: контрольный ключ на месте %(position)s — %(digit)s, а должен быть "
        "%(expected)s. Сверьте цифры счёта и последние три цифры БИК."
    )


class NotAnAgentAccount(Refusal):
    code = "agent-account-group"
    field = "account_number"
    message = _("Счёт для платёжных агентов начинается с 40821, а у этого первые пять цифр — %(digits)s.")


class CorrespondentWrongLength(Refusal):
    code = "correspondent-length"
    field = "correspondent_account"
    message = _("Длина корреспондентского счёта — %(length)s, а должна быть 20.")


class CorrespondentWrongCharacters(Refusal):
    code = "correspondent-characters"
    field = "correspondent_account"
    message = _("Корреспондентский счёт состоит из одних цифр. Уберите другие знаки.")


class CorrespondentWrongGroup(Refusal):
    code = "correspondent-group"
    field = "correspondent_account"
    message = _("Корреспондентский счёт начинается с 301, а у этого первые три цифры — %(digits)s.")


class CorrespondentOfAnotherBank(Refusal):
    code = "correspondent-bank"
    field = "correspondent_account"
    message = _(
        "Корреспондентский счёт не подходит к БИК %(bic)s: его последние три цифры — %(digits)s, "
        "а у БИК — %(expected)s. Сверьте оба."
    )


class CorrespondentKeyWrong(Refusal):
    code = "correspondent-key"
    field = "correspondent_account"
    message = _(
        "Корреспондентский счёт не подходит к БИК %(bic)s: контрольный ключ на месте %(position)s — %(digit)s, "
        "а должен быть %(expected)s. Сверьте цифры счёта, пятую и шестую цифры БИК."
    )


_REFUSALS = {
    refusal.code: refusal
    for refusal in (
        BicNotDigits,
        BicWrongLength,
        BicNotRussian,
        AccountWrongLength,
        AccountWrongCharacters,
        AccountKeyWrong,
        NotAnAgentAccount,
        CorrespondentWrongLength,
        CorrespondentWrongCharacters,
        CorrespondentWrongGroup,
        CorrespondentOfAnotherBank,
        CorrespondentKeyWrong,
    )
}


@usecase
def save_bank_details(*, details: BankDetails, actor: "User | None", now: dt.datetime) -> BankDetails:
    """Save new or changed bank details whose check digits all fit.

    Raises the refusals above, each at its field. Source: docs/adr/0031.
    """
    check_bank_details(details)
    action = "bank_details.added" if details.pk is None else "bank_details.changed"
    details.save()
    audit.note(
        action=action,
        actor=actor,
        now=now,
        supplier_id=details.supplier_id,
        subject=f"bank_details:{details.pk}",
        details={},
    )
    return details


def check_bank_details(details: BankDetails) -> None:
    """Raise the first refusal that bank details deserve; writes nothing."""
    account_problem = (
        rules.agent_account_problem if details.channel == BankDetails.Channel.AGENT else rules.account_problem
    )
    problem = (
        rules.bic_problem(details.bic)
        or account_problem(details.account_number, details.bic)
        or rules.correspondent_problem(details.correspondent_account, details.bic)
    )
    if problem:
        raise _REFUSALS[problem.reason](**problem.values)
