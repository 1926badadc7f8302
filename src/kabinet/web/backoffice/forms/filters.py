"""Forms of the lists: what to show, sent by GET, so that a list has an address."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.common.month import FIRST_YEAR, LAST_YEAR
from kabinet.payments.queries.office import SupplierChoice
from kabinet.web.ui.forms import Form

PAYMENT_STATES = [
    ("", _("Все")),
    ("intended", _("Связываемся с платёжной системой")),
    ("open", _("Ожидает оплаты")),
    ("held", _("Деньги заблокированы")),
    ("paid", _("Оплачено")),
    ("failed", _("Не оплачено")),
]


class SupplierField(forms.TypedChoiceField):
    """One of the suppliers of a member of staff; a stranger's is no choice."""

    def __init__(self, suppliers: Sequence[SupplierChoice], **kwargs: Any) -> None:
        choices = [("", _("Все")), *((supplier.id, supplier.name) for supplier in suppliers)]
        super().__init__(label=_("Поставщик"), choices=choices, coerce=int, empty_value=None, required=False, **kwargs)


class DayField(forms.DateField):
    """A day from the browser's calendar, in a year that months are counted in: a calendar lets 0026 be typed too."""

    default_error_messages = dict.fromkeys(("required", "invalid"), _("Укажите день, например 22.11.2026."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_YEAR <= day.year < LAST_YEAR:  # the day after the last one is a day as well
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class FilterForm(Form):
    """A form of a list; where there is one supplier, there is nothing to choose from."""

    def __init__(self, data: Any, *, suppliers: Sequence[SupplierChoice]) -> None:
        super().__init__(data)
        self._suppliers = suppliers
        if self.is_of_several:
            self.fields["supplier_id"] = SupplierField(suppliers)

    @property
    def is_of_several(self) -> bool:
        return len(self._suppliers) > 1

    @property
    def columns_without_use(self) -> set[str]:
        """Columns of a list that would say the same on each line."""
        return set() if self.is_of_several else {"supplier"}

    @property
    def supplier_ids(self) -> list[int]:
        """The suppliers whose rows the list may hold: the chosen one, or all of them."""
        chosen = self.wanted.get("supplier_id")
        return [chosen] if chosen else [supplier.id for supplier in self._suppliers]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was chosen, without what was left open; nothing at all while a field is wrong."""
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}


class PaymentFilterForm(FilterForm):
    text = forms.CharField(
        label=_("Номер счёта или платежа"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("Состояние"), choices=PAYMENT_STATES, required=False)
    started_on = DayField(label=_("Начат в день"), required=False)
    needs_person = forms.BooleanField(label=_("Только те, где нужен человек"), required=False)


REFUND_STATES = [
    ("", _("Все")),
    ("asked", _("Ждут второго сотрудника")),
    ("unsettled", _("В пути")),
    ("done", _("Возвращено")),
    ("failed", _("Не возвращено")),
]
PROPOSAL_STATES = [
    ("", _("Все")),
    ("waiting", _("Ждут второго сотрудника")),
    ("approved", _("Проведены")),
    ("declined", _("Отклонены")),
    ("withdrawn", _("Отозваны")),
    ("lapsed", _("Сняты")),
]
DAY_STATES = [("", _("Все")), ("open", _("Не сверены")), ("closed", _("Сверены"))]
SUSPENSE_STATES = [("", _("Ждут решения")), ("decided", _("Разобраны"))]


ACCRUAL_STATES = [
    ("", _("Все")),
    ("computing", _("Считаются")),
    ("ready", _("Ждут проверки")),
    ("posting", _("Проводятся")),
    ("released", _("Проведены")),
    ("cancelled", _("Отменены")),
]


class AccrualFilterForm(FilterForm):
    state = forms.ChoiceField(label=_("Состояние"), choices=ACCRUAL_STATES, required=False)


class RefundFilterForm(FilterForm):
    state = forms.ChoiceField(label=_("Состояние"), choices=REFUND_STATES, required=False)


class ProposalFilterForm(FilterForm):
    state = forms.ChoiceField(label=_("Состояние"), choices=PROPOSAL_STATES, required=False)


class DayFilterForm(FilterForm):
    state = forms.ChoiceField(label=_("Состояние"), choices=DAY_STATES, required=False)


class SuspenseFilterForm(FilterForm):
    state = forms.ChoiceField(label=_("Состояние"), choices=SUSPENSE_STATES, required=False)
