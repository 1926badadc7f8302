"""The form of a question to support."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.queries import AccountCard
from kabinet.web.ui.forms import Form


class DisagreementForm(Form):
    """What is wrong with charges that are named by the page itself."""

    text = forms.CharField(
        label=_("С чем Вы не согласны"),
        max_length=4000,
        error_messages={"required": _("Напишите, что именно неверно и как, по-вашему, должно быть.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class AdditionForm(Form):
    """What the author of a question adds to it."""

    text = forms.CharField(
        label=_("Ваше сообщение"),
        max_length=4000,
        error_messages={"required": _("Напишите, что хотите добавить или уточнить.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class QuestionForm(Form):
    """What is asked, and about which account of the cabinet; gives ``account`` as (supplier_id, account_id) or None."""

    account = forms.ChoiceField(label=_("О каком счёте"), required=False)
    subject = forms.CharField(
        label=_("Тема"),
        max_length=120,
        error_messages={"required": _("Назовите тему в двух-трёх словах.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Вопрос"),
        max_length=4000,
        error_messages={"required": _("Напишите, что случилось или что Вы хотите узнать.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, accounts: Sequence[AccountCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys = {account.key: (account.supplier_id, account.id) for account in accounts}
        choices = [(account.key, f"{account.number} · {account.title}") for account in accounts]
        self.fields["account"].choices = [("", _("Вопрос о кабинете в целом")), *choices]
        if not accounts:
            del self.fields["account"]

    def clean_account(self) -> tuple[int, int] | None:
        return self._keys.get(self.cleaned_data["account"])

    def clean(self) -> dict[str, Any]:
        return {"account": None, **(super().clean() or {})}
