"""Forms of the operator's suppliers: the card, and a direction of use of gas."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.web.backoffice.forms.settings import Count
from kabinet.web.ui.forms import Form

BILLINGS = [("kabinet", _("здесь: начисления считает эта программа")), ("external", _("у поставщика, реестрами"))]
NUMBER_CHECKS = [("none", _("нет")), ("mod11", _("по модулю 11")), ("luhn", _("алгоритм Луна"))]


def code_field(help_text: Any) -> forms.SlugField:
    return forms.SlugField(
        label=_("Код"),
        max_length=40,
        help_text=help_text,
        error_messages={
            "required": _("Придумайте код."),
            "invalid": _("Код состоит из латинских букв, цифр, дефиса и подчёркивания."),
        },
    )


class CardForm(Form):
    """What the installation writes on a supplier's card."""

    name = forms.CharField(
        label=_("Название"),
        max_length=120,
        help_text=_("Как поставщика знают абоненты: по нему его ищут при подключении счёта."),
        error_messages={"required": _("Впишите название.")},
    )
    full_name = forms.CharField(
        label=_("Полное название"),
        max_length=250,
        help_text=_("Как в уставе: с ним печатаются квитанции."),
        error_messages={"required": _("Впишите полное название.")},
    )
    inn = forms.CharField(
        label=_("ИНН"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Впишите ИНН.")},
    )
    kpp = forms.CharField(label=_("КПП"), max_length=9, required=False)
    billing = forms.ChoiceField(
        label=_("Где начисляют"),
        choices=BILLINGS,
        help_text=_("Если у поставщика своя расчётная программа, верны её суммы, а здесь ничего не считают."),
    )
    time_zone = forms.CharField(
        label=_("Часовой пояс"),
        max_length=40,
        initial="Europe/Moscow",
        error_messages={"required": _("Впишите часовой пояс, например Europe/Moscow.")},
    )
    form_name = forms.CharField(
        label=_("Название бланка"), max_length=40, required=False, help_text=_("например, 2А ГАЗ 012")
    )
    number_pattern = forms.CharField(
        label=_("Вид номера лицевого счёта"),
        max_length=120,
        initial=r"\d{6,12}",
        help_text=_("\\d — цифра, в скобках — сколько их: \\d{9} или от и до: \\d{6,12}."),
        error_messages={"required": _("Впишите вид номера, например \\d{9}: девять цифр.")},
    )
    number_length = Count(
        label=_("Длина номера"), required=False, min_value=1, max_value=40, help_text=_("Пусто — длина бывает разной.")
    )
    number_kept = forms.CharField(
        label=_("Знаки внутри номера"),
        max_length=8,
        required=False,
        help_text=_("Какие из знаков - . / входят в номер; остальные пропускаются."),
    )
    number_check = forms.ChoiceField(label=_("Контрольная цифра"), choices=NUMBER_CHECKS)
    number_example = forms.CharField(label=_("Пример номера"), max_length=40, required=False)


class AddForm(CardForm):
    code = code_field(_("Латинскими буквами, для команд и имён файлов: rassvet. Потом не меняется."))

    field_order = ("name", "full_name", "code")


class PurposeForm(Form):
    code = code_field(_("Им направление зовут в файлах приказов о ценах: cooking, heating. Потом не меняется."))
    name = forms.CharField(
        label=_("Название"),
        max_length=200,
        help_text=_("Как в приказе о ценах: «Приготовление пищи», «Отопление с другими нуждами»."),
        error_messages={"required": _("Впишите название.")},
    )
