"""What the columns of a file mean, and how numbers, days and totals are written."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kabinet.registers.formats.forms import DATE_FORMS, MONTH_FORMS
from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.profile import KOPECKS, MOST_COLUMNS, REFUSE, ROUBLES, SUM, Profile, fields_of
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import Kind
from kabinet.suppliers.queries import ServiceCard
from kabinet.web.backoffice.forms.register_formats.columns import ColumnsField, FileColumn
from kabinet.web.backoffice.forms.register_formats.places import positions
from kabinet.web.ui.forms import Form

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
COLUMN = "column_"


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
        label=_("Даты"),
        choices=[(name, name) for name in DATE_FORMS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Отметьте, как в файле записаны даты.")},
    )
    month_forms = forms.MultipleChoiceField(
        label=_("Месяцы"),
        choices=[(name, name) for name in MONTH_FORMS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Отметьте, как в файле записаны месяцы.")},
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
    shown: dict[str, Any] = {COLUMN + field.name: positions(field, profile, columns) for field in kind.fields}
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
