"""The filter of the audit trail: who, what, to what, on which days."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.audit.queries import ACTIONS, Person
from kabinet.payments.queries.office import SupplierChoice
from kabinet.web.backoffice.forms.filters import DayField, FilterForm


class TrailForm(FilterForm):
    actor_id = forms.TypedChoiceField(label=_("Кто"), coerce=int, empty_value=None, required=False)
    action = forms.ChoiceField(
        label=_("Что"), required=False, choices=lambda: [("", _("Все действия")), *sorted(_labels(), key=_words)]
    )
    since = DayField(label=_("С дня"), required=False)
    until = DayField(label=_("По день"), required=False)
    subject = forms.RegexField(
        r"^[a-z_]+(:[A-Za-z0-9_-]+)?$",
        label=_("С чем"),
        required=False,
        max_length=80,
        help_text=_("как в столбце «С чем»: account:17, payment:5; или только account"),
        error_messages={"invalid": _("Напишите, как в столбце «С чем»: account:17.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any, *, suppliers: Sequence[SupplierChoice], people: Sequence[Person]) -> None:
        super().__init__(data, suppliers=suppliers)
        self.fields["actor_id"].choices = [("", _("Все")), *((person.id, person.name) for person in people)]


def _labels() -> list[tuple[str, str]]:
    return [(action, str(words)) for action, words in ACTIONS.items()]


def _words(choice: tuple[str, str]) -> str:
    return choice[1]
