"""The form for the code of a paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.bills.formats import check_code
from kabinet.web.ui.forms import Form


class CheckForm(Form):
    """Takes a code as people type it, in any case, with or without dashes; gives it as it is kept."""

    code = forms.CharField(
        label=_("Код проверки"),
        max_length=60,
        help_text=_("16 знаков в низу справки, например 7K2M-9QXD-04TB-HN5R."),
        error_messages={"required": _("Введите код, который напечатан на справке.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = check_code.read(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                _("В коде 16 букв и цифр. Проверьте, все ли введены, и нет ли среди них лишних."), code="malformed"
            )
        return code
