"""Checks of a supplier's card and bank details: for the use-cases, and for the admin, which checks before it saves."""

from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.people.queries.staff import staff_with_right
from kabinet.people.rules import rights
from kabinet.suppliers import rules
from kabinet.suppliers.models import BankDetails, Supplier


class InnNotDigits(Refusal):
    code = "inn-characters"
    field = "inn"
    message = _("ИНН состоит из одних цифр: 10 у организации, 12 у предпринимателя. Уберите другие знаки.")


class InnWrongLength(Refusal):
    code = "inn-length"
    field = "inn"
    message = _("Длина ИНН — %(length)s, а должна быть 10 (у организации) или 12 (у предпринимателя).")


class InnCheckDigitWrong(Refusal):
    code = "inn-check-digit"
    field = "inn"
    message = _(
        "ИНН не сходится: контрольная цифра на месте %(position)s — %(digit)s, "
        "а по остальным цифрам должна быть %(expected)s. Сверьте номер целиком."
    )


class KppMalformed(Refusal):
    code = "kpp-format"
    field = "kpp"
    message = _("КПП — это 4 цифры налогового органа, 2 цифры или латинские буквы причины и 3 цифры номера.")


class TimeZoneUnknown(Refusal):
    code = "time-zone-unknown"
    field = "time_zone"
    message = _("Нет часового пояса «%(time_zone)s». Напишите его как в базе IANA, например Europe/Moscow.")


class NumberPatternRefused(Refusal):
    code = "number-pattern-form"
    field = "number_pattern"
    message = _(
        "Вид номера записывают знаками, \\d и наборами [А-Я] с числом повторов: \\d{9}. Скобки, * и + не нужны."
    )


class NumberExampleDoesNotFit(Refusal):
    code = "number-example"
    field = "number_example"
    message = _("Пример номера не подходит под вид, длину или контрольную цифру, которые Вы указали.")


class ProofNotNamed(Refusal):
    code = "proof-not-named"
    field = "proof"
    message = _("Без подтверждения доступа нет, а чем подтверждать, не указано: подключить счёт не сможет никто.")


_CARD_REFUSALS = {
    refusal.code: refusal
    for refusal in (InnNotDigits, InnWrongLength, InnCheckDigitWrong, KppMalformed, NumberPatternRefused)
}


def check_supplier_card(supplier: Supplier) -> None:
    """Raise the first refusal that a card deserves; writes nothing."""
    problems = [rules.inn_problem(supplier.inn), rules.pattern_problem(supplier.number_pattern)]
    if supplier.kpp:
        problems.append(rules.kpp_problem(supplier.kpp))
    for problem in problems:
        if problem:
            raise _CARD_REFUSALS[problem.reason](**problem.values)
    if supplier.time_zone not in available_timezones():
        raise TimeZoneUnknown(time_zone=supplier.time_zone)
    if supplier.number_example and rules.number_problem(
        rules.number_normalised(supplier.number_example, supplier.number_kept),
        pattern=supplier.number_pattern,
        length=supplier.number_length,
        check=supplier.number_check,
    ):
        raise NumberExampleDoesNotFit
    if supplier.proof == Supplier.Proof.NONE and supplier.access_without_proof == Supplier.AccessWithoutProof.NONE:
        raise ProofNotNamed


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


_DETAILS_REFUSALS = {
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


class ChangedByTwo(Refusal):
    code = "bank-details-changed-by-two"
    message = _(
        "У поставщика есть сотрудники, которые отвечают за реквизиты. Меняют их двое в служебном разделе, "
        "и новые вступают в силу через сутки."
    )


def check_has_no_keepers(supplier_id: int) -> None:
    """Raise ChangedByTwo once a supplier has people who may change its bank details (docs/adr/0181)."""
    if staff_with_right(rights.SET_BANK_DETAILS, supplier_id):
        raise ChangedByTwo


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
        raise _DETAILS_REFUSALS[problem.reason](**problem.values)
