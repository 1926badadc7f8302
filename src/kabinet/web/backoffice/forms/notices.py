"""Forms of notices: the list, and what is told to whom."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.notices.queries import NoticeCard
from kabinet.notices.rules import Audience
from kabinet.notices.usecases.save_notice import Wording
from kabinet.payments.queries.office import SupplierChoice
from kabinet.web.backoffice.forms.account_acts import ChosenField, LastDayField
from kabinet.web.backoffice.forms.filters import DayField, FilterForm
from kabinet.web.cabinet.forms.pay import SumField
from kabinet.web.ui.forms import Form

ONE_DAY = dt.timedelta(days=1)
STATES = [
    ("", _("Все")),
    ("draft", _("Черновики")),
    ("sending", _("Рассылаются")),
    ("sent", _("Отправлены")),
    ("stopped", _("Остановлены")),
]


class NoticeFilterForm(FilterForm):
    state = forms.ChoiceField(label=_("Состояние"), choices=STATES, required=False)


class NoticeForm(Form):
    """What is told, to whom, and which way; whoever sends notices of one supplier does not choose it."""

    supplier_id = ChosenField(label=_("Чьим абонентам"))
    subject = forms.CharField(
        label=_("Тема"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Напишите тему: с неё начинается и письмо, и сообщение в кабинете.")},
    )
    text = forms.CharField(
        label=_("Текст"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Пустая строка начинает новый абзац. Обращения и подписи добавлять не нужно."),
        error_messages={"required": _("Напишите, что сообщить.")},
    )
    locality = forms.CharField(label=_("Населённый пункт"), max_length=80, required=False)
    street = forms.CharField(
        label=_("Улица"), max_length=80, required=False, help_text=_("Достаточно части названия: «лесная».")
    )
    owes_from_rub = SumField(label=_("Долг от"), required=False)
    verification_until = DayField(label=_("Поверка счётчика кончается до"), required=False)
    unread_since = DayField(label=_("Показаний не передавали с"), required=False)
    has_letter = forms.BooleanField(label=_("Письмом"), required=False)
    has_banner = forms.BooleanField(label=_("В кабинете, над главной страницей счёта"), required=False)
    shown_from = DayField(label=_("Показывать с"), required=False)
    last_day = LastDayField(label=_("Показывать по"), required=False)
    is_mandatory = forms.BooleanField(
        label=_("Сообщить и тем, кто отказался от писем: этого требует закон"), required=False
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    AUDIENCE = ("locality", "street", "owes_from_rub", "verification_until", "unread_since")

    def __init__(
        self,
        data: Any = None,
        *,
        suppliers: Sequence[SupplierChoice],
        today: dt.date,
        notice: NoticeCard | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(notice) if notice else _new(today))
        choice = self.fields["supplier_id"]
        choice.choices = [(supplier.id, supplier.name) for supplier in suppliers]
        if len(suppliers) == 1:
            choice.widget, choice.initial = forms.HiddenInput(), suppliers[0].id

    @property
    def audience_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.AUDIENCE]

    @property
    def wording(self) -> Wording:
        given = self.cleaned_data
        return Wording(
            subject=given["subject"],
            text=given["text"],
            audience=Audience(**{name: given[name] for name in self.AUDIENCE}),
            has_letter=given["has_letter"],
            has_banner=given["has_banner"],
            shown_from=given["shown_from"],
            shown_until=given["last_day"],
            is_mandatory=given["is_mandatory"],
        )


class SendForm(Form):
    """The press that sends: with the draft and the number that its page showed."""

    seen_written_at = forms.DateTimeField(widget=forms.HiddenInput)
    seen_accounts = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def _new(today: dt.date) -> dict[str, Any]:
    return {
        "has_letter": True,
        "shown_from": today,
        "last_day": today + dt.timedelta(days=7),
        "request_id": uuid.uuid4(),
    }


def _initial(notice: NoticeCard) -> dict[str, Any]:
    return {
        **{name: getattr(notice.audience, name) for name in NoticeForm.AUDIENCE},
        "supplier_id": notice.supplier_id,
        "subject": notice.subject,
        "text": notice.text,
        "has_letter": notice.has_letter,
        "has_banner": notice.has_banner,
        "shown_from": notice.shown_from,
        "last_day": notice.last_day,
        "is_mandatory": notice.is_mandatory,
        "request_id": uuid.uuid4(),
    }
