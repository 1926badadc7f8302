"""Forms of registers that come in: a file, why it is right, what to show, how far it may differ."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kabinet.payments.queries.office import SupplierChoice
from kabinet.registers import queries as registers
from kabinet.web.backoffice.forms.acts import NoteField
from kabinet.web.backoffice.forms.filters import FilterForm
from kabinet.web.backoffice.forms.numbers import NumberField
from kabinet.web.ui.forms import Form

OUTCOMES = [
    ("", _("Все, кроме строк без изменений")),
    ("new", _("Новые")),
    ("changed", _("Изменённые")),
    ("refused", _("Не принятые")),
    ("left", _("Не отменённые")),
]


def kind_choices() -> list[tuple[str, str]]:
    return [(code, capfirst(name)) for code, name in registers.kinds()]


class RegisterFilterForm(FilterForm):
    kind = forms.ChoiceField(label=_("О чём"), required=False)
    state = forms.ChoiceField(label=_("Состояние"), required=False)

    def __init__(self, data: Any, *, suppliers: Sequence[SupplierChoice]) -> None:
        super().__init__(data, suppliers=suppliers)
        self.fields["kind"].choices = [("", _("Все")), *kind_choices()]
        self.fields["state"].choices = [("", _("Все")), *((code, capfirst(name)) for code, name in registers.states())]


class LinesFilterForm(FilterForm):
    outcome = forms.ChoiceField(label=_("Какие строки"), choices=OUTCOMES, required=False)
    number = forms.CharField(
        label=_("Лицевой счёт"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "inputmode": "numeric"}),
    )


class UploadForm(Form):
    """A file of a supplier, and what it is about. The use-case looks at the file itself."""

    supplier_id = forms.TypedChoiceField(label=_("Поставщик"), coerce=int)
    kind = forms.ChoiceField(label=_("О чём этот файл"), error_messages={"required": _("Выберите, о чём файл.")})
    file = forms.FileField(
        label=_("Файл"),
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": _("Выберите файл.")},
        help_text=_("Текст с разделителями (CSV, TXT), XLSX, DBF или файл обмена 1С с банком, до 256 МиБ."),
    )

    def __init__(self, *args: Any, suppliers: Sequence[SupplierChoice], kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["supplier_id"]
        choice.choices = [(supplier.id, supplier.name) for supplier in suppliers]
        if len(suppliers) == 1:
            choice.initial, choice.widget = suppliers[0].id, forms.HiddenInput()
        known = [(code, name) for code, name in kind_choices() if code in kinds]
        self.fields["kind"].choices = [("", _("Выберите…")), *known]


class ApproveForm(Form):
    """Nothing but the press; beyond a limit, a few words why it is right. checked_at: of what the page has shown."""

    checked_at = forms.DateTimeField(widget=forms.HiddenInput)
    note = NoteField(
        label=_("Почему так и должно быть"),
        error_messages={"required": _("Реестр выходит за пределы обычного: напишите, почему так и должно быть.")},
    )

    def __init__(self, *args: Any, asks_note: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_note:
            self.fields["note"].required = False
            self.fields["note"].widget = forms.HiddenInput()


class RecallForm(Form):
    reason = NoteField(
        label=_("Почему отменяете"), error_messages={"required": _("Напишите, почему реестр отменяется.")}
    )


class LimitsForm(Form):
    sum_percent = NumberField(
        label=_("Сумма больше или меньше прошлой, %"), places=2, digits=6, help_text=_("Сравниваем суммы всех строк.")
    )
    sum_rub = NumberField(
        label=_("И разница больше, ₽"),
        places=2,
        digits=12,
        help_text=_("Меньшая разница реестр не остановит, сколько бы процентов она ни составила."),
    )
    count_percent = NumberField(label=_("Строк больше или меньше, %"), places=2, digits=6)
    lines_count = forms.IntegerField(
        label=_("И разница больше, строк"),
        min_value=0,
        max_value=1_000_000,
        help_text=_("Чтобы два новых абонента из двадцати не останавливали реестр."),
        error_messages={"required": _("Введите число.")},
    )
    line_rub = NumberField(
        label=_("Одна строка больше"), places=2, digits=12, help_text=_("Такая сумма бывает, когда потеряли запятую.")
    )
