"""Forms of «Оплата онлайн»: they read sums and readings as people type them; use-cases decide what is allowed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from kabinet.common.money import parse_rub
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.web.ui.forms import Form


class SumField(forms.Field):
    """A sum as people type it: with a comma or a point, with or without kopecks."""

    default_error_messages = {
        "required": _("Укажите сумму."),
        "invalid": _("Укажите сумму в рублях и копейках, например 1500 или 1500,50."),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off", "maxlength": "20"}

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not value.strip():
            return None
        try:
            return parse_rub(value)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class PayForm(Form):
    """The press of «Оплатить»: what was shown, and which press it is."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    shown_amount_rub = SumField(widget=forms.HiddenInput)
    knows_of_recent = forms.BooleanField(required=False, widget=forms.HiddenInput)


class HandInForm(Form):
    """The press of «Передать без оплаты»."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)


class OwnSumForm(Form):
    amount_rub = SumField(label=_("Сколько внести на счёт"))

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
