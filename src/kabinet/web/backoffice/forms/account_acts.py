"""Forms of what staff do with an account. They read what was typed; use-cases decide what is allowed."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.meters.rules import NewMeter, NewScale
from kabinet.web.backoffice.forms.accruals import PastMonthField
from kabinet.web.backoffice.forms.acts import ActForm, NoteField
from kabinet.web.backoffice.forms.filters import DayField
from kabinet.web.cabinet.forms.pay import SumField
from kabinet.web.cabinet.forms.readings import DialField
from kabinet.web.ui.forms import Form

ONE_DAY = dt.timedelta(days=1)
ZONES = ("T1", "T2", "T3")
Choices = Sequence[tuple[Any, str]]


class LastDayField(DayField):
    """The last day of a time as people say it; the value is the day after it, as code keeps it."""

    def clean(self, value: Any) -> dt.date | None:
        day = super().clean(value)
        return day and day + ONE_DAY


class NumberField(forms.DecimalField):
    """A number with a comma or a point."""

    default_error_messages = {"required": _("Введите число.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(localize=True, max_digits=10, decimal_places=2, widget=widget, **kwargs)


class CountField(forms.IntegerField):
    default_error_messages = {"required": _("Введите число.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_value=30_000, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)


class ReasonField(NoteField):
    default_error_messages = {"required": _("Напишите причину: её увидит и плательщик.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Причина"), help_text=_("Её увидит и плательщик."), **kwargs)


class DocumentField(forms.CharField):
    default_error_messages = {"required": _("Впишите документ: что это, номер и дата.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"label": _("Документ"), "max_length": 250} | kwargs))


class ChosenField(forms.TypedChoiceField):
    """One of choices that a form is given when it is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, **kwargs)


# --- Money ------------------------------------------------------------------------------------------------------------


class ServiceSumForm(ActForm):
    service_id = ChosenField(label=_("Услуга"))
    amount_rub = SumField(label=_("Сумма"))
    reason = ReasonField()

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service_id"].choices = services


class AdjustForm(ServiceSumForm):
    amount_rub = SumField(
        label=_("Сумма"), help_text=_("Больше нуля — увеличит долг, с минусом — уменьшит: 150 или -150.")
    )


class WriteOffForm(ServiceSumForm):
    amount_rub = SumField(label=_("Сколько списать"))


class OpeningForm(ServiceSumForm):
    amount_rub = SumField(label=_("Остаток"), help_text=_("Долг без знака, аванс с минусом."))
    on = DayField(label=_("На начало какого дня"))


class RestoreForm(ActForm):
    reason = ReasonField()


