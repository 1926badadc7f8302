"""Forms of the queue of readings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.web.ui.forms import Form


class DecisionForm(Form):
    """Whether a reading counts, and why it does not."""

    decision = forms.ChoiceField(choices=[("accept", ""), ("reject", "")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Почему не учитываем"),
        max_length=250,
        error_messages={"required": _("Напишите, почему показание не учтено: это увидит абонент.")},
        help_text=_("Это увидит абонент. Начните писать или выберите готовое."),
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off", "data-key": "r"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].required = not data or data.get("decision") == "reject"
