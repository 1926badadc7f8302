"""Forms of staff and their roles."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.people.queries.invitations import Place
from kabinet.web.backoffice.forms.filters import FilterForm
from kabinet.web.cabinet.forms.people import email_field
from kabinet.web.ui.forms import Form


class MemberFilterForm(FilterForm):
    text = forms.CharField(
        label=_("Имя или почта"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Роль"), required=False)

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Все")), *roles]


class InviteForm(Form):
    """Whom to invite, and as what. A role of one place is no choice at another: the use-case says so."""

    email = email_field(_("Электронная почта"), autocomplete="off")
    place = forms.ChoiceField(label=_("Где"))
    role = forms.ChoiceField(
        label=_("Роль"),
        error_messages={"required": _("Выберите роль.")},
        help_text=_("Что какая роль может, показано в таблице ролей."),
    )

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(place.id or ""): place for place in places}
        roles = {role: label for place in places for role, label in place.roles}
        self.fields["role"].choices = [
            ("", _("Выберите")),
            *((role, label.capitalize()) for role, label in roles.items()),
        ]
        if len(places) > 1:
            self.fields["place"].choices = [(key, place.name) for key, place in self._places.items()]
            self.fields["place"].required = "" not in self._places
        else:
            del self.fields["place"]

    @property
    def given(self) -> dict[str, Any]:
        """Give what the use-case takes."""
        place = self._places.get(self.cleaned_data.get("place", "")) or next(iter(self._places.values()))
        return {"email": self.cleaned_data["email"], "role": self.cleaned_data["role"], "supplier_id": place.id}
