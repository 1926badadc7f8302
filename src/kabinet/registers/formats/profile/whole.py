"""A profile as a whole: how a file of one kind is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kabinet.registers.formats.forms import (
    DATE_FORMS,
    ISO_DAY,
    MONTH_FORMS,
    OF_LAST_CENTURY,
    Form,
    NumberForm,
    number_form,
)
from kabinet.registers.formats.profile.as_json import built, without_defaults
from kabinet.registers.formats.profile.checking import all_columns, check
from kabinet.registers.formats.profile.parts import (
    NAMED,
    REFUSE,
    ROUBLES,
    TEXT,
    TYPED,
    Column,
    Footer,
    Only,
    Part,
    fields_of,
)
from kabinet.registers.rules.kinds import KINDS, Kind


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
        check(self)

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
        return max(int(source) for column in all_columns(self) for source in column.sources)

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
        chosen = dict.fromkeys((*names, *of_types))
        older = (OF_LAST_CENTURY[name] for name in chosen if forms is DATE_FORMS and name in OF_LAST_CENTURY)
        return (*(forms[name] for name in chosen), *older)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a profile that was kept, or that a screen has put together. Raises ProfileInvalid."""
        return built(cls, data, "profile")

    def to_json(self) -> dict[str, Any]:
        """Give what `from_json` reads; what is as usual is left out."""
        return without_defaults(self)