class CorrectMonthForm(Form):
    for_period = PastMonthField(label=_("Какой месяц пересчитать"))
    reason = ReasonField()

    def __init__(self, *args: Any, last: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["for_period"].end_with(last)


# --- Meters -----------------------------------------------------------------------------------------------------------


class DialsForm(ActForm):
    """Numbers of dials, and two questions that are asked when a use-case doubts one of them."""

    is_certain = forms.BooleanField(label=_("Число верное, расход действительно такой"), required=False)
    rolled_over = forms.BooleanField(label=_("Счётчик прошёл через ноль"), required=False)

    QUESTIONS = {
        "reading-implausible": "is_certain",
        "volume-too-large": "is_certain",
        "rollover-not-confirmed": "rolled_over",
    }
    #: A field of this form for the word by which a refusal calls it.
    also_called: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("is_certain", "rolled_over"):
            self.fields[name] = self.fields.pop(name)  # below the number that they are about
            if self.data.get(name, "False") in ("", "False"):
                self.fields[name].widget = forms.HiddenInput()

    def refuse(self, refusal: Refusal) -> None:
        if question := self.QUESTIONS.get(refusal.code):
            self.fields[question].widget = forms.CheckboxInput()
        field = self.also_called.get(refusal.field or "", refusal.field)
        known = field if field in self.fields else None
        self.add_error(known, forms.ValidationError(str(refusal), code=refusal.code))

    def add_dials(self, prefix: str, scales: Sequence[ScaleCard], label: Any, *, required: bool = True) -> None:
        """Add a number for each scale of a meter; a refusal about a number stands beside the only one."""
        for scale in scales:
            words = label if len(scales) == 1 else _("%(label)s, шкала %(scale)s")
            names = {"label": label, "scale": scale.name or scale.zone}
            self.fields[f"{prefix}_{scale.zone.lower()}"] = DialField(
                label=words if len(scales) == 1 else words % names, required=required
            )
        if len(scales) == 1:
            only = f"{prefix}_{scales[0].zone.lower()}"
            self.also_called = {**self.also_called, "value_m3": only, "values_m3": only}

    def dials(self, prefix: str) -> dict[str, Decimal]:
        """Give what was typed for each scale, by its zone; those left empty are not in it."""
        typed = {zone: self.cleaned_data.get(f"{prefix}_{zone.lower()}") for zone in ZONES}
        return {zone: value for zone, value in typed.items() if value is not None}

    @property
    def answers(self) -> dict[str, bool]:
        return {"confirmed": self.cleaned_data["is_certain"], "rolled_over": self.cleaned_data["rolled_over"]}


class StaffReadingForm(DialsForm):
    scale_id = ChosenField(label=_("Шкала"))
    value_m3 = DialField(label=_("Показание"))
    taken_on = DayField(label=_("Когда снято"), help_text=_("Показание относится к концу этого дня."))
    by_inspector = forms.BooleanField(label=_("Снял контролёр на месте"), required=False)

    def __init__(self, *args: Any, meter: MeterCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["scale_id"]
        choice.choices = [(scale.id, scale.name or scale.zone) for scale in meter.scales]
        if len(meter.scales) == 1:
            choice.widget, choice.initial = forms.HiddenInput(), meter.scale.id


class NewMeterForm(DialsForm):
    serial_number = forms.CharField(
        label=_("Заводской номер нового счётчика"),
        max_length=40,
        error_messages={"required": _("Впишите заводской номер: он выбит или напечатан на самом счётчике.")},
    )
    model_name = forms.CharField(label=_("Модель"), max_length=80, required=False)
    location = forms.CharField(label=_("Где стоит"), max_length=80, required=False)
    digits = CountField(label=_("Цифр до запятой"), initial=5)
    opening_t1 = DialField(label=_("Начальное показание"))
    opening_t2 = DialField(label=_("Начальное показание шкалы T2"), required=False)
    opening_t3 = DialField(label=_("Начальное показание шкалы T3"), required=False)
    verification_due_on = DayField(label=_("Поверка до"), required=False)
    seal_number = forms.CharField(label=_("Пломба"), max_length=40, required=False)
    usage_purpose_code = forms.ChoiceField(label=_("Что измеряет"), required=False)
    needs_volume_factor = forms.BooleanField(
        label=_("Нужен температурный коэффициент: стоит на холоде и не приводит объём сам"), required=False
    )

    def __init__(self, *args: Any, purposes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usage_purpose_code"].choices = [("", _("Всё, что есть у счёта")), *purposes]
        self.also_called = {"value_m3": "opening_t1", "scales": "opening_t1"}

    @property
    def new(self) -> NewMeter:
        given = self.cleaned_data
        return NewMeter(
            serial_number=given["serial_number"],
            digits=given["digits"],
            scales=tuple(NewScale(zone, value) for zone, value in self.dials("opening").items()),
            model_name=given["model_name"],
            location=given["location"],
            verification_due_on=given["verification_due_on"],
            seal_number=given["seal_number"],
            usage_purpose_code=given["usage_purpose_code"],
            needs_volume_factor=given["needs_volume_factor"],
        )


class InstallForm(NewMeterForm):
    installed_on = DayField(label=_("Установлен и опломбирован"))


class ReplaceForm(NewMeterForm):
    replaced_on = DayField(label=_("Последний день старого счётчика"))

    def __init__(self, *args: Any, meter: MeterCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = dict(self.fields)
        self.fields.clear()
        for zone in {"T2", "T3"} - {scale.zone for scale in meter.scales}:
            del own[f"opening_{zone.lower()}"]
        self.fields["replaced_on"] = own.pop("replaced_on")
        self.add_dials("closing", meter.scales, _("Последнее показание старого счётчика"), required=False)
        self.fields.update(own)
        self.also_called = {**self.also_called, "taken_on": "replaced_on"}


class RemoveForm(DialsForm):
    removed_on = DayField(label=_("Последний день счётчика"))
    also_called = {"taken_on": "removed_on"}

    def __init__(self, *args: Any, meter: MeterCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_dials("closing", meter.scales, _("Последнее показание"), required=False)


class VerifyForm(DialsForm):
    verified_on = DayField(label=_("Когда поверен"))
    due_on = DayField(label=_("Следующая поверка до"))
    document = DocumentField(label=_("Свидетельство или акт"))
    also_called = {"taken_on": "verified_on"}

    def __init__(self, *args: Any, meter: MeterCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_dials("opening", meter.scales, _("Показание в день поверки"), required=False)


class OutageForm(Form):
    reason = forms.ChoiceField(label=_("Что случилось"))
    since = DayField(label=_("Первый день без учёта"))
    document = DocumentField(label=_("Акт"))

    def __init__(self, *args: Any, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons


class EndOutageForm(DialsForm):
    ended_on = DayField(label=_("Последний день без учёта"), help_text=_("Счётчик снова считает со следующего дня."))
    also_called = {"taken_on": "ended_on"}

    def __init__(self, *args: Any, meter: MeterCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_dials("opening", meter.scales, _("Показание в этот день"))


class ReviewForm(Form):
    decision = forms.ChoiceField(
        label=_("Решение"),
        choices=[("accept", _("Учесть")), ("reject", _("Не учитывать"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите, учесть показание или нет.")},
    )
    reason = NoteField(label=_("Почему"), required=False, help_text=_("Это увидит абонент."))


class WithdrawForm(Form):
    reason = NoteField(
        label=_("Почему"),
        help_text=_("Это увидит абонент."),
        error_messages={"required": _("Напишите, почему показание не учитывается: это увидит абонент.")},
    )


class CloseForm(DialsForm):
    """The last day of an account, and what each of its meters showed then."""

    last_day = DayField(label=_("Последний день счёта"))
    also_called = {"taken_on": "last_day"}

    def __init__(self, *args: Any, meters: Sequence[MeterCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meters = meters
        for meter in meters:
            names = {"serial": meter.serial_number}
            label = _("Показание счётчика № %(serial)s") % names
            self.add_dials(f"closing_{meter.id}", meter.scales, label, required=False)
            self.fields[f"unread_{meter.id}"] = forms.BooleanField(
                label=_("Показание счётчика № %(serial)s снять не удалось") % names, required=False
            )
        if len(meters) == 1:
            self.also_called = {**self.also_called, "closing_m3": self.also_called.get("value_m3", "")}
        else:
            self.also_called = {"taken_on": "last_day"}

    @property
    def closing_m3(self) -> dict[int, dict[str, Decimal]]:
        typed = {meter.id: self.dials(f"closing_{meter.id}") for meter in self.meters}
        return {meter_id: values for meter_id, values in typed.items() if values}

    @property
    def unread_meter_ids(self) -> list[int]:
        return [meter.id for meter in self.meters if self.cleaned_data[f"unread_{meter.id}"]]


# --- People -----------------------------------------------------------------------------------------------------------


class ResidentsForm(Form):
    since = DayField(label=_("С какого дня"))
    residents_count = CountField(label=_("Сколько человек проживает"))
    area_m2 = NumberField(label=_("Площадь, м²"), required=False, help_text=_("Пусто: как раньше."))
    document = DocumentField()


class UsageForm(Form):
    usage_purpose_code = forms.ChoiceField(label=_("На что идёт газ"), required=False)
    region_code = forms.SlugField(
        label=_("Код региона нормативов"),
        max_length=40,
        required=False,
        help_text=_("Как в нормативах поставщика. Пусто: нормативы без региона."),
        error_messages={"invalid": _("Код состоит из латинских букв, цифр, дефиса и подчёркивания.")},
    )

    def __init__(self, *args: Any, purposes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usage_purpose_code"].choices = [("", _("не указано")), *purposes]


class AbsenceForm(Form):
    since = DayField(label=_("Первый день отсутствия"))
    until = LastDayField(label=_("Последний день отсутствия"))
    residents_count = CountField(label=_("Сколько человек отсутствовало"))
    document = DocumentField(label=_("Чем подтверждено"))


class UnitsForm(Form):
    unit_code = forms.ChoiceField(label=_("Что"))
    units_count = NumberField(label=_("Сколько"), help_text=_("Ноль: больше нет."))
    since = DayField(label=_("С какого дня"))

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_code"].choices = units


class GrantForm(Form):
    benefit_id = ChosenField(label=_("Льгота"))
    valid_from = DayField(label=_("Первый день"))
    valid_until = LastDayField(label=_("Последний день"), required=False)
    document = DocumentField(label=_("Чем подтверждена"))

    def __init__(self, *args: Any, benefits: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["benefit_id"].choices = benefits


class FeeForm(Form):
    service_id = ChosenField(label=_("Услуга"))
    monthly_rub = SumField(label=_("В месяц"))
    valid_from = DayField(label=_("Первый день"))
    valid_until = LastDayField(label=_("Последний день"), required=False)
    source = DocumentField(label=_("Договор"), help_text=_("Его увидит плательщик под «Как посчитано»."))

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service_id"].choices = services


class FullAccessForm(Form):
    document = DocumentField(label=_("Что показали"), help_text=_("Например: договор и паспорт. Без номеров."))


class UnlockForm(Form):
    reason = DocumentField(
        label=_("Почему открываете"),
        help_text=_("Например: свои квартиры в одном доме, спросили по телефону. Без имён."),
    )


class EndForm(Form):
    valid_until = LastDayField(label=_("Последний день"))
