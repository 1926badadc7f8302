"""Forms about accounts of a cabinet."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.suppliers.queries import SupplierCard, SupplierOption
from kabinet.web.ui.forms import Form

_PROOF_FIELDS = {
    "meter_serial": (
        _("Заводской номер счётчика"),
        _("Последние 5 знаков номера, который выбит на корпусе счётчика."),
    ),
    "last_charge": (_("Сумма последнего начисления, ₽"), _("Из последней квитанции, с копейками: 1 234,56.")),
    "surname": (_("Фамилия плательщика"), _("Так, как она напечатана в квитанции.")),
}


def proof_field(supplier: SupplierCard, *, is_required: bool) -> forms.CharField:
    """Make the field for what this supplier accepts as a proof."""
    label, help_text = _PROOF_FIELDS[supplier.proof]
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    if supplier.proof == "last_charge":
        widget.attrs["inputmode"] = "decimal"
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=80,
        required=is_required,
        widget=widget,
        error_messages={"required": _("Заполните это поле: по нему мы узнаём владельца счёта.")},
    )


class AttachForm(Form):
    """Which supplier, which number; a proof as soon as the supplier is known and asks for one."""

    supplier = forms.TypedChoiceField(
        label=_("Поставщик"),
        coerce=int,
        error_messages={"required": _("Выберите поставщика из списка.")},
    )
    number = forms.CharField(
        label=_("Лицевой счет"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Введите номер лицевого счёта с квитанции.")},
    )

    def __init__(self, *args: Any, options: Sequence[SupplierOption], supplier: SupplierCard | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["supplier"].choices = [("", _("<не выбрана>")), *((option.id, option.name) for option in options)]
        if supplier is None:
            return
        self.fields["number"].help_text = supplier.number_hint
        if supplier.number_is_digits:
            self.fields["number"].widget.attrs["inputmode"] = "numeric"
        if supplier.asks_proof:
            self.fields["proof"] = proof_field(supplier, is_required=supplier.requires_proof)


class ProofForm(Form):
    """What proves that an account is one's own."""

    def __init__(self, *args: Any, supplier: SupplierCard, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["proof"] = proof_field(supplier, is_required=True)


class NameForm(Form):
    """What a person calls an account."""

    alias = forms.CharField(
        label=_("Название"),
        max_length=60,
        required=False,
        help_text=_("Видно только Вам. Без названия показываем адрес."),
        widget=forms.TextInput(attrs={"placeholder": _("Например, Дача")}),
    )
