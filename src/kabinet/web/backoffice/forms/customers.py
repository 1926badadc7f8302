"""The box in which staff find a customer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.rules.search import LONGEST
from kabinet.web.ui.forms import Form


class CustomerForm(Form):
    text = forms.CharField(
        label=_("Что назвал абонент"),
        error_messages={"required": _("Введите номер, фамилию, адрес — что назвали.")},
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "type": "search", "autofocus": True, "data-key": "/"}
        ),
    )
