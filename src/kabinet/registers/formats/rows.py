"""From the cells of a line to the fields of a profile."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import itemgetter

from django.utils.translation import gettext as _

from kabinet.registers.formats.containers.lines import FileRefused, PlainLines, shortened
from kabinet.registers.formats.containers.one_c import CAME
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.profile import NAMED, ONE_C, Column, Part, Profile, fields_of
from kabinet.registers.formats.profile.checking import all_columns

#: Signs that nobody sees, and that turn what is around them: spaces without width, marks of direction.
_UNSEEN = r"\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_CONTROL = re.compile(rf"[\x00-\x1f\x7f{_UNSEEN}]")
#: What a cell is looked at for, in lines that COPY could take: an end of a line there is none of a cell.
_SECOND_LOOK = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f\\{_UNSEEN}]|(?:^|[\t\n])[=']|(?:^|\n)\t")
_ZERO = re.compile(r"[\s0.,]*")
#: A spreadsheet takes a cell with an apostrophe for text; programs write it before signs that would begin a formula.
_DEFUSED = re.compile(r"'(?=[=+\-@\d])")
_HEADINGS_SHOWN = 20


class LineBroken(Exception):
    """A line that cannot be read. column: label of the field that it is about, "" for the whole line."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = shortened(value)
        self.reason = reason


class Layout:
    """Where the fields of a profile stand in the lines of one file.

    width      how many cells a line has
    constants  the last cells of every row
    """

    def __init__(self, profile: Profile, *, headings: Sequence[str] | None, width: int, line_no: int) -> None:
        """headings: None when columns are known by position; line_no: of the line that they stand in.

        Raises FileRefused when a column is not there.
        """
        self._profile = profile
        self._line_no = line_no
        self._headings = headings
        self._places = None if headings is None else _places(headings)
        self.width = width
        self.constants = tuple(profile.constants.values())
        self._columns = [self._extractor(column) for column in profile.columns]
        self._parts = [_PartOf(part, [self._extractor(column) for column in part.columns]) for part in profile.parts]
        self._part_fields = fields_of(profile.parts[0]) if profile.parts else ()
        self._only = [(self._find(only.source), only.text) for only in profile.only]
        self._prepare_at_once()

    def take_lines(self, plain: PlainLines) -> list[str] | None:
        """Give plain lines as COPY takes them, without constants; None when they need a look one by one."""
        lines: Iterable[str] = plain.lines
        delimiter = plain.delimiter
        counts = set(map(str.count, lines, repeat(delimiter)))
        has_end = counts == {self.width} and all(map(str.endswith, lines, repeat(delimiter)))
        if self._at_once is None or not (counts == {self.width - 1} or has_end):
            return None
        if self._is_as_written and not has_end:
            return "\n".join(lines).replace(delimiter, "\t").split("\n")
        if self._lacks_columns and not has_end:
            lines = map(str.__add__, lines, repeat(delimiter))
        # Nothing is kept of a line but what comes out: a hundred thousand lists would be walked by the collector.
        return list(map("\t".join, map(self._at_once, map(str.split, lines, repeat(delimiter)))))

    def take_rows(self, rows: Sequence[Sequence[str]]) -> list[str] | None:
        """The same of lines that are cut into cells; None as well when a cell asks for a second look."""
        if self._at_once is None or not rows or set(map(len, rows)) != {self.width}:
            return None
        wide = [[*row, ""] for row in rows] if self._lacks_columns else rows
        joined = list(map("\t".join, map(self._at_once, wide)))
        text = "\n".join(joined)
        is_whole = text.count("\t") == len(rows) * (len(self._profile.columns) - 1)
        if not is_whole or text.count("\n") != len(rows) - 1 or _SECOND_LOOK.search(text):
            return None
        return joined

    def take(self, row: Sequence[str]) -> Iterator[Sequence[str]]:
        """Give the fields of a line, without constants: once, or once for each of its parts.

        Gives nothing for a line that is none of this register's. Raises LineBroken.
        """
        row = self._of_width(row)
        if any(row[place].strip() != text for place, text in self._only):
            self._refuse_returned(row)
            return
        common = [extract(row) for extract in self._columns]
        if not self._parts:
            yield common
            return
        present = [values for part in self._parts if (values := part.take(row)) is not None]
        if not present:
            raise LineBroken("", " ".join(row), _("в строке нет ни одной услуги с суммой"))
        for values in present:
            yield [*common, *(values[name] for name in self._part_fields)]

    def _refuse_returned(self, row: Sequence[str]) -> None:
        """Refuse what went out of a bank account with the number of a customer: most likely a payment that went back.

        What else a supplier pays is none of this register's. Raises LineBroken.
        """
        if self._profile.container != ONE_C or not any(text == CAME for _place, text in self._only):
            return
        for column, extract in zip(self._profile.columns, self._columns, strict=True):
            if column.field == "number" and (number := extract(row)):
                raise LineBroken(
                    str(LABELS["number"]),
                    number,
                    _(
                        "это списание со счёта поставщика, оплаты в нём нет; если банк вернул оплату абоненту, "
                        "исправьте долг реестром остатков или корректировкой на карточке счёта"
                    ),
                )

    def _of_width(self, row: Sequence[str]) -> Sequence[str]:
        if len(row) > self.width and any(cell.strip() for cell in row[self.width :]):
            raise LineBroken("", " ".join(row), self._width_words(len(row)))
        if len(row) < self.width:
            if not self._profile.ragged:
                raise LineBroken("", " ".join(row), self._width_words(len(row)))
            return [*row, *[""] * (self.width - len(row))]
        return row

    def _width_words(self, found: int) -> str:
        return _("колонок %(found)s, а должно быть %(wanted)s") % {"found": found, "wanted": self.width}

    def _prepare_at_once(self) -> None:
        """Find out whether lines can be taken without a look at each."""
        self._at_once: Callable[[Sequence[str]], Sequence[str]] | None = None
        columns = self._profile.columns
        found = [self._place(column, column.sources[0]) for column in columns]
        self._lacks_columns = None in found
        # A column that may be absent and is, is an empty cell after the last one.
        places = [self.width if place is None else place for place in found]
        self._is_as_written = places == list(range(self.width))
        is_simple = not any(len(column.sources) > 1 or column.after for column in columns)
        if is_simple and len(columns) > 1 and not (self._parts or self._only):
            self._at_once = itemgetter(*places)

    def _extractor(self, column: Column) -> Callable[[Sequence[str]], str]:
        label = str(LABELS[column.field])
        found = [place for source in column.sources if (place := self._place(column, source)) is not None]
        after = _after(column.after) if column.after else None

        def extract(row: Sequence[str]) -> str:
            cells = [_checked(row[place], label) for place in found]
            text = cells[0] if len(cells) == 1 else column.joint.join(cell.strip() for cell in cells if cell.strip())
            if after is None:
                return text
            found_words = list(dict.fromkeys(match[1].rstrip(".,;)") for match in after.finditer(text)))
            if column.field == "number" and len(found_words) > 1:
                raise LineBroken(
                    label, text, _("названо несколько лицевых счетов: проведите по каждому его часть отдельной строкой")
                )
            return found_words[0] if found_words else ""

        return extract

    def _place(self, column: Column, source: str) -> int | None:
        """Find one of a field's columns; None for one that may be absent, and is. Raises FileRefused."""
        is_there = int(source) <= self.width if self._places is None else normal(source) in self._places
        return None if column.optional and not is_there else self._find(source)

    def _find(self, source: str) -> int:
        """Raises FileRefused for a column that is not there, or there twice."""
        if self._places is None:
            place = int(source) - 1
            if place < self.width:
                return place
            words = _("Нужна колонка %(column)s, а в строке их %(width)s.")
            raise FileRefused(words % {"column": source, "width": self.width}, self._line_no)
        places = self._places.get(normal(source), [])
        if len(places) == 1:
            return places[0]
        if places:
            words = _("Колонок с названием «%(column)s» несколько.")
            raise FileRefused(words % {"column": shortened(source)}, self._line_no)
        known = ", ".join(f"«{shortened(heading)}»" for heading in (self._headings or ())[:_HEADINGS_SHOWN])
        words = _("Нет колонки «%(column)s». В файле: %(known)s.") % {"column": source, "known": known}
        if self._names_none():
            words += " " + _("Если названия колонок стоят ниже, укажите в формате, сколько строк пропустить сверху.")
        raise FileRefused(words, self._line_no)

    def _names_none(self) -> bool:
        """Tell whether no column at all is in a line that should name them: most likely it is another line."""
        sources = [normal(source) for column in all_columns(self._profile) for source in column.sources]
        return self._profile.container not in NAMED and not any(source in (self._places or {}) for source in sources)


