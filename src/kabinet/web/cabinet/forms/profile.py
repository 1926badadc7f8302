"""The form of «Мои данные»."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kabinet.web.ui.forms import Form


def name_field(label: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=100, widget=forms.TextInput(attrs={"autocomplete": autocomplete})
    )


class ProfileForm(Form):
    surname = name_field(_("Фамилия"), "family-name")
    given_name = name_field(_("Имя"), "given-name")
    patronymic = name_field(_("Отчество"), "additional-name")
    phone = forms.CharField(
        label=_("Телефон"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "placeholder": "+7 912 345-67-89"}
        ),
    )
    language = forms.ChoiceField(
        label=_("Язык писем"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите, на каком языке писать Вам.")},
    )
