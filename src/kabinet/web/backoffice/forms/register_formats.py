"""How a supplier's file is written, as a form: its shape, then which column of it is which field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kabinet.registers.formats.encodings import ENCODINGS
from kabinet.registers.formats.forms import DATE_FORMS, MONTH_FORMS
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.looking import Look
from kabinet.registers.formats.profile import (
    DBF,
    KOPECKS,
    MOST_COLUMNS,
    MOST_SKIPPED,
    NAMED,
    ONE_C,
    REFUSE,
    ROUBLES,
    SUM,
    TEXT,
    XLSX,
    Column,
    Footer,
    Profile,
    fields_of,
)
from kabinet.registers.formats.ready import READY
from kabinet.registers.formats.rows import normal
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import Field, Kind
from kabinet.suppliers.queries import ServiceCard
from kabinet.web.ui.forms import Form

TAB = "tab"
DELIMITERS = [
    (";", _("точка с запятой")),
    (",", _("запятая")),
    (TAB, _("табуляция")),
    ("|", _("черта |")),
    ("^", _("знак ^")),
    ("~", _("знак ~")),
    ("#", _("решётка #")),
    (":", _("двоеточие")),
]
QUOTES = [('"', _("двойных")), ("'", _("одинарных")), ("", _("кавычки — обычные знаки"))]
DECIMAL_MARKS = [(",", _("запятая")), (".", _("точка")), (",.", _("запятая или точка"))]
THOUSANDS = [
    ("", _("ничего")),
    (" ", _("пробел")),
    ("'", _("апостроф")),
    (".", _("точка")),
    (",", _("запятая")),
]
UNITS = [(ROUBLES, _("в рублях")), (KOPECKS, _("в копейках"))]
REPEATS = [(REFUSE, _("не принять обе")), (SUM, _("сложить"))]
#: Types whose value may stand in several columns: a name in three, a month and a year.
JOINED = {kinds.TEXT: " ", kinds.IDENTIFIER: "/", kinds.MONTH: "."}
MOST_JOINED = 4
#: What columns are often called, beside what formats that come with the portal call them.
USUAL_HEADINGS = {
    "number": ("лс", "л/с", "счет", "номер лс", "номер счета", "№ лс", "account"),
    "full_name": ("фио", "плательщик", "абонент"),
    "address": ("адрес",),
    "balance_rub": ("долг", "сальдо", "задолженность", "остаток"),
    "amount_rub": ("сумма", "начислено", "к оплате"),
    "period": ("период", "месяц"),
    "paid_on": ("дата", "дата платежа"),
    "operation_id": ("операция", "уип", "суип"),
    "residents_count": ("проживает", "жильцов", "прописано"),
    "area_m2": ("площадь",),
    "serial_number": ("счетчик", "номер прибора", "заводской номер"),
    "value_m3": ("показание",),
    "taken_on": ("дата", "дата снятия"),
}
LONGEST_SAMPLE = 40
COLUMN = "column_"


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


class ShapeForm(Form):
    """What the file is like before any of its columns means something: without this its lines cannot be shown."""

    encoding = forms.ChoiceField(label=_("Кодировка"), required=False)
    delimiter = forms.ChoiceField(label=_("Между колонками стоит"), required=False)
    quote = forms.ChoiceField(label=_("Тексты бывают в кавычках"), choices=QUOTES, required=False)
    sheet = forms.ChoiceField(label=_("Лист"), required=False)
    headings = forms.BooleanField(label=_("Первая строка — названия колонок"), required=False)
    skipped_lines = forms.IntegerField(
        label=_("Пропустить строк сверху"), min_value=0, max_value=MOST_SKIPPED, required=False
    )
    comment = forms.CharField(label=_("Не читать строки, которые начинаются с"), max_length=10, required=False)

    def __init__(self, data: Any, *, look: Look, profile: Profile | None) -> None:
        """data: what was sent; nothing before anybody has chosen: then it is as the profile says."""
        self._first = _first_shape(look, profile)
        super().__init__(data or self._first)
        found, delimiter = look.encoding or _now("не понять"), look.delimiter or _now("не понять")
        self.fields["encoding"].choices = [
            ("", _now("узнать по файлу: %(found)s") % {"found": found}),
            *((name, name) for name in ENCODINGS),
        ]
        kept = profile.delimiter if profile else ""
        known = [*DELIMITERS, *([(kept, kept)] if kept and kept != "\t" and kept not in dict(DELIMITERS) else [])]
        self.fields["delimiter"].choices = [
            ("", _now("узнать по файлу: %(found)s") % {"found": _now("табуляция") if delimiter == "\t" else delimiter}),
            *known,
        ]
        self.fields["sheet"].choices = [("", _now("единственный")), *((name, name) for name in look.sheets)]
        for name in set(self.fields) - _SHAPE_OF[look.container]:
            del self.fields[name]
        if len(look.sheets) < 2:
            self.fields.pop("sheet", None)

    @property
    def shape(self) -> dict[str, Any]:
        """What was chosen, by the names of a profile; what it was at first while something is wrong."""
        values = self.cleaned_data if self.is_valid() else self._first
        given = {name: values.get(name) for name in self.fields}
        shape: dict[str, Any] = {name: given.get(name) or "" for name in ("encoding", "quote", "sheet", "comment")}
        delimiter = given.get("delimiter") or ""
        return shape | {
            "delimiter": "\t" if delimiter == TAB else delimiter,
            "headings": bool(given.get("headings")),
            "skipped_lines": given.get("skipped_lines") or 0,
        }


def _first_shape(look: Look, profile: Profile | None) -> dict[str, Any]:
    """Give what the form shows at first; a format of another container says nothing of this file."""
    if profile is None or profile.container != look.container:
        return {"headings": True, "quote": '"', "sheet": look.sheets[0] if len(look.sheets) > 1 else ""}
    given = {name: getattr(profile, name) for name in ("encoding", "quote", "sheet", "headings", "comment")}
    return given | {
        "delimiter": TAB if profile.delimiter == "\t" else profile.delimiter,
        "skipped_lines": profile.skipped_lines or None,
    }


_SHAPE_OF: Mapping[str, frozenset[str]] = {
    TEXT: frozenset({"encoding", "delimiter", "quote", "headings", "skipped_lines", "comment"}),
    XLSX: frozenset({"sheet", "headings", "skipped_lines"}),
    DBF: frozenset({"encoding", "skipped_lines"}),
    ONE_C: frozenset({"encoding"}),
}


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


class MeaningForm(Form):
    """What the columns mean, and how numbers, days and totals are written."""

    name = forms.CharField(
        label=_("Название формата"),
        max_length=80,
        required=False,
        help_text=_("По нему Вы выберете этот формат в следующий раз."),
    )
    service_code = forms.ChoiceField(label=_("Услуга всех строк"), required=False)
    decimal_mark = forms.ChoiceField(label=_("Перед копейками и долями"), choices=DECIMAL_MARKS)
    thousands = forms.ChoiceField(label=_("Между тысячами"), choices=THOUSANDS, required=False)
    money_unit = forms.ChoiceField(label=_("Суммы"), choices=UNITS)
    date_forms = forms.MultipleChoiceField(
        label=_("Даты"), choices=[(name, name) for name in DATE_FORMS], widget=forms.CheckboxSelectMultiple
    )
    month_forms = forms.MultipleChoiceField(
        label=_("Месяцы"), choices=[(name, name) for name in MONTH_FORMS], widget=forms.CheckboxSelectMultiple
    )
    on_duplicate = forms.ChoiceField(label=_("Если счёт повторяется с той же услугой и месяцем"), choices=REPEATS)
    ragged = forms.BooleanField(
        label=_("В строках бывает меньше колонок, чем нужно: недостающие пустые"), required=False
    )
    footer_begins = forms.CharField(
        label=_("Строка итогов начинается с"),
        max_length=40,
        required=False,
        help_text=_("Если её в файле не окажется, он оборван, и мы его не примем."),
    )
    footer_count_at = forms.IntegerField(
        label=_("Число строк — в её колонке"), min_value=1, max_value=MOST_COLUMNS, required=False
    )
    footer_sum_at = forms.IntegerField(
        label=_("Сумма — в её колонке"), min_value=1, max_value=MOST_COLUMNS, required=False
    )
    footer_sum_field = forms.ChoiceField(label=_("Это сумма поля"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        kind: Kind,
        profile: Profile | None,
        name: str,
        columns: Sequence[FileColumn],
        services: Sequence[ServiceCard],
    ) -> None:
        """data: what was sent; before anything is, it is as the profile says. name: of a format yet without one."""
        super().__init__(data or _first_meaning(kind, profile, columns) | {"name": name})
        of_parts = set(fields_of(profile.parts[0])) if profile and profile.parts else set()
        self.kind = kind
        self.mapped = [field for field in kind.fields if field.name not in of_parts]
        for field in self.mapped:
            self.fields[COLUMN + field.name] = ColumnsField(field, columns)
        types = {field.type for field in kind.fields}
        names = {field.name for field in self.mapped}
        self.fields["service_code"].choices = [
            ("", _now("из колонки, иначе основная")),
            *((service.code, service.name) for service in services),
        ]
        self.fields["footer_sum_field"].choices = [
            ("", _now("не сверять")),
            *((field.name, LABELS[field.name]) for field in kind.fields if field.type == kinds.MONEY),
        ]
        for without, is_needed in (
            ("service_code", "service_code" in names),
            ("decimal_mark", bool(types & kinds.DECIMAL_TYPES)),
            ("thousands", bool(types & kinds.DECIMAL_TYPES)),
            ("money_unit", kinds.MONEY in types),
            ("footer_sum_at", kinds.MONEY in types),
            ("footer_sum_field", kinds.MONEY in types),
            ("date_forms", kinds.DATE in types),
            ("month_forms", kinds.MONTH in types),
        ):
            if not is_needed:
                del self.fields[without]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[COLUMN + field.name] for field in self.mapped]

    def fields_named(self, *names: str) -> list[forms.BoundField]:
        """Give those of the fields that a file of this kind has."""
        return [self[name] for name in names if name in self.fields]

    @property
    def number_fields(self) -> list[forms.BoundField]:
        return self.fields_named("decimal_mark", "thousands", "money_unit", "date_forms", "month_forms")

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return self.fields_named(
            "service_code",
            "on_duplicate",
            "ragged",
            "footer_begins",
            "footer_count_at",
            "footer_sum_at",
            "footer_sum_field",
        )


def _first_meaning(kind: Kind, profile: Profile | None, columns: Sequence[FileColumn]) -> dict[str, Any]:
    """Give what the form shows at first."""
    shown: dict[str, Any] = {COLUMN + field.name: _positions(field, profile, columns) for field in kind.fields}
    if profile is None:
        return shown | {
            "decimal_mark": ",.",
            "money_unit": ROUBLES,
            "date_forms": ["ДД.ММ.ГГГГ"],
            "month_forms": ["ММ.ГГГГ"],
            "on_duplicate": REFUSE,
        }
    names = ("decimal_mark", "thousands", "money_unit", "date_forms", "month_forms", "on_duplicate", "ragged")
    shown |= {name: getattr(profile, name) for name in names}
    shown["service_code"] = profile.constants.get("service_code", "")
    if profile.footer:
        shown |= {
            "footer_begins": profile.footer.begins,
            "footer_count_at": profile.footer.count_at,
            "footer_sum_at": profile.footer.sum_at,
            "footer_sum_field": profile.footer.sum_field,
        }
    return shown


def _positions(field: Field, profile: Profile | None, columns: Sequence[FileColumn]) -> list[int]:
    """Tell in which columns a field stands: by a profile, or by a heading that known formats have for it."""
    by_heading = {normal(column.heading): column.position for column in columns if column.heading}
    if profile is None:
        known = (by_heading[name] for name in _known_headings(field) if name in by_heading)
        return [position for position in [next(known, None)] if position]
    column = _column(profile, field)
    if column is None:
        return []
    if not profile.has_headings:
        return [int(source) for source in column.sources if int(source) <= len(columns)]
    return [by_heading[normal(source)] for source in column.sources if normal(source) in by_heading]


def _column(profile: Profile | None, field: Field) -> Column | None:
    columns = profile.columns if profile else ()
    return next((column for column in columns if column.field == field.name), None)


def _known_headings(field: Field) -> list[str]:
    """Name the headings that a field has in formats that come with the portal, and what we call it ourselves."""
    sources = [
        source
        for profile in READY
        if profile.has_headings
        for column in profile.columns
        if column.field == field.name and len(column.sources) == 1 and not column.after
        for source in column.sources
    ]
    return [normal(source) for source in [str(LABELS[field.name]), *sources, *USUAL_HEADINGS.get(field.name, ())]]


def profile_of(
    look: Look, shape: Mapping[str, Any], meaning: MeaningForm, columns: Sequence[FileColumn], base: Profile | None
) -> Profile:
    """Put a profile together of what was chosen; what the form does not show stays as `base` has it.

    Raises ProfileInvalid.
    """
    given = meaning.cleaned_data
    has_headings = shape["headings"] or look.container in NAMED
    names = {column.position: column.heading if has_headings else str(column.position) for column in columns}
    mapped = []
    for field in meaning.mapped:
        chosen, before = given[COLUMN + field.name], _column(base, field)
        if chosen:
            mapped.append(_chosen(field, tuple(names[position] for position in chosen), before))
        elif before and before.optional and not _positions(field, base, columns):
            mapped.append(before)  # this file has no such column; another one may have it
    constants = {name: text for name, text in (base.constants if base else {}).items() if name != "service_code"}
    if given.get("service_code") and not given[COLUMN + "service_code"]:
        constants["service_code"] = given["service_code"]
    footer = None
    if given["footer_begins"]:
        footer = Footer(
            given["footer_begins"],
            given["footer_count_at"],
            given.get("footer_sum_at"),
            given.get("footer_sum_field", ""),
        )
    written = {
        name: tuple(given[name]) if name.endswith("_forms") else given[name]
        for name in ("decimal_mark", "thousands", "money_unit", "date_forms", "month_forms", "on_duplicate", "ragged")
        if name in given
    }
    return Profile(
        name=given["name"].strip() or _now("Новый формат"),
        kind=meaning.kind.code,
        columns=tuple(mapped),
        container=look.container,
        footer=footer,
        parts=base.parts if base else (),
        only=base.only if base else (),
        constants=constants,
        **shape,
        **written,
    )


def _chosen(field: Field, sources: tuple[str, ...], before: Column | None) -> Column:
    """Give a column as it was chosen, with what it had before and the form does not show."""
    if before is None:
        return Column(field.name, sources, joint=JOINED.get(field.type, " "))
    return Column(field.name, sources, joint=before.joint, after=before.after, optional=before.optional)