class _PartOf:
    """A part and how to take its columns from a line."""

    def __init__(self, part: Part, extractors: Sequence[Callable[[Sequence[str]], str]]) -> None:
        self._part = part
        self._extractors = extractors

    def take(self, row: Sequence[str]) -> Mapping[str, str] | None:
        """Give values by field; None when the last column is empty or nought."""
        values = [extract(row) for extract in self._extractors]
        if _ZERO.fullmatch(values[-1]):
            return None
        names = (column.field for column in self._part.columns)
        return {**dict(zip(names, values, strict=True)), **self._part.constants}


def normal(heading: str) -> str:
    """Write a heading as headings are compared: without case, quotes, unseen spaces; «ё» as «е», «³» as «3»."""
    return " ".join(heading.strip("\ufeff\"' ").split()).casefold().replace("ё", "е").replace("³", "3")


def _places(headings: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        places.setdefault(normal(heading), []).append(place)
    return places


def _after(labels: Sequence[str]) -> re.Pattern[str]:
    """Find the word after one of the labels: of «Л/с № 702062012, газ» after «л/с» it is «702062012,»."""
    words = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})[\s:№#]*(?:(?:{words})[\s:№#]*)*(\S+)", re.IGNORECASE)


def _checked(cell: str, label: str) -> str:
    """Raises LineBroken for what no value of a register is."""
    if cell.startswith("="):
        raise LineBroken(label, cell, _("формула или ошибка таблицы вместо значения"))
    if _CONTROL.search(cell):
        raise LineBroken(label, cell, _("внутри значения перенос строки, табуляция или невидимый знак"))
    return _DEFUSED.sub("", cell, count=1) if cell.startswith("'") else cell
