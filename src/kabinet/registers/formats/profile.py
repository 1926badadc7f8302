"""How a supplier's file is written, as data: a profile.

A profile is kept as JSON, edited on a screen, and copied into each register that was read by it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.registers.formats.encodings import ENCODINGS
from kabinet.registers.formats.forms import (
    AMBIGUOUS_TOGETHER,
    DATE_FORMS,
    DECIMAL_MARKS,
    ISO_DAY,
    MONTH_FORMS,
    THOUSANDS,
    Form,
    NumberForm,
    number_form,
)
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.rules.kinds import KINDS, MONEY, Kind

TEXT, XLSX, DBF, ONE_C = "text", "xlsx", "dbf", "one_c"
CONTAINERS = (TEXT, XLSX, DBF, ONE_C)
#: Containers that name their columns themselves.
NAMED = frozenset({DBF, ONE_C})
#: Containers whose cells have types.
TYPED = frozenset({XLSX, DBF})
QUOTES = ("", '"', "'")
MOST_COLUMNS = 500
MOST_SKIPPED = 1000
LONGEST_WORD = 200
ROUBLES, KOPECKS = "rub", "kopeck"
REFUSE, SUM = "refuse", "sum"


class ProfileInvalid(Refusal):
    """field: the part of a profile that is wrong."""

    code = "profile-invalid"

    def __init__(self, field: str, message: Any, /, **values: Any) -> None:
        super().__init__(**values)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Column:
    """Where a field stands.

    sources   headings (compared without case, spaces at the ends, ё as е) or, in a file without them, positions from
              "1"; several are put together: a name in three columns, a month and a year
    joint     what to put between several
    after     labels that stand before the value in the cell: of «газ 12,50» after «газ» it is «12,50»
    optional  the file may have no such column
    """

    field: str
    sources: tuple[str, ...]
    joint: str = " "
    after: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Part:
    """Columns that together make a line of their own: a service and its sum. There is none when the last is empty."""

    columns: tuple[Column, ...]
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Footer:
    """A line of totals, known by how its first cell begins. A file without it is cut off.

    count_at, sum_at  positions from 1 of what it says of lines and of the sum; the beginning does not count
    sum_field         the field that its sum is of
    """

    begins: str
    count_at: int | None = None
    sum_at: int | None = None
    sum_field: str = ""


@dataclass(frozen=True)
class Only:
    """A line counts only when it has this text there; the others are none of this register's."""

    source: str
    text: str


