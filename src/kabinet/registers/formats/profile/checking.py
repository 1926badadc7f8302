"""What in a profile does not go together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kabinet.registers.formats.encodings import ENCODINGS
from kabinet.registers.formats.forms import AMBIGUOUS_TOGETHER, DATE_FORMS, DECIMAL_MARKS, MONTH_FORMS, THOUSANDS
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.profile.parts import (
    CONTAINERS,
    KOPECKS,
    MOST_COLUMNS,
    MOST_SKIPPED,
    QUOTES,
    REFUSE,
    ROUBLES,
    SUM,
    Column,
    Footer,
    ProfileInvalid,
    fields_of,
)
from kabinet.registers.rules.kinds import KINDS, MONEY

if TYPE_CHECKING:
    from kabinet.registers.formats.profile.whole import Profile

_MISSING = _("В формате не хватает: «%(name)s».")
_NO_SUCH_CHOICE = _("Такого значения здесь не бывает: «%(value)s».")
_NO_SUCH_FIELD = _("В таких реестрах нет поля «%(field)s».")
_FIELD_TWICE = _("Поле «%(field)s» указано дважды.")
_FIELD_MISSING = _("Укажите, где в файле поле «%(field)s»: без него строку не принять.")
_NO_SOURCE = _("Укажите, в какой колонке поле «%(field)s».")
_NO_POSITION = _("В файле без заголовков колонка поля «%(field)s» — это её номер, от 1 до %(most)s.")
_PARTS_DIFFER = _("У всех частей строки должны быть одни и те же поля.")
_FOOTER_EMPTY = _("Укажите, с чего начинается строка итогов.")
_FOOTER_FIELD = _("Итог бывает по полю с деньгами, которое есть в этом файле.")
_SAME_MARKS = _("Десятичный знак и знак между тысячами не могут быть одинаковыми.")
_AMBIGUOUS = _("Дату вида «%(first)s» не отличить от «%(second)s»: оставьте один из видов.")
_DELIMITER = _("Разделитель — это один знак, не буква, не цифра и не кавычка.")


def check(profile: Profile) -> None:
    """Raises ProfileInvalid for what does not go together."""
    _check_choices(profile)
    _check_forms(profile)
    _check_fields(profile)
    for column in all_columns(profile):
        _check_sources(profile, column.sources, column.field)
    for only in profile.only:
        _check_sources(profile, (only.source,), "only")
    if profile.footer:
        _check_footer(profile, profile.footer)


def all_columns(profile: Profile) -> Iterable[Column]:
    yield from profile.columns
    for part in profile.parts:
        yield from part.columns


def _check_choices(profile: Profile) -> None:
    for name, choices in (
        ("kind", KINDS),
        ("container", CONTAINERS),
        ("encoding", ("", *ENCODINGS)),
        ("quote", QUOTES),
        ("decimal_mark", DECIMAL_MARKS),
        ("thousands", THOUSANDS),
        ("money_unit", (ROUBLES, KOPECKS)),
        ("on_duplicate", (REFUSE, SUM)),
    ):
        value = getattr(profile, name)
        if value not in choices:
            raise ProfileInvalid(name, _NO_SUCH_CHOICE, value=value)
    delimiter = profile.delimiter
    if len(delimiter) > 1 or delimiter.isalnum() or (delimiter and delimiter in "\r\n\0\"'"):
        raise ProfileInvalid("delimiter", _DELIMITER)
    if not profile.name.strip():
        raise ProfileInvalid("name", _MISSING, name="name")
    if not 0 <= profile.skipped_lines <= MOST_SKIPPED:
        raise ProfileInvalid("skipped_lines", _NO_SUCH_CHOICE, value=profile.skipped_lines)


def _check_forms(profile: Profile) -> None:
    if profile.thousands and profile.thousands in profile.decimal_mark:
        raise ProfileInvalid("thousands", _SAME_MARKS)
    for name, forms in (("date_forms", DATE_FORMS), ("month_forms", MONTH_FORMS)):
        chosen = getattr(profile, name)
        if not chosen:
            raise ProfileInvalid(name, _MISSING, name=name)
        for form in chosen:
            if form not in forms:
                raise ProfileInvalid(name, _NO_SUCH_CHOICE, value=form)
        for first, second in AMBIGUOUS_TOGETHER:
            if first in chosen and second in chosen:
                raise ProfileInvalid(name, _AMBIGUOUS, first=first, second=second)


def _check_fields(profile: Profile) -> None:
    if len({frozenset(fields_of(part)) for part in profile.parts}) > 1 or not all(
        part.columns for part in profile.parts
    ):
        raise ProfileInvalid("parts", _PARTS_DIFFER)
    known = {field.name for field in profile.kind_of_lines.fields}
    seen: set[str] = set()
    for name in profile.fields:
        if name not in known:
            raise ProfileInvalid("columns", _NO_SUCH_FIELD, field=name)
        if name in seen:
            raise ProfileInvalid("columns", _FIELD_TWICE, field=LABELS[name])
        seen.add(name)
    for name in profile.kind_of_lines.required:
        if name not in seen:
            raise ProfileInvalid("columns", _FIELD_MISSING, field=LABELS[name])


def _check_sources(profile: Profile, sources: tuple[str, ...], name: str) -> None:
    label = LABELS.get(name, name)
    if not sources or not all(source.strip() for source in sources):
        raise ProfileInvalid("columns", _NO_SOURCE, field=label)
    if not profile.has_headings and not all(_is_position(source) for source in sources):
        raise ProfileInvalid("columns", _NO_POSITION, field=label, most=MOST_COLUMNS)


def _is_position(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_COLUMNS


def _check_footer(profile: Profile, footer: Footer) -> None:
    if not footer.begins.strip():
        raise ProfileInvalid("footer", _FOOTER_EMPTY)
    for place in (footer.count_at, footer.sum_at):
        if place is not None and not 1 <= place <= MOST_COLUMNS:
            raise ProfileInvalid("footer", _NO_SUCH_CHOICE, value=place)
    is_money = footer.sum_field in profile.fields and profile.kind_of_lines.field(footer.sum_field).type == MONEY
    if (footer.sum_at is not None and not is_money) or (footer.sum_at is None and footer.sum_field):
        raise ProfileInvalid("footer", _FOOTER_FIELD)
