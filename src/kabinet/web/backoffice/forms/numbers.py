"""Fields for numbers and days that stand in orders and acts, as people copy them from paper."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from kabinet.web.backoffice.forms.filters import DayField
from kabinet.web.ui import formats

ONE_DAY = dt.timedelta(days=1)
_SPACES = re.compile(r"[\s\u00a0\u202f]")


class NumberField(forms.DecimalField):
    """A number as people type it: with a comma or a point, with or without spaces between thousands."""

    default_error_messages = {
        "required": _("Введите число."),
        "invalid": _("«%(value)s» — не число. Введите его цифрами, например 9,624."),
        "max_decimal_places": _("После запятой слишком много знаков: их бывает не больше %(max)s."),
        "max_digits": _("Число слишком длинное. Проверьте его."),
        "max_whole_digits": _("Число слишком большое. Проверьте его."),
    }

    def __init__(self, *, places: int, digits: int = 12, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**({"max_digits": digits, "decimal_places": places, "widget": widget} | kwargs))

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = _SPACES.sub("", str(value or "")).replace(",", ".")
        if typed and not re.fullmatch(r"-?\d+(\.\d+)?", typed, re.ASCII):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})
        return super().to_python(typed)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return number_format(value.normalize() + 0, use_l10n=True, force_grouping=False)
        return value


class CountField(forms.IntegerField):
    """A small number of months."""

    default_error_messages = {
        "required": _("Введите число месяцев."),
        "invalid": _("Введите число месяцев цифрами, например 12."),
        "min_value": _("Меньше нуля не бывает."),
        "max_value": _("Это слишком много: введите не больше %(limit_value)s."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(min_value=0, max_value=120, widget=widget, **kwargs)


class LastDayField(DayField):
    """The last day of something, as people say it; the value is the day after, and None for no end."""

    def clean(self, value: Any) -> dt.date | None:
        last_day = super().clean(value)
        return last_day and last_day + ONE_DAY


class MonthsWidget(forms.MultiWidget):
    """Twelve short inputs, each named by its month."""

    template_name = "office/months_widget.html"
    use_fieldset = True

    def decompress(self, value: Sequence[Decimal] | None) -> list[Any]:
        return [*value] if value else [None] * 12

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for number, widget in enumerate(context["widget"]["subwidgets"], start=1):
            widget["label"] = formats.month_short(dt.date(2000, number, 1))
        return context


class MonthsField(forms.MultiValueField):
    """Numbers for January to December: those that were typed, None when none was."""

    def __init__(self, **kwargs: Any) -> None:
        fields = [NumberField(places=3, required=False) for _month in range(12)]
        widget = MonthsWidget([field.widget for field in fields])
        super().__init__(fields, required=False, require_all_fields=False, widget=widget, **kwargs)

    def compress(self, data_list: list[Decimal | None]) -> list[Decimal] | None:
        typed = [value for value in data_list if value is not None]
        return typed or None
