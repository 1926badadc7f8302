"""Forms of questions: the list, a reply, who answers, and ready answers."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.payments.queries.office import SupplierChoice
from kabinet.support.queries import MINE, NOBODYS, Answerer, QuestionFilter, ReadyAnswer
from kabinet.web.backoffice.forms.account_acts import ChosenField
from kabinet.web.backoffice.forms.filters import FilterForm
from kabinet.web.ui.forms import Form

EVERY = "every"
STATES = [
    ("", _("Ждут ответа")),
    ("answered", _("Есть ответ")),
    ("closed", _("Закрыты")),
    (EVERY, _("Все")),
]
WHOSE = [("", _("Все")), (MINE, _("Мои")), (NOBODYS, _("Ничьи"))]
ANSWER, ANSWER_AND_CLOSE, NOTE, FILL = "answer", "answer_and_close", "note", "fill"


class QuestionFilterForm(FilterForm):
    """What the list shows. Who looks for one by its number or its author means it whatever has become of it."""

    text = forms.CharField(
        label=_("Номер, счёт, имя или тема"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("Состояние"), choices=STATES, required=False)
    whose = forms.ChoiceField(label=_("Кто занимается"), choices=WHOSE, required=False)

    def __init__(self, data: Any, **kwargs: Any) -> None:
        if data.get("text") and not data.get("state"):
            data = data.copy()
            data["state"] = EVERY
        super().__init__(data, **kwargs)

    @property
    def chosen(self) -> QuestionFilter:
        wanted = {**self.wanted}
        state = wanted.pop("state", "waiting")
        return QuestionFilter(state=None if state == EVERY else state, **wanted)


class ReplyForm(Form):
    """What staff write in a question, and which of its buttons they press."""

    text = forms.CharField(
        label=_("Ответ"),
        max_length=4000,
        error_messages={"required": _("Напишите текст сообщения.")},
        widget=forms.Textarea(attrs={"rows": 8, "data-key": "r"}),
    )
    template_id = forms.TypedChoiceField(label=_("Готовый ответ"), coerce=int, empty_value=None, required=False)
    seen_message_id = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    act = forms.ChoiceField(
        choices=[(name, "") for name in (ANSWER, ANSWER_AND_CLOSE, NOTE, FILL)], widget=forms.HiddenInput
    )

    def __init__(self, data: Any = None, *, templates: Sequence[ReadyAnswer], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["text"].required = not data or data.get("act") != FILL
        choices = [("", _("<не выбран>")), *((template.id, template.title) for template in templates)]
        self.fields["template_id"].choices = choices

    def has_seen(self, message_id: int) -> None:
        """Let the form, shown again, go out with what its page shows now."""
        self.data = {**self.data.dict(), "seen_message_id": message_id}


class AssignForm(Form):
    assignee_id = forms.TypedChoiceField(label=_("Сотрудник"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, answerers: Sequence[Answerer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Никто")), *((answerer.id, answerer.name) for answerer in answerers)]
        self.fields["assignee_id"].choices = choices


class ReadyAnswerForm(Form):
    title = forms.CharField(
        label=_("Название"),
        max_length=80,
        help_text=_("По нему ответ выбирают из списка."),
        error_messages={"required": _("Назовите ответ.")},
    )
    text = forms.CharField(
        label=_("Ответ"),
        max_length=4000,
        help_text=_("[имя], [лицевой счёт], [поставщик] и [номер обращения] заменятся сами."),
        error_messages={"required": _("Напишите ответ.")},
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class NewReadyAnswerForm(ReadyAnswerForm):
    """A new one: also whose questions it answers. 0 stands for those about the cabinet as a whole."""

    supplier_id = ChosenField(label=_("Для обращений"))

    field_order = ("supplier_id", "title", "text")

    def __init__(
        self, *args: Any, suppliers: Sequence[SupplierChoice], is_of_installation: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        of_cabinet = [(0, _("о кабинете в целом"))] if is_of_installation else []
        choice = self.fields["supplier_id"]
        choice.choices = of_cabinet + [(supplier.id, supplier.name) for supplier in suppliers]
        if len(choice.choices) == 1:
            choice.widget, choice.initial = forms.HiddenInput(), choice.choices[0][0]

    def clean_supplier_id(self) -> int | None:
        return self.cleaned_data["supplier_id"] or None
