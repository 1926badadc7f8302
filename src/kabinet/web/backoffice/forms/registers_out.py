"""Forms of registers that go out: what to show, how a supplier has its files, what came back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import SupplierChoice
from kabinet.registers import queries as registers
from kabinet.registers.queries import DispatchCard
from kabinet.web.backoffice.forms.filters import DayField, FilterForm
from kabinet.web.ui.forms import Form

LONGEST_KEY = 10_000
CONFIRMATIONS = [("acknowledged", _("Подтверждён поставщиком")), ("unacknowledged", _("Ещё не подтверждён"))]
#: The fields that one way alone reads; with another they are left as they were.
OF_WAY = {"sftp": ("host", "port", "user_name", "folder", "password", "private_key"), "email": ("email",)}
OF_RHYTHM = {"weekly": ("weekday",), "monthly": ("month_day",)}


class OutgoingFilterForm(FilterForm):
    kind = forms.ChoiceField(label=_("О чём"), required=False)
    state = forms.ChoiceField(label=_("Состояние"), required=False)
    made_from = DayField(label=_("Составлен с"), required=False)
    made_until = DayField(label=_("Составлен по"), required=False)

    def __init__(self, data: Any, *, suppliers: Sequence[SupplierChoice]) -> None:
        super().__init__(data, suppliers=suppliers)
        self.fields["kind"].choices = [("", _("Все")), *_capitalised(registers.outgoing_kinds())]
        self.fields["state"].choices = [("", _("Все")), *_capitalised(registers.outgoing_states()), *CONFIRMATIONS]


class SecretArea(forms.Textarea):
    """A few lines that are never written back into a page."""

    def format_value(self, value: Any) -> None:
        return None


class HourField(forms.TypedChoiceField):
    """From which hour of the day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)], **kwargs)


class DispatchForm(Form):
    """How files of a kind leave. What belongs to another way or rhythm than the chosen one is neither asked nor judged.

    What one signs in with is never shown again: left empty, it stays as it is.
    """

    container = forms.ChoiceField(label=_("Вид файла"))
    encoding = forms.ChoiceField(
        label=_("Кодировка"), help_text=_("Для CSV. У книги Excel она своя, файл 1С всегда в Windows-1251.")
    )
    since = DayField(
        label=_("Передавать начиная с"),
        required=False,
        help_text=_("Что было до этого дня, у Вас уже есть. Пусто — передать всё."),
    )
    contacts_basis = forms.CharField(
        label=_("По какому документу Вам передают почту и телефоны"),
        max_length=250,
        help_text=_("Договор или поручение, номер и дата. Без него контакты абонентов не уходят."),
        error_messages={"required": _("Контакты абонентов уходят только по документу: впишите его номер и дату.")},
    )
    rhythm = forms.ChoiceField(label=_("Когда составлять"))
    weekday = forms.TypedChoiceField(
        label=_("День недели"), coerce=int, choices=[(number, capfirst(name)) for number, name in WEEKDAYS.items()]
    )
    month_day = forms.IntegerField(
        label=_("Число месяца"),
        min_value=1,
        max_value=31,
        help_text=_("31 — последний день любого месяца."),
        error_messages={
            "required": _("Введите число месяца, от 1 до 31."),
            "invalid": _("Введите число месяца цифрами, от 1 до 31."),
            "min_value": _("Число месяца бывает от 1 до 31."),
            "max_value": _("Число месяца бывает от 1 до 31."),
        },
    )
    hour = HourField(label=_("Не раньше"))
    way = forms.ChoiceField(
        label=_("Как передавать"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите, как передавать.")},
    )
    host = forms.CharField(
        label=_("Сервер"),
        max_length=253,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "sftp.example.ru", "spellcheck": "false"}),
        error_messages={"required": _("Введите имя или адрес сервера.")},
    )
    port = forms.IntegerField(
        label=_("Порт"),
        min_value=1,
        max_value=65535,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Введите порт; обычно это 22."),
            "invalid": _("Порт — это число, обычно 22."),
            "min_value": _("Порт бывает от 1 до 65535."),
            "max_value": _("Порт бывает от 1 до 65535."),
        },
    )
    user_name = forms.CharField(
        label=_("Имя на сервере"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Введите имя, под которым кабинет входит на сервер.")},
    )
    password = forms.CharField(
        label=_("Пароль"),
        required=False,
        strip=False,
        max_length=250,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    private_key = forms.CharField(
        label=_("или закрытый ключ"),
        required=False,
        strip=False,
        max_length=LONGEST_KEY,
        widget=SecretArea(attrs={"rows": "3", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Целиком, как в файле OpenSSH: от строки BEGIN до строки END."),
    )
    folder = forms.CharField(
        label=_("Папка"),
        max_length=250,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "/incoming", "spellcheck": "false"}),
        help_text=_("Она уже должна быть на сервере. Пусто — та, в которую попадают при входе."),
    )
    email = forms.EmailField(
        label=_("Куда присылать"),
        error_messages={
            "required": _("Введите адрес почты."),
            "invalid": _("Проверьте адрес: он пишется как name@example.ru."),
        },
    )

    def __init__(self, data: Any, *, dispatch: DispatchCard) -> None:
        super().__init__(data, initial={name: getattr(dispatch, name, None) for name in type(self).base_fields})
        self._dispatch = dispatch
        self.fields["container"].choices = registers.containers_of(dispatch.kind)
        self.fields["encoding"].choices = registers.encodings()
        self.fields["rhythm"].choices = _capitalised(registers.rhythms())
        self.fields["way"].choices = _capitalised(registers.ways_of(dispatch.kind))
        if registers.has_contacts(dispatch.kind):
            self.fields["contacts_basis"].required = dispatch.kind == "contacts"
        else:
            del self.fields["contacts_basis"]
        if dispatch.kind in ("payments", "contacts"):
            del self.fields["since"]
        if dispatch.has_secret:
            self.fields["password"].help_text = _("Записан и больше не показывается. Пусто — оставить прежний.")

    def clean(self) -> dict[str, Any]:
        """Leave what is not asked as it was, whatever stands in it."""
        cleaned = super().clean() or self.cleaned_data
        for chosen, fields_of in (("way", OF_WAY), ("rhythm", OF_RHYTHM)):
            for value, names in fields_of.items():
                if cleaned.get(chosen) != value:
                    self._leave(names)
        if cleaned.get("password") and cleaned.get("private_key"):
            self.add_error("private_key", _("Введите либо пароль, либо ключ: вход один."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What `save_dispatch` takes; what files of the kind have not is as it was."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("password", "private_key")}
        return {"since": None, "contacts_basis": "", **given, "secret": self._secret}

    def refuse(self, refusal: Refusal) -> None:
        """Show what is wrong with what one signs in with where it was typed."""
        if refusal.field == "secret":
            self.add_error("private_key" if self.cleaned_data.get("private_key") else "password", str(refusal))
        else:
            super().refuse(refusal)

    @property
    def _secret(self) -> str:
        """What was typed to sign in with; empty: what is known stays."""
        return self.cleaned_data["password"] or self.cleaned_data["private_key"]

    def _leave(self, names: Sequence[str]) -> None:
        for name in names:
            self.errors.pop(name, None)
            before = self.initial[name]
            self.cleaned_data[name] = "" if before is None else before


class BookedForm(Form):
    """A file of the supplier: which payments are on its books."""

    file = forms.FileField(
        label=_("Файл поставщика"),
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": _("Выберите файл.")},
        help_text=_("CSV с колонками «Наш номер платежа», «Лицевой счёт» и «Сумма»."),
    )


def _capitalised(choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, capfirst(name)) for code, name in choices]
