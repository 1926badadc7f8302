"""Check digits of bank and tax details, and formats of account numbers: plain values in and out, no Django.

Every ``…_problem`` gives None for a value that fits, else a ``Problem`` that says which group of digits is wrong.
Sources: the tax service's rule for ИНН, the Bank of Russia's rules for БИК and for the key digit of an account
(computed on the printed notice of the instruction, see docs/adr/0031).
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from kabinet.common.month import Month


@dataclass(frozen=True)
class Problem:
    """Why a value is refused: a stable reason, and the values that its sentence names."""

    reason: str
    values: dict[str, str | int] = field(default_factory=dict)


# --- ИНН, КПП ---------------------------------------------------------------------------------------------------------

_INN_WEIGHTS: dict[int, list[tuple[int, tuple[int, ...]]]] = {
    10: [(9, (2, 4, 10, 3, 5, 9, 4, 6, 8))],
    12: [(10, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)), (11, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))],
}
"""By length: the place of each check digit, counted from 0, and the weights of the digits before it."""
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")


def inn_problem(inn: str) -> Problem | None:
    """Judge an ИНН: 10 digits of an organisation, the last a check digit, or 12 of a person, the last two."""
    if not _is_digits(inn):
        return Problem("inn-characters")
    if len(inn) not in (10, 12):
        return Problem("inn-length", {"length": len(inn)})
    for position, weights in _INN_WEIGHTS[len(inn)]:
        expected = _weighted_sum(inn, weights) % 11 % 10
        if int(inn[position]) != expected:
            return Problem("inn-check-digit", {"position": position + 1, "digit": inn[position], "expected": expected})
    return None


def kpp_problem(kpp: str) -> Problem | None:
    """Judge a КПП: four digits, two digits or Latin capitals, three digits; it has no check digit."""
    return None if _KPP.fullmatch(kpp) else Problem("kpp-format")


# --- Bank details -----------------------------------------------------------------------------------------------------

_ACCOUNT_WEIGHTS = (7, 1, 3)
_ACCOUNT_LENGTH = 20
_KEY_POSITION = 8
#: A clearing currency is written as a letter in the sixth place of an account; the key counts it as this digit.
_CLEARING_LETTERS = "ABCEHKMPTX"
_ACCOUNT = re.compile(rf"[0-9]{{5}}[0-9{_CLEARING_LETTERS}][0-9]{{14}}")


def bic_problem(bic: str) -> Problem | None:
    """Judge a БИК: 04, territory (2), unit (2), number of the bank (3). It has no check digit of its own."""
    if not _is_digits(bic):
        return Problem("bic-characters")
    if len(bic) != 9:
        return Problem("bic-length", {"length": len(bic)})
    if not bic.startswith("04"):
        return Problem("bic-country", {"digits": bic[:2]})
    return None


def account_problem(account: str, bic: str) -> Problem | None:
    """Judge a settlement account of a bank's client: its key digit covers the last three digits of the bank's БИК."""
    return _format_problem(account, "account") or _key_problem(account, bic[-3:], "account", bic)


def agent_account_problem(account: str, bic: str) -> Problem | None:
    """Judge the special account that payment agents pay into: an account of the balance group 40821."""
    problem = account_problem(account, bic)
    if problem is None and not account.startswith("40821"):
        return Problem("agent-account-group", {"digits": account[:5]})
    return problem


def correspondent_problem(account: str, bic: str) -> Problem | None:
    """Judge a bank's correspondent account: group 301, its last three digits are those of the БИК, and its key fits.

    The key covers 0 and the fifth and sixth digits of the БИК (the unit of the Bank of Russia that keeps the account).
    """
    if problem := _format_problem(account, "correspondent"):
        return problem
    if not account.startswith("301"):
        return Problem("correspondent-group", {"digits": account[:3]})
    if account[-3:] != bic[-3:]:
        return Problem("correspondent-bank", {"digits": account[-3:], "expected": bic[-3:], "bic": bic})
    return _key_problem(account, "0" + bic[4:6], "correspondent", bic)


def _format_problem(account: str, kind: str) -> Problem | None:
    if len(account) != _ACCOUNT_LENGTH:
        return Problem(f"{kind}-length", {"length": len(account)})
    return None if _ACCOUNT.fullmatch(account) else Problem(f"{kind}-characters")


def _key_problem(account: str, prefix: str, kind: str, bic: str) -> Problem | None:
    """Weigh prefix and account by 7, 1, 3, 7, …: the last digits of the products must sum to a whole ten."""
    expected = _key_digit(account, prefix)
    digit = int(account[_KEY_POSITION])
    if digit == expected:
        return None
    return Problem(f"{kind}-key", {"position": _KEY_POSITION + 1, "digit": digit, "expected": expected, "bic": bic})


def _key_digit(account: str, prefix: str) -> int:
    """Compute the key: with 0 in its place, three times the sum's last digit, again its last digit."""
    without_key = account[:_KEY_POSITION] + "0" + account[_KEY_POSITION + 1 :]
    letter = without_key[5]
    if letter in _CLEARING_LETTERS:
        without_key = without_key[:5] + str(_CLEARING_LETTERS.index(letter)) + without_key[6:]
    total = sum(int(digit) * _ACCOUNT_WEIGHTS[index % 3] % 10 for index, digit in enumerate(prefix + without_key))
    return total * 3 % 10


