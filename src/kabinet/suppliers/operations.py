"""What the card's use-case and the admin's form, which checks before it saves, both need."""

from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.suppliers import rules
from kabinet.suppliers.models import Supplier


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
    message = _("Пример номера не подходит под вид, длину или контрольную цифру, которые вы указали.")


class ProofNotNamed(Refusal):
    code = "proof-not-named"
    field = "proof"
    message = _("Без подтверждения доступа нет, а чем подтверждать, не указано: подключить счёт не сможет никто.")


_REFUSALS = {
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
            raise _REFUSALS[problem.reason](**problem.values)
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
