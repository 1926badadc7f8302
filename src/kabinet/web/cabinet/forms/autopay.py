"""The form by which somebody agrees to a standing order."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.web.cabinet.forms.pay import SumField
from kabinet.web.ui.forms import Form


class AutopayForm(Form):
    first_sum_rub = SumField(label=_("Первый платёж"))
    day = forms.TypedChoiceField(label=_("Списывать каждого месяца"), coerce=int)
    cap_rub = SumField(label=_("Не больше за раз"))
    agrees = forms.BooleanField(
        label=_("Согласен на автоплатёж"),
        error_messages={"required": _("Без согласия автоплатёж не включить: прочитайте его и отметьте поле.")},
    )
    consent_version = forms.IntegerField(widget=forms.HiddenInput)
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].choices = [(day, _("%(day)s-го числа") % {"day": day}) for day in range(1, 29)]

    def clean_first_sum_rub(self) -> Decimal:
        return self._above_zero("first_sum_rub")

    def clean_cap_rub(self) -> Decimal:
        return self._above_zero("cap_rub")

    def _above_zero(self, name: str) -> Decimal:
        if self.cleaned_data[name] <= 0:
            raise forms.ValidationError(_("Сумма должна быть больше нуля."))
        return self.cleaned_data[name]