def _weighted_sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


# --- Numbers of customer accounts -------------------------------------------------------------------------------------

_SEPARATORS = "-./"
_NUMBER_PREFIX = re.compile(r"^(л/?с|лицевой\s+сч[её]т)?[\s:№.]*", re.IGNORECASE)


def number_normalised(text: str, kept: str = "") -> str:
    """Give an account number as it is stored, from what a person typed or pasted: «л/с № 702 062-012» → «702062012».

    kept  separators, out of «-./», that belong to the supplier's numbers; the others are left out, as spaces are
    """
    typed = unicodedata.normalize("NFKC", text.replace("№", " ")).strip()
    bare = _NUMBER_PREFIX.sub("", typed)
    for dash in "‐‑‒–—−":
        bare = bare.replace(dash, "-")
    return "".join(sign for sign in bare if not sign.isspace() and (sign in kept or sign not in _SEPARATORS)).upper()


#: What a supplier may write as the form of its numbers: signs, digits and sets, each at most so many times, and
#: variants with |. Without groups, * and +, and with few quantifiers that vary, no number can make the matching slow.
_NUMBER_SIGN = r"(?:\\d|\[[0-9A-Za-zА-ЯЁа-яё./-]+\]|[0-9A-Za-zА-ЯЁа-яё/-]|\\\.)(?:\{\d{1,2}(?:,\d{1,2})?\}|\?)?"
_NUMBER_PATTERN = re.compile(rf"(?:{_NUMBER_SIGN})+(?:\|(?:{_NUMBER_SIGN})+)*")
_VARYING_QUANTIFIERS = 3


def pattern_problem(pattern: str) -> Problem | None:
    """Judge the regular expression of a supplier's numbers, such as «[0-9]{8}[А-Я]{2}»."""
    if not _NUMBER_PATTERN.fullmatch(pattern) or pattern.count("?") + pattern.count(",") > _VARYING_QUANTIFIERS:
        return Problem("number-pattern-form")
    try:
        re.compile(pattern)
    except re.error:
        return Problem("number-pattern-form")
    return None


def number_problem(number: str, *, pattern: str, length: int | None, check: str) -> Problem | None:
    """Judge a normalised account number by its supplier's format.

    length  how many characters it has; None when that differs
    check   which check digit its last digit is: none, mod11, luhn
    """
    if length is not None and len(number) != length:
        return Problem("number-length", {"length": len(number), "expected": length})
    if not re.fullmatch(pattern, number, re.ASCII):
        return Problem("number-pattern")
    fits = NUMBER_CHECKS[check]
    return None if fits(number) else Problem("number-check-digit")


def _fits_mod11(number: str) -> bool:
    """The last digit is Σ digit × its place from the left, mod 11, mod 10."""
    *body, last = (int(sign) for sign in number if _is_digits(sign))
    return sum(digit * place for place, digit in enumerate(body, start=1)) % 11 % 10 == last


def _fits_luhn(number: str) -> bool:
    """Every second digit from the right is doubled, its digits are summed; the whole sum is a multiple of ten."""
    digits = [int(sign) for sign in reversed(number) if _is_digits(sign)]
    return sum(digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(digits)) % 10 == 0


#: The check digits that a supplier can choose, by the value of ``Supplier.number_check``.
NUMBER_CHECKS = {"none": lambda number: True, "mod11": _fits_mod11, "luhn": _fits_luhn}


# --- Terms ------------------------------------------------------------------------------------------------------------


SATURDAY = 5


def day_of_month(month: Month, day: int) -> dt.date:
    """Give a day of a month; a month that is too short gives its last day."""
    return min(month.first_day + dt.timedelta(days=day - 1), month.last_day)


def moved_to_working_day(
    day: dt.date, *, days_off: AbstractSet[dt.date] = frozenset(), working_days: AbstractSet[dt.date] = frozenset()
) -> dt.date:
    """Move a term that ends on a day off to the next working day.

    days_off      days from Monday to Friday that are not worked
    working_days  Saturdays and Sundays that are

    Source: article 193 of the Civil Code.
    """
    while day in days_off or (day.weekday() >= SATURDAY and day not in working_days):
        day += dt.timedelta(days=1)
    return day
