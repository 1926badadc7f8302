"""What a cell of a file is by a profile, for people; for many lines the database reads them: ``operations.parsing``."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kabinet.common.month import Month
from kabinet.registers.formats.forms import Form, without_roubles
from kabinet.registers.formats.profile import KOPECKS, Profile
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import Field

Value = str | Decimal | dt.date | Month


@dataclass(frozen=True)
class ReadCell:
    """A cell as it is read.

    text     as in the file, without spaces around it
    value    None when it is empty or cannot be read
    problem  why it cannot, as `reasons` say it in codes; "" when nothing is wrong
    """

    field: Field
    text: str
    value: Value | None
    problem: str = ""


def read_cell(field: Field, text: str, profile: Profile) -> ReadCell:
    """Read the text of a cell as its field's value, by the forms of a profile."""
    if not text:
        return ReadCell(field, text, None, "missing" if field.required else "")
    value: Value | None = text
    problem = ""
    if field.type in kinds.DECIMAL_TYPES:
        value, problem = _number(text, profile, is_money=field.type == kinds.MONEY), "not-number"
    elif field.type == kinds.COUNT:
        value, problem = (text if text.isascii() and text.isdigit() else None), "not-count"
    elif field.type == kinds.DATE:
        value, problem = _day(text, profile.dates), "not-day"
    elif field.type == kinds.MONTH:
        day = _day(text, profile.months)
        value, problem = day and Month.of(day), "not-month"
    return ReadCell(field, text, value, problem if value is None else "")


def _number(text: str, profile: Profile, *, is_money: bool) -> Decimal | None:
    in_kopecks = is_money and profile.money_unit == KOPECKS
    rewritten = profile.number_form.rewrite(without_roubles(text) if is_money and not in_kopecks else text)
    if rewritten is None:
        return None
    return Decimal(rewritten) / 100 if in_kopecks else Decimal(rewritten)


def _day(text: str, forms: Sequence[Form]) -> dt.date | None:
    """Read a day by the first form that it has; None when it has none, and when there is no such day."""
    rewritten = next((found for form in forms if (found := form.rewrite(text))), None)
    try:
        return dt.date.fromisoformat(rewritten) if rewritten else None
    except ValueError:
        return None
