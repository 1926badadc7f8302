"""The form for the months of an act of reconciliation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.common.month import Month, months_between
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form


class StatementForm(Form):
    """From which month to which, both inclusive; gives them as ``since`` and ``last``."""

    since = forms.ChoiceField(label=_("С начала месяца"))
    last = forms.ChoiceField(label=_("По конец месяца"))

    def __init__(self, *args: Any, first: Month, this_month: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = list(months_between(first, this_month.next()))[::-1]
        choices = [(str(month), formats.month_words(month)) for month in months]
        self.fields["since"].choices = choices
        self.fields["last"].choices = choices

    def clean_since(self) -> Month:
        return Month.parse(self.cleaned_data["since"])

    def clean_last(self) -> Month:
        return Month.parse(self.cleaned_data["last"])

    def clean(self) -> dict[str, Any]:
        months = super().clean() or {}
        if "since" in months and "last" in months and months["since"] > months["last"]:
            raise forms.ValidationError(_("Первый месяц позже последнего. Поменяйте их местами."), code="order")
        return months
