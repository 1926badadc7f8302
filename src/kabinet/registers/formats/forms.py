"""How numbers, days and months are written: the same rule for Python and for PostgreSQL.

A form has a pattern and what to make of it, both understood alike by `re.sub` and by `regexp_replace`: days become
2026-10-31, months 2026-10-01, numbers -1234.56. Whether there is such a day is asked afterwards
(`pg_input_is_valid(…, 'date')`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """pattern: of the whole text, anchored; rewritten: what it becomes, with \\1 … as places."""

    pattern: str
    rewritten: str

    def rewrite(self, text: str) -> str | None:
        """Give the text as programs write it; None when it is written otherwise."""
        match = re.fullmatch(self.pattern, text, re.ASCII)
        return match.expand(self.rewritten) if match else None


_YEAR, _MONTH, _DAY = "([0-9]{4})", "([0-9]{2})", "([0-9]{2})"
ISO_DAY = "ГГГГ-ММ-ДД"
#: A year of two digits is of this century, or from 70 on of the last one: meters and accounts are that old. Both forms
#: have the same name.
DATE_FORMS: Mapping[str, Form] = {
    "ДД.ММ.ГГГГ": Form(rf"^{_DAY}\.{_MONTH}\.{_YEAR}$", r"\3-\2-\1"),
    "ДД-ММ-ГГГГ": Form(f"^{_DAY}-{_MONTH}-{_YEAR}$", r"\3-\2-\1"),
    "ДД/ММ/ГГГГ": Form(f"^{_DAY}/{_MONTH}/{_YEAR}$", r"\3-\2-\1"),
    ISO_DAY: Form(f"^{_YEAR}-{_MONTH}-{_DAY}$", r"\1-\2-\3"),
    "ГГГГММДД": Form(f"^{_YEAR}{_MONTH}{_DAY}$", r"\1-\2-\3"),
    "ДДММГГГГ": Form(f"^{_DAY}{_MONTH}{_YEAR}$", r"\3-\2-\1"),
    "ДД.ММ.ГГ": Form(rf"^{_DAY}\.{_MONTH}\.([0-6][0-9])$", r"20\3-\2-\1"),
}
OF_LAST_CENTURY: Mapping[str, Form] = {
    "ДД.ММ.ГГ": Form(rf"^{_DAY}\.{_MONTH}\.([7-9][0-9])$", r"19\3-\2-\1"),
}
MONTH_FORMS: Mapping[str, Form] = {
    "ММ.ГГГГ": Form(rf"^{_MONTH}\.{_YEAR}$", r"\2-\1-01"),
    "М.ГГГГ": Form(rf"^([0-9]{{1,2}})\.{_YEAR}$", r"\2-\1-01"),
    "ММ/ГГГГ": Form(f"^{_MONTH}/{_YEAR}$", r"\2-\1-01"),
    "ГГГГ-ММ": Form(f"^{_YEAR}-{_MONTH}$", r"\1-\2-01"),
    "ГГГГММ": Form(f"^{_YEAR}{_MONTH}$", r"\1-\2-01"),
    "ММГГГГ": Form(f"^{_MONTH}{_YEAR}$", r"\2-\1-01"),
    "ММГГ": Form(f"^{_MONTH}([0-9]{{2}})$", r"20\2-\1-01"),
    "ДД.ММ.ГГГГ": Form(rf"^{_DAY}\.{_MONTH}\.{_YEAR}$", r"\3-\2-01"),
    ISO_DAY: Form(f"^{_YEAR}-{_MONTH}-{_DAY}$", r"\1-\2-01"),
}
#: Forms that the same eight or six digits may have: a profile has one of them.
AMBIGUOUS_TOGETHER = (("ДДММГГГГ", "ГГГГММДД"), ("ММГГГГ", "ГГГГММ"))
#: Both together: either of them is one, which can be told while nothing stands between thousands.
DECIMAL_MARKS = (",", ".", ",.")
#: What may stand between thousands. A space means a no-break one too.
THOUSANDS = ("", " ", "'", ".", ",")
SPACES = " \u00a0\u202f"
#: What spreadsheets write after a sum in roubles: «1 234,56 ₽», «1 234,56р.».
ROUBLES_AFTER = rf"[{SPACES}]*(₽|[рР]\.?|[рР][уУ][бБ]\.?)[{SPACES}]*$"


@dataclass(frozen=True)
class NumberForm:
    """How numbers are written.

    removed  signs that mean nothing and are taken away first
    pattern  what is a number then, the whole of it; places are the whole part and, if it has one, the fraction
    mark     the decimal mark that becomes a point
    """

    removed: str
    pattern: str
    mark: str

    def rewrite(self, text: str) -> str | None:
        """Give the number as programs write it; None when it is no number."""
        compact = text.translate({ord(sign): None for sign in self.removed}).replace("−", "-")
        return compact.replace(self.mark, ".") if re.fullmatch(self.pattern, compact) else None


def without_roubles(text: str) -> str:
    """Take away what a spreadsheet writes after a sum in roubles."""
    return re.sub(ROUBLES_AFTER, "", text)


def number_form(decimal_marks: str, thousands: str) -> NumberForm:
    """Give the rule for numbers with one of these decimal marks and this sign between thousands."""
    removed = SPACES if thousands == " " else thousands
    return NumberForm(removed, rf"^-?[0-9]{{1,15}}([{decimal_marks}][0-9]{{1,9}})?$", decimal_marks[0])
