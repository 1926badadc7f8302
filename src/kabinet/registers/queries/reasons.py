"""Why a line was refused, in words. The codes stand in the statements of `sql/judge_….sql`."""

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "account-closed": _("счёт к этому дню уже закрыт"),
    "before-installed": _("раньше, чем установлен"),
    "before-last": _("уже есть более позднее показание"),
    "before-opened": _("раньше, чем открыт"),
    "below-previous": _(
        "меньше предыдущего показания; если счётчик прошёл через ноль, запишите это показание на карточке счёта"
    ),
    "below-zero": _("сумма меньше нуля"),
    "charged-later": _("после этого дня уже есть начисления: такой остаток устарел"),
    "check-digit": _("не сходится контрольная цифра"),
    "future": _("этот день или месяц ещё не наступил"),
    "known-otherwise": _("уже загружено другое значение"),
    "meter-removed": _("счётчик к этому дню уже снят"),
    "missing": _("не заполнено"),
    "not-as-paid": _("сумма не та, что оплачена у нас"),
    "not-count": _("нужно целое число от нуля"),
    "not-day": _("нет такой даты, или она записана иначе, чем в формате"),
    "not-month": _("нет такого месяца, или он записан иначе, чем в формате"),
    "not-number": _("это не число, или оно записано иначе, чем в формате"),
    "not-of-supplier": _("не похоже на номер счёта этого поставщика"),
    "not-on-dial": _("счётчик не может показать такое число"),
    "out-of-range": _("так не бывает: цифр от 3 до 9"),
    "repeated": _("повторяется в файле"),
    "too-long": _("слишком длинно"),
    "too-much": _("расход больше, чем принимается за один раз"),
    "unknown": _("такого нет"),
    "without-value": _("день и показание бывают только вместе"),
    "zero": _("сумма не указана"),
}


def reason_words(code: str) -> str:
    """Say why, in a few words. Raises KeyError for a code that no statement gives."""
    return str(_WORDS[code])
