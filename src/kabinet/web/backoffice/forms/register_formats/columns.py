"""The columns of a file, and fields that say which of them a value stands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.looking import Look
from kabinet.registers.formats.profile import MOST_COLUMNS, NAMED
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import Field

#: Types whose value may stand in several columns: a name in three, a month and a year.
JOINED = {kinds.TEXT: " ", kinds.IDENTIFIER: "/", kinds.MONTH: "."}
MOST_JOINED = 4
LONGEST_SAMPLE = 40


@dataclass(frozen=True)
class FileColumn:
    """A column of a file. position: from 1; heading: empty in a file without them; sample: the first that is there."""

    position: int
    heading: str
    sample: str

    @property
    def label(self) -> str:
        parts = [str(self.position), _cut(self.heading), f"«{_cut(self.sample)}»" if self.sample else ""]
        return " · ".join(filter(None, parts))


def columns_of(look: Look, *, headings: bool, comment: str) -> list[FileColumn]:
    """Name the columns of a file by what was seen of it."""
    lines = [cells for _line_no, cells in look.lines if any(cells) and not (comment and cells[0].startswith(comment))]
    names: Sequence[str] = ()
    if look.container in NAMED:
        names = look.headings
    elif headings and lines:
        names, *lines = lines
    width = max((len(cells) for cells in (names, *lines)), default=0)
    return [
        FileColumn(
            place + 1,
            names[place] if place < len(names) else "",
            next((cells[place] for cells in lines if place < len(cells) and cells[place].strip()), ""),
        )
        for place in range(min(width, MOST_COLUMNS))
    ]


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SAMPLE else f"{text[:LONGEST_SAMPLE]}…"


class ColumnsWidget(forms.SelectMultiple):
    """One select for each column that a field is put together of, and an empty one for the next."""

    template_name = "office/columns_widget.html"
    most = 1

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [str(each) for each in value or () if str(each)]
        empty = [""] if len(chosen) < self.most else []
        context["widget"] |= {"chosen": [*chosen, *empty], "choices": list(self.choices)}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [each for each in super().value_from_datadict(data, files, name) or () if each]


class ColumnsField(forms.TypedMultipleChoiceField):
    """Where a field stands in the file: no column, one, or several that are put together."""

    widget = ColumnsWidget

    def __init__(self, field: Field, columns: Sequence[FileColumn]) -> None:
        super().__init__(
            label=LABELS[field.name],
            choices=[(column.position, column.label) for column in columns],
            coerce=int,
            required=False,
        )
        self.is_needed = field.required  # asked for by the profile as a whole
        self.widget.most = MOST_JOINED if field.type in JOINED else 1