@dataclass(frozen=True)
class Profile:
    """How a file of one kind is written.

    kind           one of rules.kinds.KINDS
    container      one of CONTAINERS
    encoding       "" to find it; a file of which it cannot be told is refused then
    delimiter      "" to find it
    decimal_mark   one of forms.DECIMAL_MARKS; thousands: one of forms.THOUSANDS
    quote          '"', or "" when quotes are signs like any other
    headings       the first line names the columns
    skipped_lines  at the top, before the headings
    comment        lines that begin so are passed over; "" for none
    sheet          of a workbook; "" when it has one
    ragged         lines may have fewer cells than the first: those that are not there are empty
    date_forms, month_forms
                   names of forms.DATE_FORMS and MONTH_FORMS, of which each text is to have one
    parts          each makes a line of its own, with the columns above
    constants      what holds for every line: {"service_code": "gas"}
    on_duplicate   what to do with a second line of the same account, service and month: REFUSE or SUM
    """

    name: str
    kind: str
    columns: tuple[Column, ...]
    container: str = TEXT
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    headings: bool = True
    skipped_lines: int = 0
    comment: str = ""
    sheet: str = ""
    ragged: bool = False
    footer: Footer | None = None
    decimal_mark: str = ","
    thousands: str = ""
    money_unit: str = ROUBLES
    date_forms: tuple[str, ...] = ("ДД.ММ.ГГГГ",)
    month_forms: tuple[str, ...] = ("ММ.ГГГГ",)
    parts: tuple[Part, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    only: tuple[Only, ...] = ()
    on_duplicate: str = REFUSE

    def __post_init__(self) -> None:
        _check(self)

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the cells of a row that is read, in their order: of columns, of parts, of constants."""
        of_part = fields_of(self.parts[0]) if self.parts else ()
        return (*(column.field for column in self.columns), *of_part, *self.constants)

    @property
    def kind_of_lines(self) -> Kind:
        return KINDS[self.kind]

    @property
    def has_headings(self) -> bool:
        """Tell whether columns are found by name: by the first line, or because the container names them."""
        return self.headings or self.container in NAMED

    @property
    def widest_position(self) -> int:
        """Give how many cells the longest line may have, of a ragged file without headings; 0 when lines tell it."""
        if self.has_headings or not self.ragged:
            return 0
        return max(int(source) for column in _all_columns(self) for source in column.sources)

    @property
    def number_form(self) -> NumberForm:
        return number_form(self.decimal_mark, self.thousands)

    @property
    def dates(self) -> tuple[Form, ...]:
        return self._forms(DATE_FORMS, self.date_forms)

    @property
    def months(self) -> tuple[Form, ...]:
        return self._forms(MONTH_FORMS, self.month_forms)

    def _forms(self, forms: Mapping[str, Form], names: tuple[str, ...]) -> tuple[Form, ...]:
        """Give the forms of these names; cells that are days by their type are 2026-10-31 in whatever profile."""
        of_types = (ISO_DAY,) if self.container in TYPED else ()
        return tuple(forms[name] for name in dict.fromkeys((*names, *of_types)))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a profile that was kept, or that a screen has put together. Raises ProfileInvalid."""
        return _built(cls, data, "profile")

    def to_json(self) -> dict[str, Any]:
        """Give what `from_json` reads; what is as usual is left out."""
        return _without_defaults(self)


def fields_of(part: Part) -> tuple[str, ...]:
    return (*(column.field for column in part.columns), *part.constants)


# JSON: the names are those of the dataclasses, a tuple is a list.


def _built(cls: Callable[..., Any], data: Any, where: str) -> Any:
    """Make one of the dataclasses of this file."""
    if not isinstance(data, Mapping):
        raise ProfileInvalid(where, _NOT_SUCH, name=where)
    known = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for name in data:
        if name not in known:
            raise ProfileInvalid(where, _UNKNOWN, name=str(name)[:LONGEST_WORD])
    for name, its in known.items():
        if name not in data and its.default is its.default_factory is dataclasses.MISSING:
            raise ProfileInvalid(name, _MISSING, name=name)
    return cls(**{name: _READ[str(known[name].type)](value, name) for name, value in data.items()})


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_WORD or "\0" in value:
        raise ProfileInvalid(name, _NOT_SUCH, name=name)
    return value


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise ProfileInvalid(name, _NOT_SUCH, name=name)
    return value


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ProfileInvalid(name, _NOT_SUCH, name=name)
    return value


def _optional(read: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    return lambda value, name: None if value is None else read(value, name)


def _many(read: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    def read_all(value: Any, name: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) > MOST_COLUMNS:
            raise ProfileInvalid(name, _NOT_SUCH, name=name)
        return tuple(read(item, name) for item in value)

    return read_all


def _pairs(value: Any, name: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ProfileInvalid(name, _NOT_SUCH, name=name)
    return {_text(key, name): _text(item, name) for key, item in value.items()}


_READ: Mapping[str, Callable[[Any, str], Any]] = {
    "str": _text,
    "bool": _flag,
    "int": _whole,
    "int | None": _optional(_whole),
    "tuple[str, ...]": _many(_text),
    "Mapping[str, str]": _pairs,
    "Footer | None": _optional(lambda value, name: _built(Footer, value, name)),
    "tuple[Column, ...]": _many(lambda value, name: _built(Column, value, name)),
    "tuple[Part, ...]": _many(lambda value, name: _built(Part, value, name)),
    "tuple[Only, ...]": _many(lambda value, name: _built(Only, value, name)),
}


def _without_defaults(item: Any) -> Any:
    """Give a dataclass as JSON has it, without what is as usual."""
    if isinstance(item, tuple):
        return [_without_defaults(one) for one in item]
    if isinstance(item, Mapping):
        return dict(item)
    if not dataclasses.is_dataclass(item):
        return item
    return {
        its.name: _without_defaults(value)
        for its in dataclasses.fields(item)
        if (value := getattr(item, its.name)) != _default(its)
    }


def _default(its: dataclasses.Field[Any]) -> Any:
    return its.default_factory() if its.default_factory is not dataclasses.MISSING else its.default


# What cannot be.

_NOT_SUCH = _("В формате неверно записано «%(name)s».")
_UNKNOWN = _("В формате нет такого свойства: «%(name)s».")
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


def _check(profile: Profile) -> None:
    """Raises ProfileInvalid for what does not go together."""
    _check_choices(profile)
    _check_forms(profile)
    _check_fields(profile)
    for column in _all_columns(profile):
        _check_sources(profile, column.sources, column.field)
    for only in profile.only:
        _check_sources(profile, (only.source,), "only")
    if profile.footer:
        _check_footer(profile, profile.footer)


def _all_columns(profile: Profile) -> Iterable[Column]:
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
