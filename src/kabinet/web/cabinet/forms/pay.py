"""Forms of «Оплата онлайн»: they read sums and readings as people type them; use-cases decide what is allowed."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.queries import AccountCard
from kabinet.common.money import parse_rub
from kabinet.common.month import Month
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.payments.queries.baskets import Wish
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form

#: Payments are kept for five years at least, and shown as long.
YEARS_BACK = 6


class SumField(forms.Field):
    """A sum as people type it: with a comma or a point, with or without kopecks."""

    default_error_messages = {
        "required": _("Укажите сумму."),
        "invalid": _("Укажите сумму в рублях и копейках, например 1500 или 1500,50."),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off", "maxlength": "20"}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return number_format(value, decimal_pos=2, use_l10n=True, force_grouping=False)
        return value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not value.strip():
            return None
        try:
            return parse_rub(value)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class PayForm(Form):
    """The press of «Оплатить»: what was shown, which press it is, and which of the buttons."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    shown_amount_rub = SumField(widget=forms.HiddenInput)
    knows_of_recent = forms.BooleanField(required=False, widget=forms.HiddenInput)
    pay = forms.ChoiceField(choices=[("1", ""), ("sbp", "")], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["method"] = "sbp" if cleaned.pop("pay", "") == "sbp" else ""
        return cleaned


class BasketForm(Form):
    """Which accounts to pay, and how much on each: the whole debt where no sum is typed."""

    def __init__(self, data: Any, *, accounts: Sequence[AccountCard], debtors: Collection[str]) -> None:
        super().__init__(data)
        self.accounts = accounts
        for account in accounts:
            self.fields[f"pay_{account.key}"] = forms.BooleanField(
                label=account.title, required=False, initial=account.key in debtors
            )
            self.fields[f"sum_{account.key}"] = SumField(label=_("Своя сумма"), required=False)

    @property
    def rows(self) -> list[tuple[AccountCard, forms.BoundField, forms.BoundField]]:
        return [(account, self[f"pay_{account.key}"], self[f"sum_{account.key}"]) for account in self.accounts]

    @property
    def chosen(self) -> list[AccountCard]:
        return [account for account in self.accounts if self.cleaned_data[f"pay_{account.key}"]]

    @property
    def wishes(self) -> list[Wish]:
        made = []
        for account in self.chosen:
            own_sum_rub = self.cleaned_data[f"sum_{account.key}"]
            mode = "debt" if own_sum_rub is None else "own_sum"
            field = f"sum_{account.key}"
            made.append(Wish(account.supplier_id, account.id, mode, own_sum_rub=own_sum_rub, field=field))
        return made


class BasketPressForm(PayForm):
    """The press of «Оплатить» over several accounts: it also says what was shown for each."""

    def __init__(self, data: Any, *, chosen: Sequence[AccountCard]) -> None:
        super().__init__(data)
        self.parts = [f"shown_{account.key}" for account in chosen]
        for name in self.parts:
            self.fields[name] = SumField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["shown_parts_rub"] = [cleaned.pop(name, None) for name in self.parts]
        return cleaned


class HistoryForm(Form):
    """What a history is narrowed to. A value that is none of the choices is as good as none."""

    account = forms.ChoiceField(label=_("Лицевой счёт"), required=False)
    state = forms.ChoiceField(
        label=_("Состояние"),
        required=False,
        choices=[
            ("", _("Любое")),
            ("paid", _("Оплачено")),
            ("waiting", _("Ожидает оплаты")),
            ("failed", _("Не оплачено")),
            ("refunded", _("С возвратом")),
        ],
    )
    year = forms.TypedChoiceField(label=_("Год"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, accounts: Sequence[AccountCard], this_year: int) -> None:
        super().__init__(data)
        own = [(account.key, f"{account.title} · {account.supplier_name}") for account in accounts]
        self.fields["account"].choices = [("", _("Все")), *own]
        years = range(this_year, this_year - YEARS_BACK, -1)
        self.fields["year"].choices = [("", _("Все")), *((year, str(year)) for year in years)]


class HandInForm(Form):
    """The press of «Передать без оплаты»."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)


class OwnSumForm(Form):
    """A sum of one's own, and the month that it is to settle first where several are unpaid."""

    amount_rub = SumField(label=_("Сколько внести на счёт"))
    named_period = forms.TypedChoiceField(
        label=_("Какой месяц погасить сначала"), required=False, coerce=Month.parse, empty_value=None
    )

    def __init__(self, data: Any, *, unpaid_periods: Sequence[Month]) -> None:
        super().__init__(data)
        if len(unpaid_periods) > 1:
            months = [(str(month), formats.month_words(month)) for month in unpaid_periods]
            self.fields["named_period"].choices = [("", _("Самый давний из неоплаченных")), *months]
        else:
            del self.fields["named_period"]

    def clean_amount_rub(self) -> Decimal:
        amount_rub = self.cleaned_data["amount_rub"]
        if amount_rub <= 0:
            raise forms.ValidationError(_("Сумма должна быть больше нуля."))
        return amount_rub


class ReadingsForm(Form):
    """A number for every scale of every meter; those left empty are not handed in."""

    confirmed = forms.BooleanField(label=_("Число верное, расход действительно такой"), required=False)
    rolled_over = forms.BooleanField(label=_("Счётчик прошёл через ноль"), required=False)

    def __init__(self, data: Any, *, scales: Sequence[tuple[MeterCard, ScaleCard]]) -> None:
        super().__init__(data)
        self.scales = {f"value_{scale.id}": (meter, scale) for meter, scale in scales}
        values = {
            name: forms.DecimalField(
                label=_label(meter, scale, is_only=len(scales) == 1),
                required=len(scales) == 1,
                localize=True,
                max_digits=12,
                decimal_places=3,
                validators=[MinValueValidator(0), MaxValueValidator(10**9)],
                error_messages={
                    "required": _("Укажите, что показывает счётчик."),
                    "invalid": _("Введите цифры, которые показывает счётчик."),
                },
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )
            for name, (meter, scale) in self.scales.items()
        }
        self.fields = {**values, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and all(cleaned.get(name) is None for name in self.scales):
            raise forms.ValidationError(_("Укажите показание хотя бы одного счётчика."))
        return cleaned

    @property
    def value_fields(self) -> list[tuple[forms.BoundField, MeterCard, ScaleCard]]:
        return [(self[name], meter, scale) for name, (meter, scale) in self.scales.items()]

    @property
    def asks_to_confirm(self) -> bool:
        return self.has_error_code("reading-implausible")

    @property
    def asks_about_rollover(self) -> bool:
        return self.has_error_code("rollover-not-confirmed")

    def has_error_code(self, code: str) -> bool:
        return any(error.code == code for errors in self.errors.as_data().values() for error in errors)

    @property
    def given(self) -> list[tuple[str, MeterCard, ScaleCard, Decimal]]:
        """The readings that were filled in: field, meter, scale, value."""
        values = ((name, self.cleaned_data.get(name)) for name in self.scales)
        return [(name, *self.scales[name], value) for name, value in values if value is not None]


def _label(meter: MeterCard, scale: ScaleCard, *, is_only: bool) -> Any:
    if is_only:
        return _("Показание сегодня")
    if len(meter.scales) == 1:
        return _("Счётчик %(serial)s") % {"serial": meter.serial_number}
    return _("Счётчик %(serial)s, шкала %(scale)s") % {"serial": meter.serial_number, "scale": scale.name or scale.zone}
