"""What a file is like before any of its columns means something."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kabinet.registers.formats.encodings import ENCODINGS
from kabinet.registers.formats.looking import Look
from kabinet.registers.formats.profile import DBF, MOST_SKIPPED, ONE_C, TEXT, XLSX, Profile
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
