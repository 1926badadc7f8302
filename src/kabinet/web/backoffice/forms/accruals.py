"""Forms of accrual: which month, and what a correction is about."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.common.month import Month
from kabinet.payments.queries.office import SupplierChoice
from kabinet.web.backoffice.forms.acts import AccountNumberField, NoteField
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form

MONTHS_BACK = 24


class PastMonthField(forms.TypedChoiceField):
    """A month that is over, newest first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=Month.parse, **kwargs)

    def end_with(self, last: Month) -> None:
        months = [last.plus(-back) for back in range(MONTHS_BACK)]
        self.choices = [(str(month), formats.month_words(month)) for month in months]


class OfSupplierForm(Form):
    """What is done for a supplier; where there is one only, there is nothing to choose."""

    supplier_id = forms.TypedChoiceField(label=_("Поставщик"), coerce=int)

    def __init__(self, *args: Any, suppliers: Sequence[SupplierChoice], last: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["supplier_id"]
        choice.choices = [(supplier.id, supplier.name) for supplier in suppliers]
        if len(suppliers) == 1:
            choice.initial, choice.widget = suppliers[0].id, forms.HiddenInput()
        for field in self.fields.values():
            if isinstance(field, PastMonthField):
                field.end_with(last)


class AccrualForm(OfSupplierForm):
    """A run of a month."""

    period = PastMonthField(label=_("За какой месяц"))


class CorrectionForm(OfSupplierForm):
    """A run that computes a released month anew."""

    for_period = PastMonthField(label=_("Какой месяц пересчитать"))
    reason = NoteField(
        label=_("Причина"),
        help_text=_("Её увидят абоненты рядом с перерасчётом."),
        error_messages={"required": _("Напишите причину перерасчёта: её увидят абоненты.")},
    )


class AccountNumberForm(Form):
    number = AccountNumberField()
